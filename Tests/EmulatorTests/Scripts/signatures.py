"""Requests whose signatures are wrong in one way each, made with botocore's signer and sent as they
are; the emulator has the keys OWNER and OTHER."""
import datetime
import http.client
import json
import sys
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from strict import client, expect

url = sys.argv[1]
host = urllib.parse.urlparse(url).netloc
OWNER = ("OWNER", "first-secret")


def signed(key=OWNER, token=None, service="cloudhsm", region="us-east-1", shift=0, headers=None, body=b"{}"):
    """A signed request; its clock is wrong by so many seconds."""
    request = AWSRequest(method="POST", url=url + "/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "BaldrApiService.DescribeClusters",
        "Host": host,
        **(headers or {}),
    })
    real = datetime.datetime

    class Shifted(real):
        @classmethod
        def now(cls, tz=None):
            return real.now(tz) + datetime.timedelta(seconds=shift)

        @classmethod
        def utcnow(cls):
            return real.utcnow() + datetime.timedelta(seconds=shift)

    patched = {}
    for name in ("get_current_datetime",):
        if hasattr(botocore.auth, name):
            patched[name] = getattr(botocore.auth, name)
            setattr(botocore.auth, name, lambda *_, **__: Shifted.utcnow())
    try:
        botocore.auth.SigV4Auth(Credentials(*key, token), service, region).add_auth(request)
    finally:
        for name, value in patched.items():
            setattr(botocore.auth, name, value)
    return dict(request.headers), body


def answer(headers, body):
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("POST", "/", body=body, headers=headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read()), response.headers


def without(name, made):
    headers, body = made
    return {k: v for k, v in headers.items() if k.lower() != name.lower()}, body


def changed(name, change, made):
    headers, body = made
    return {k: change(v) if k.lower() == name.lower() else v for k, v in headers.items()}, body


INVALID = "InvalidSignatureException"
stranger = changed("Authorization", lambda v: v.replace("Credential=OWNER/", "Credential=OTHER/"), signed())
CASES = [
    ("the right one", signed(), None),
    ("four minutes late", signed(shift=-240), None),
    ("four minutes early", signed(shift=240), None),
    ("a signed length, as Go's SDK does", signed(headers={"Content-Length": "2"}), None),
    ("a signed header of the caller's own", signed(headers={"X-Own": " a   b "}), None),
    ("a wrong secret", signed(("OWNER", "guessed")), INVALID),
    ("another's secret", stranger, INVALID),
    ("an unknown key", signed(("NOBODY", "first-secret")), "UnrecognizedClientException"),
    ("a date six minutes old", signed(shift=-360), INVALID),
    ("a date six minutes ahead", signed(shift=360), INVALID),
    ("a date a year old", signed(shift=-365 * 86400), INVALID),
    ("no signature", without("Authorization", signed()), "MissingAuthenticationTokenException"),
    ("no date", without("X-Amz-Date", signed()), "IncompleteSignatureException"),
    ("a signed header that is gone", without("X-Amz-Target", signed()), "UnknownOperationException"),
    ("a tampered body", (signed()[0], b'{"MaxResults":1}'), INVALID),
    ("a tampered header", changed("Content-Type", lambda v: v + "; charset=utf-8", signed()), INVALID),
    ("another operation than signed", changed("X-Amz-Target", lambda _: "BaldrApiService.DescribeBackups", signed()), INVALID),
    ("a header of AWS's own that was not signed", ({**signed()[0], "X-Amz-Extra": "1"}, b"{}"), INVALID),
    ("a digest that is not the body's", (signed(headers={"X-Amz-Content-SHA256": "0" * 64})), INVALID),
    ("a signature for another service", signed(service="s3"), INVALID),
    ("a signature for no Region", signed(region="the-moon"), INVALID),
    ("a token nobody gave", signed(token="made-up"), "UnrecognizedClientException"),
    ("a scheme of old", changed("Authorization", lambda _: "AWS OWNER:c2ln", signed()), "IncompleteSignatureException"),
    ("half a header", changed("Authorization", lambda v: v.split(", Signature")[0], signed()), "IncompleteSignatureException"),
    ("a host of another Region", signed(headers={"Host": "cloudhsmv2.eu-west-1.amazonaws.com"}), INVALID),
    ("a host of the same Region", signed(headers={"Host": "cloudhsmv2.us-east-1.amazonaws.com"}), None),
    ("a dual-stack FIPS host", signed(region="eu-west-1", headers={"Host": "cloudhsmv2-fips.eu-west-1.api.aws"}), None),
]

for what, (headers, body), name in CASES:
    status, said, got = answer(headers, body)
    expect(got["x-amzn-RequestId"] and got["Date"], f"{what}: the headers of the answer")
    if name is None:
        expect(status == 200 and said == {"Clusters": []}, f"{what}: {status} {said}")
    else:
        expect(status == 400 and said["__type"] == name and said["message"], f"{what}: {status} {said}")
        expect("first-secret" not in json.dumps(said), "a secret in an answer")

# Roles: a session's key is good with its token only, and counts for the role's account.
sts = client(url, "sts", key=OWNER)
me = sts.get_caller_identity()
expect(me["Account"] == "111122223333" and me["Arn"] == "arn:aws:iam::111122223333:user/emulator", f"{me}")
taken = sts.assume_role(RoleArn="arn:aws:iam::777788889999:role/ops/strongroom", RoleSessionName="night-run", DurationSeconds=900)
given = taken["Credentials"]
key = (given["AccessKeyId"], given["SecretAccessKey"])
span = given["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
expect(datetime.timedelta(seconds=800) < span <= datetime.timedelta(seconds=901), f"{span}")
expect(taken["AssumedRoleUser"]["Arn"] == "arn:aws:sts::777788889999:assumed-role/strongroom/night-run", f"{taken}")
inside = client(url, "sts", key=key, token=given["SessionToken"])
expect(inside.get_caller_identity()["Account"] == "777788889999", "the role's account")
theirs = client(url, key=key, token=given["SessionToken"])
theirs.create_cluster(HsmType="hsm2m.medium", SubnetIds=["subnet-0a1b2c3d"])
expect(len(theirs.describe_clusters()["Clusters"]) == 1, "a cluster in the role's account")
expect(client(url, key=OWNER).describe_clusters()["Clusters"] == [], "none in one's own")
status, said, _ = answer(*signed(key))
expect(said["__type"] == "UnrecognizedClientException", f"a session without its token: {said}")
status, said, _ = answer(*signed(key, token=given["SessionToken"] + "x"))
expect(said["__type"] == "UnrecognizedClientException", f"a session with another token: {said}")
web = client(url, "sts").assume_role_with_web_identity(
    RoleArn="arn:aws:iam::777788889999:role/ci", RoleSessionName="pull-request", WebIdentityToken="a.b.c"
)
expect(web["AssumedRoleUser"]["Arn"].endswith("assumed-role/ci/pull-request"), f"{web}")
for wrong, code in ((("OWNER", "guessed"), "SignatureDoesNotMatch"), (("NOBODY", "x"), "InvalidClientTokenId")):
    try:
        client(url, "sts", key=wrong).get_caller_identity()
    except Exception as error:
        expect(error.response["Error"]["Code"] == code, f"{error}")
        expect(error.response["ResponseMetadata"]["HTTPStatusCode"] == 403, f"{error}")
    else:
        expect(False, f"{code} was let in")
try:
    sts.assume_role(RoleArn="nonsense-that-is-long-enough", RoleSessionName="night-run")
except Exception as error:
    expect(error.response["Error"]["Code"] == "ValidationError", f"{error}")
else:
    expect(False, "a role that is none was taken")
print(f"{len(CASES)} signatures judged, roles as STS gives them")

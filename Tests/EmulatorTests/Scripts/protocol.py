"""Requests that are no calls of the API, sent as they are; with `signatures` off."""
import http.client
import json
import re
import sys
import urllib.parse

url = sys.argv[1]
host = urllib.parse.urlparse(url).netloc
PLAIN = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "BaldrApiService.DescribeClusters",
}


def expect(holds, what):
    if not holds:
        raise SystemExit(what)


def ask(method="POST", path="/", body=b"{}", headers=PLAIN):
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    return response.status, response.read(), response.headers


def other(**more):
    return {**PLAIN, **{k.replace("_", "-"): v for k, v in more.items() if v is not None}}


UNKNOWN, BROKEN = "UnknownOperationException", "SerializationException"
CASES = [
    ("a call", dict(), 200, None),
    ("a call with a charset", dict(headers=other(Content_Type="application/x-amz-json-1.1; charset=utf-8")), 200, None),
    ("an unknown operation", dict(headers=other(X_Amz_Target="BaldrApiService.CreateBackup")), 400, UNKNOWN),
    ("another service", dict(headers=other(X_Amz_Target="DynamoDB_20120810.ListTables")), 400, UNKNOWN),
    ("no operation", dict(headers={"Content-Type": PLAIN["Content-Type"]}), 400, UNKNOWN),
    ("plain JSON", dict(headers=other(Content_Type="application/json")), 400, UNKNOWN),
    ("JSON 1.0", dict(headers=other(Content_Type="application/x-amz-json-1.0")), 400, UNKNOWN),
    ("no content type", dict(headers={"X-Amz-Target": PLAIN["X-Amz-Target"]}), 400, UNKNOWN),
    ("GET", dict(method="GET", body=None), 405, UNKNOWN),
    ("PUT", dict(method="PUT"), 405, UNKNOWN),
    ("DELETE", dict(method="DELETE"), 405, UNKNOWN),
    ("another path", dict(path="/clusters"), 404, UNKNOWN),
    ("no JSON", dict(body=b"<xml/>"), 400, BROKEN),
    ("half JSON", dict(body=b'{"MaxResults":'), 400, BROKEN),
    ("an array", dict(body=b"[]"), 400, BROKEN),
    ("a text", dict(body=b'"x"'), 400, BROKEN),
    ("nothing", dict(body=b""), 400, BROKEN),
    ("bytes that are no UTF-8", dict(body=b'{"NextToken":"\xff\xfe"}'), 400, BROKEN),
    ("a body that is too large", dict(body=b'{"NextToken":"' + b"x" * (2 << 20) + b'"}'), 413, "RequestEntityTooLargeException"),
    ("a page in a browser", dict(headers=other(Origin="https://example.org")), 403, "AccessDeniedException"),
    ("STS without an action", dict(headers={"Content-Type": "application/x-www-form-urlencoded"}, body=b"Version=2011-06-15"), 400, "InvalidAction"),
]

for what, request, status, name in CASES:
    got, body, headers = ask(**request)
    expect(got == status, f"{what}: {got} {body}")
    expect(re.fullmatch(r"[0-9a-f-]{36}", headers["x-amzn-RequestId"] or ""), f"{what}: its request id")
    expect(headers["Date"], f"{what}: its date")
    if name is None:
        expect(json.loads(body) == {"Clusters": []}, f"{what}: {body}")
    elif name == "InvalidAction":
        expect(b"<Code>InvalidAction</Code>" in body and headers["Content-Type"] == "text/xml", f"{what}: {body}")
    else:
        said = json.loads(body)
        expect(said["__type"] == name and said["message"], f"{what}: {said}")
        expect(headers["Content-Type"] == "application/x-amz-json-1.1", f"{what}: its content type")
        expect(headers["x-amzn-ErrorType"] == name, f"{what}: its error type")

# Every name of a nest is too deep for nobody: refused, not fallen over.
got, body, _ = ask(body=b"[" * 100_000)
expect(got == 400 and json.loads(body)["__type"] == BROKEN, f"a nest: {got}")
expect(ask()[0] == 200, "it goes on after all that")

# What people do: from this machine by its loopback name only.
status, body, _ = ask("GET", "/_strongroom/clock", None, {})
expect(status == 200 and b"it is 20" in body, f"the clock: {body}")
CONTROL = [
    ("activate?cluster=cluster-aaaaaaaaaaa", {}, 409),
    ("activate?cluster=nonsense", {}, 400),
    ("activate", {}, 400),
    ("advance?by=soon", {}, 400),
    ("advance?by=90s", {}, 200),
    ("dance", {}, 404),
    ("advance?by=90s", {"Host": "rebound.example.org"}, 403),
    ("advance?by=90s", {"Origin": "https://example.org"}, 403),
    ("lose-region?region=us-east-1", {}, 200),
]
for path, headers, status in CONTROL:
    got, body, _ = ask("POST", f"/_strongroom/{path}", None, headers)
    expect(got == status, f"{path}: {got} {body}")
got, body, _ = ask()
expect(got == 503 and json.loads(body)["__type"] == "ServiceUnavailableException", f"a lost Region: {got} {body}")
expect(ask("POST", "/_strongroom/regain-region?region=us-east-1", None, {})[0] == 200, "regained")
expect(ask()[0] == 200, "the Region answers again")
print(f"{len(CASES) + len(CONTROL)} requests answered as they should be")

"""What botocore makes of requests, answers, errors and signatures: a second opinion on the wire.

    botocore_opinions.py MODE FILE

MODE is `sign`, `requests`, `answers`, `errors` or `texts`; FILE holds JSON, and JSON is printed. Nothing
here knows our code: the service's model, the validator, the serializer, the parser and the signer
are botocore's own.
"""

import datetime
import json
import random
import re
import sys
from unittest import mock
from urllib.parse import quote

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize
import botocore.validate

MODEL = botocore.model.ServiceModel(
    botocore.loaders.Loader().load_service_model("cloudhsmv2", "service-2", "2017-04-28")
)


def complaints(value, shape, path=""):
    """Where a value leaves the model: types, required and unknown members, bounds, patterns."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        found = [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
        for name, member in value.items():
            if name not in shape.members:
                found.append(f"{path}.{name} is unknown")
            else:
                found += complaints(member, shape.members[name], f"{path}.{name}")
        return found
    if kind == "map":
        found = bounds(len(value), shape, path)
        for name, member in value.items():
            found += complaints(name, shape.key, f"{path} key")
            found += complaints(member, shape.value, f"{path}.{name}")
        return found
    if kind == "list":
        found = bounds(len(value), shape, path)
        for index, member in enumerate(value):
            found += complaints(member, shape.member, f"{path}[{index}]")
        return found
    if kind == "string":
        if not isinstance(value, str):
            return [f"{path} is no string"]
        found = bounds(len(value), shape, path)
        if shape.enum and value not in shape.enum:
            found.append(f"{path} is none of {shape.enum}: {value}")
        pattern = shape.metadata.get("pattern")
        if pattern and pattern_of(pattern).search(value) is None:
            found.append(f"{path} does not fit {pattern}: {value}")
        return found
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{path} is no boolean"]
    if kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            return [f"{path} is no integer"]
        return bounds(value, shape, path)
    if kind == "timestamp":
        isNumber = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if isNumber else [f"{path} is no number of seconds"]
    return [f"{path} has an unknown type {kind}"]


def pattern_of(pattern):
    """A pattern holds for the whole text; the model's VpcId alone is meant as a beginning."""
    if pattern == "vpc-[0-9a-fA-F]":
        return re.compile("^" + pattern)
    plain = pattern.replace("\\p{L}\\p{Z}\\p{N}", "\\w\\s")
    return re.compile(f"^(?:{plain})$", re.S)


def bounds(number, shape, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and number < low:
        return [f"{path} is below {low}"]
    if high is not None and number > high:
        return [f"{path} is above {high}"]
    return []


def requests(cases):
    """Each request by the model, by botocore's validator, and as botocore would have written it."""
    results = []
    serializer = botocore.serialize.create_serializer("json")
    for case in cases:
        operation = MODEL.operation_model(case["operation"])
        params = json.loads(case["body"])
        found = complaints(params, operation.input_shape)
        report = botocore.validate.ParamValidator().validate(params, operation.input_shape)
        if report.has_errors():
            found.append(report.generate_report())
        written = serializer.serialize_to_request(params, operation)
        results.append(
            {
                "complaints": found,
                "body": written["body"].decode(),
                "target": written["headers"]["X-Amz-Target"],
                "contentType": written["headers"]["Content-Type"],
            }
        )
    return results


def answers(cases):
    """Each answer by the model, and as botocore's parser understands it, with either kind of time."""
    results = []
    parser = botocore.parsers.create_parser("json")
    for case in cases:
        operation = MODEL.operation_model(case["operation"])
        found = complaints(json.loads(case["body"]), operation.output_shape)
        response = {"status_code": 200, "headers": {}, "body": case["body"].encode()}
        parsed = parser.parse(response, operation.output_shape)
        del parsed["ResponseMetadata"]
        results.append(
            {
                "complaints": found,
                "numbers": json.dumps(parsed, default=lambda moment: moment.timestamp()),
                "texts": json.dumps(parsed, default=lambda moment: moment.isoformat()),
            }
        )
    return results


def errors(cases):
    """What botocore's parser understands of errors: code and message."""
    parser = botocore.parsers.create_parser("json")
    shape = MODEL.operation_model("DescribeClusters").output_shape
    results = []
    for case in cases:
        response = {"status_code": case["status"], "headers": {}, "body": case["body"].encode()}
        error = parser.parse(response, shape)["Error"]
        results.append({"code": error["Code"], "message": error["Message"]})
    return results


def sign(order):
    """Seeded requests with odd headers, paths, queries, tokens and times, signed by botocore."""
    chance = random.Random(order["seed"])
    vectors = [known_vector()]
    for _ in range(order["count"]):
        vectors.append(signed(random_request(chance)))
    return vectors


def known_vector():
    return signed(
        {
            "method": "POST",
            "path": "/",
            "query": [],
            "headers": [
                ["Host", "cloudhsmv2.us-east-1.amazonaws.com"],
                ["Content-Type", "application/x-amz-json-1.1"],
                ["X-Amz-Target", "BaldrApiService.DescribeClusters"],
            ],
            "body": "{}",
            "accessKeyID": "AKIDEXAMPLE",
            "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "token": None,
            "region": "us-east-1",
            "service": "cloudhsm",
            "seconds": 1_795_000_000,
        }
    )


def random_request(chance):
    def text(letters, longest):
        return "".join(chance.choice(letters) for _ in range(chance.randint(1, longest)))

    word = "abcXYZ019-_.~"
    odd = word + " !\"#$&'()*+,/:;<=>?@[]^`{|}%äß€日"
    segments = ["", ".", "..", "a", "b%20c", "%7Etilde", "ü%C3", "x=y", "a+b", "~", "a:b,c"]
    region = chance.choice(["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-2"])
    path = "/" + "/".join(chance.choice(segments) for _ in range(chance.randint(0, 5)))
    headers = [["Host", f"cloudhsmv2.{region}.amazonaws.com" + chance.choice(["", ":8443"])]]
    for _ in range(chance.randint(0, 5)):
        name = chance.choice(
            ["X-Amz-Target", "x-amz-meta-A", "My-Header", "my-header", "CONTENT-TYPE", "Accept",
             "User-Agent", "X-Amzn-Trace-Id", "Connection", "Expect", "X-Custom-Über"[:8]]
        )
        value = chance.choice(["", " "]) + text("abc  \t,;=\"/0", 24) + chance.choice(["", "   "])
        headers.append([name, value])
    if chance.random() < 0.1:
        headers.append(["X-Amz-Content-SHA256", text("0123456789abcdef", 64)])
    if chance.random() < 0.1:
        headers.append(["X-Amz-Date", "20200101T000000Z"])
    if chance.random() < 0.1:
        headers.append(["Authorization", "stale"])
    query = [[text(odd, 8), text(odd, 12)] for _ in range(chance.choice([0, 0, 1, 2, 5]))]
    if query and chance.random() < 0.5:
        query.append([query[0][0], text(odd, 6)])
        query.append([query[0][0], ""])
    return {
        "method": chance.choice(["POST", "POST", "GET", "put"]),
        "path": path,
        "query": query,
        "headers": headers,
        "body": chance.choice(["", "{}", json.dumps({"Füllung": text(odd, 80)})]),
        "accessKeyID": "AKID" + text("ABCDEFGH234567", 16),
        "secret": text(word + "/+=", 40),
        "token": chance.choice([None, text(word + "/+=", 900)]),
        "region": region,
        "service": chance.choice(["cloudhsm", "sts"]),
        "seconds": chance.choice(
            [0, 951_782_399, 951_782_400, 1_709_164_799, 4_102_444_799, chance.randint(1, 4 * 10**9)]
        ),
    }


def signed(case):
    url = "http://host.example" + case["path"]
    encoded = ["=".join(quote(part, safe="-_.~") for part in pair) for pair in case["query"]]
    if encoded:
        url += "?" + "&".join(encoded)
    request = botocore.awsrequest.AWSRequest(
        method=case["method"], url=url, data=case["body"].encode()
    )
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    credentials = botocore.credentials.Credentials(
        case["accessKeyID"], case["secret"], case["token"]
    )
    moment = datetime.datetime.fromtimestamp(case["seconds"], datetime.timezone.utc)
    signer = botocore.auth.SigV4Auth(credentials, case["service"], case["region"])
    with mock.patch("botocore.auth.get_current_datetime", lambda: moment.replace(tzinfo=None)):
        signer.add_auth(request)
    return case | {"signed": [[name, value] for name, value in request.headers.items()]}


def texts(cases):
    """Whether Python takes each of some bytes, in hexadecimal, for JSON that can be held exactly."""

    def refuse(word):
        raise ValueError(word)

    def once(members):
        if len(dict(members)) < len(members):
            raise ValueError("a name stands twice")
        return dict(members)

    def is_json(case):
        try:
            value = json.loads(bytes.fromhex(case).decode("utf-8"), parse_constant=refuse, object_pairs_hook=once)
            # Half a surrogate pair is no text, and an infinite number none.
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
            return True
        except ValueError:
            return False

    return [is_json(case) for case in cases]


MODES = {"texts": texts, "sign": sign, "requests": requests, "answers": answers, "errors": errors}

with open(sys.argv[2], encoding="utf-8") as file:
    print(json.dumps(MODES[sys.argv[1]](json.load(file))))

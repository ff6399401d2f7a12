"""Clients whose every request and answer is held against botocore's own service model.

botocore itself passes over members of an answer that its model does not know, and reads numbers
and texts generously. Here the bytes on the wire are judged: unknown members, wrong types, values
outside enumerations, patterns and bounds are errors, and so are exceptions that an operation does
not declare.
"""
import json
import os
import re
import subprocess
import tempfile
import time
import unicodedata
from email.utils import parsedate_to_datetime
from pathlib import Path

import boto3
from botocore.config import Config

KEY = ("AKIDSTRONGROOMEMULATOR", "this-development-key-is-in-no-way-secret")

# Patterns that Python's re cannot read, by the shape's name.
UNICODE_SHAPES = {"TagKey", "TagValue"}
# ListTags must answer with a TagList, also for what has no tags: the lower bound is the requests'.
POSSIBLY_EMPTY = {"TagList"}
# The model's pattern for a VPC's id names its first digit only.
UNANCHORED_SHAPES = {"VpcId"}


class Violation(Exception):
    """What an answer has that the model does not."""


def client(url, service="cloudhsmv2", region="us-east-1", key=KEY, token=None, validate=True, **more):
    config = Config(
        retries={"max_attempts": 1, "mode": "standard"},
        parameter_validation=validate,
        **more,
    )
    made = boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        aws_session_token=token,
        config=config,
        verify=os.environ.get("AWS_CA_BUNDLE", True),
    )
    made.seen = []
    if service == "cloudhsmv2":
        made.meta.events.register(
            "before-call.cloudhsm-v2.*", lambda **k: check_request(validate, **k)
        )
        made.meta.events.register("after-call.cloudhsm-v2.*", lambda **k: check_answer(made, **k))
    return made


def check_request(is_legal, model, params, **_):
    """What is refused on purpose may be anything; all else is as the model says."""
    expect(params["headers"]["X-Amz-Target"] == f"BaldrApiService.{model.name}", "the target")
    params["context"]["sent"] = time.time()
    if is_legal:
        check(json.loads(params["body"]), model.input_shape, model.name)


def check_answer(made, http_response, parsed, model, context, **_):
    made.seen.append(model.name)
    headers = http_response.headers
    expect(headers["Content-Type"] == "application/x-amz-json-1.1", f"Content-Type of {model.name}")
    expect(re.fullmatch(r"[0-9a-f-]{36}", headers["x-amzn-RequestId"]), "x-amzn-RequestId")
    date = parsedate_to_datetime(headers["Date"]).timestamp()
    expect(int(context["sent"]) <= date <= time.time(), f"{headers['Date']} is not the present")
    raw = json.loads(http_response.content)
    if http_response.status_code == 200:
        check(raw, model.output_shape, model.name)
        kept = {k: v for k, v in parsed.items() if k != "ResponseMetadata"}
        expect(set(kept) == set(raw), f"{model.name}: {sorted(raw)} became {sorted(kept)}")
        return
    name = raw["__type"]
    if name.startswith("CloudHsm"):
        declared = {shape.name for shape in model.error_shapes}
        expect(name in declared, f"{model.name} does not declare {name}")
        expect(set(raw) == {"__type", "Message"}, f"{name} has {sorted(raw)}")
        expect(http_response.status_code == (500 if "Internal" in name else 400), f"{name}'s status")
    expect(parsed["Error"]["Code"] == name, "the code that botocore read")
    expect(parsed["Error"]["Message"], "the message that botocore read")


def expect(holds, what):
    if not holds:
        raise Violation(what)


def check(value, shape, path):
    """Judges a JSON value by a shape, strictly."""
    kind = shape.type_name
    if kind == "structure":
        expect(isinstance(value, dict), f"{path} is no structure: {value!r}")
        for name in shape.required_members:
            expect(name in value, f"{path} lacks {name}")
        for name, member in value.items():
            expect(name in shape.members, f"{path} has the unknown member {name}")
            check(member, shape.members[name], f"{path}.{name}")
    elif kind == "list":
        expect(isinstance(value, list), f"{path} is no list")
        if value or shape.name not in POSSIBLY_EMPTY:
            bounds(len(value), shape, path)
        for index, member in enumerate(value):
            check(member, shape.member, f"{path}[{index}]")
    elif kind == "map":
        expect(isinstance(value, dict), f"{path} is no map")
        bounds(len(value), shape, path)
        for name, member in value.items():
            check(name, shape.key, f"{path} key")
            check(member, shape.value, f"{path}[{name}]")
    elif kind == "string":
        text(value, shape, path)
    elif kind == "boolean":
        expect(isinstance(value, bool), f"{path} is no boolean: {value!r}")
    elif kind == "integer":
        expect(isinstance(value, int) and not isinstance(value, bool), f"{path} is no integer")
        bounds(value, shape, path)
    elif kind == "timestamp":
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        expect(is_number, f"{path} is no number: {value!r}")
        expect(10**9 < value < 10**10, f"{path} is not in epoch seconds: {value}")
    else:
        raise Violation(f"{path} is a {kind}, which the model never had")


def text(value, shape, path):
    expect(isinstance(value, str), f"{path} is no string: {value!r}")
    bounds(len(value), shape, path)
    if shape.enum:
        expect(value in shape.enum, f"{path} is {value}, not one of {shape.enum}")
    pattern = shape.metadata.get("pattern")
    if not pattern:
        return
    if shape.name in UNICODE_SHAPES:
        fits = all(c in "_.:/=+-@" or unicodedata.category(c)[0] in "LZN" for c in value)
    elif shape.name in UNANCHORED_SHAPES:
        fits = re.match(pattern, value)
    else:
        fits = re.fullmatch(pattern, value)
    expect(fits, f"{path} does not match {pattern}: {value!r}")


def bounds(size, shape, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    expect(low is None or size >= low, f"{path} has {size}, less than {low}")
    expect(high is None or size <= high, f"{path} has {size}, more than {high}")


def signed(request):
    """A certificate for a cluster's request and the root that signed it, made by OpenSSL."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "cluster.csr").write_text(request)
        run = lambda *words: subprocess.run(
            ["openssl", *words], cwd=folder, check=True, capture_output=True
        )
        run("req", "-verify", "-noout", "-in", "cluster.csr")
        run("req", "-new", "-x509", "-days", "3652", "-newkey", "rsa:2048", "-nodes", "-batch",
            "-subj", "/CN=root", "-keyout", "root.key", "-out", "root.crt")
        run("x509", "-req", "-days", "3652", "-in", "cluster.csr", "-CA", "root.crt", "-CAkey",
            "root.key", "-CAcreateserial", "-out", "cluster.crt")
        return (folder / "cluster.crt").read_text(), (folder / "root.crt").read_text()

"""Judges a batch of manifests by schemas/manifest.schema.json, independently of the Swift reader.

usage: validate.py SCHEMA BATCH

BATCH is a JSON list of texts. Prints a JSON list of the same length: null where every document of
the text is valid, otherwise the first reason. Scalars are typed as the YAML 1.2 core schema types
them, and words and digits that YAML 1.1 types otherwise (no, on, 1_000, 12:30) get the older type.
"""

import json
import re
import sys

import yaml
from jsonschema import Draft202012Validator, ValidationError, validators


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Loads nothing but texts, numbers, booleans, nulls, lists and mappings."""

    yaml_implicit_resolvers = {}
    yaml_constructors = dict(yaml.SafeLoader.yaml_constructors)


BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
FORMS = "|".join(f"{w}|{w.title()}|{w.upper()}" for w in BOOLEANS)
INTEGER = r"[-+]?(?:0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*)"
FRACTION = (
    r"[-+]?(?:(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF|nan|NaN|NAN))"
)


def number(text):
    """A number; the exact value matters only for plain decimals, which both sides accept."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return 1


for tag, pattern in [
    ("null", "|~|null|Null|NULL"),
    ("bool", FORMS),
    ("int", INTEGER),
    ("float", FRACTION),
]:
    full = "tag:yaml.org,2002:" + tag
    Loader.add_implicit_resolver(full, re.compile(rf"^(?:{pattern})\Z"), None)
Loader.add_constructor("tag:yaml.org,2002:bool", lambda _, node: BOOLEANS[node.value.lower()])
Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: number(node.value))
Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: number(node.value))


def pattern(validator, expression, instance, schema):
    """In JSON Schema `$` is the end of the text; in Python it is also before a last line feed."""
    if validator.is_type(instance, "string"):
        if not re.search(re.sub(r"\$\Z", r"\\Z", expression), instance):
            yield ValidationError(f"{instance!r} does not match {expression!r}")


def reason(validator, text):
    """Why a text is not valid; None if it is."""
    try:
        documents = [d for d in yaml.load_all(text, Loader) if d is not None]
    except (yaml.YAMLError, TypeError, ValueError) as error:
        return f"YAML: {error}"
    if not documents:
        return "no documents"
    for document in documents:
        if has_other_keys(document):
            return "a key is not a text"
        for error in validator.iter_errors(document):
            return f"{error.json_path}: {error.message}"
    return None


def has_other_keys(value):
    """Whether a mapping has keys that JSON cannot have."""
    if isinstance(value, dict):
        return any(not isinstance(k, str) or has_other_keys(v) for k, v in value.items())
    return isinstance(value, list) and any(has_other_keys(v) for v in value)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        texts = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = validators.extend(Draft202012Validator, {"pattern": pattern})(schema)
    json.dump([reason(validator, text) for text in texts], sys.stdout)


main()

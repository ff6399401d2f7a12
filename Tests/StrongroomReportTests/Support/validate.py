"""Checks a JSON document against a JSON Schema: validate.py DOCUMENT SCHEMA

Prints every violation; prints nothing if there is none.
"""

import json
import sys

import jsonschema

document, schema = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
checker = jsonschema.Draft202012Validator
checker.check_schema(schema)
for error in checker(schema).iter_errors(document):
    print(f"{error.json_path}: {error.message}")

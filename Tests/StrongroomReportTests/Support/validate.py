"""Checks JSON documents against a JSON Schema: validate.py SCHEMA DOCUMENT...

Prints every violation and exits with 1 if there is one.
"""

import json
import sys

import jsonschema


def main(schema_path, *document_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    violations = 0
    for path in document_paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for error in checker(schema).iter_errors(document):
            print(f"{path}: {error.json_path}: {error.message}")
            violations += 1
    return 1 if violations else 0


sys.exit(main(*sys.argv[1:]))

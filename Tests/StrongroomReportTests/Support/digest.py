"""Prints the digest of a saved plan as schemas/plan.md says how: digest.py PLAN"""

import hashlib
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
del plan["sha256"]
body = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print(hashlib.sha256(body.encode("utf-8")).hexdigest())

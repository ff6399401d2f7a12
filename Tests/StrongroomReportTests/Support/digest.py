"""Prints a digest of a saved plan as schemas/plan.md says how: digest.py PLAN [approval]"""

import hashlib
import json
import sys


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def tags(value):
    value = dict(value)
    if "tags" in value:
        value["tags"] = {
            key: "" if key.startswith("strongroom:recovery-point:") else text
            for key, text in value["tags"].items()
        }
    return value


def fact(value):
    value = tags(value)
    value["text"] = ""
    value.pop("since", None)
    return value


def action(value):
    value = tags(value)
    if "certificates" in value:
        value["certificates"] = {**value["certificates"], "certificate": "", "trustAnchor": ""}
    if value["type"] == "restoreBackup":
        value.pop("until", None)
    return value


def approval(plan):
    groups = []
    for group in plan["groups"]:
        held = [
            {"rule": note["reason"]["rule"], "subject": note["subject"]}
            for note in group["notes"]
            if note["kind"] == "held"
            and note["reason"]["rule"] in ("deletion-budget", "creation-budget", "shrunk")
        ]
        steps = [
            {
                "id": step["id"],
                "action": action(step["action"]),
                "preconditions": [fact(one) for one in step["preconditions"]],
                "postcondition": fact(step["postcondition"]),
                "after": step["after"],
                "causesBackup": step["causesBackup"],
            }
            for step in group["steps"]
        ]
        if steps or held:
            where = {key: group[key] for key in ("name", "account", "region", "cluster") if key in group}
            groups.append({**where, "steps": steps, "held": held})
    binding = {k: v for k, v in plan["binding"].items() if k not in ("expires", "epoch")}
    agreed = {
        "format": "strongroom-approval/1",
        "fleet": plan["fleet"],
        "binding": binding,
        "groups": groups,
    }
    return "sha256:" + digest(agreed)


with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
if sys.argv[2:] == ["approval"]:
    print(approval(plan))
else:
    print(digest({key: plan[key] for key in plan if key not in ("sha256", "signature")}))

"""Carries out every kind of step against strongroom-emulator with the built programs.

What a step brought about is read with boto3, never from what the program prints; every exit code is
looked at, and so is every call that reached the emulator: none may be refused, and none may come
more often than it should. Run by scripts/smoke.
"""
import argparse
import atexit
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

import boto3
from botocore.config import Config

sys.path.append(str(Path(__file__).parents[2] / "Tests/EmulatorTests/Scripts"))
sys.dont_write_bytecode = True
import terraform_mirror

HOME, AWAY = "us-east-1", "eu-west-1"
SUBNETS = {"us-east-1a": "subnet-0a1b2c3d", "us-east-1b": "subnet-1a2b3c4d"}
READING = {"DescribeClusters", "DescribeBackups", "ListTags", "GetResourcePolicy",
           "GetCallerIdentity", "AssumeRole"}
parser = argparse.ArgumentParser()
parser.add_argument("--programs", type=Path, required=True)
parser.add_argument("--origin", choices=["new", "adopted", "terraform"], default="new")
parser.add_argument("--by", choices=["apply", "reconcile"], default="apply")
parser.add_argument("--clusters", type=int)
parser.add_argument("--speed", type=float, default=600)
parser.add_argument("--until-first-call", action="store_true")
parser.add_argument("--keep", type=Path)
options = parser.parse_args()
count = options.clusters or (2 if options.origin == "terraform" else 1)
title = f"{options.origin}, {count} cluster(s), {options.by}, speed {options.speed:g}"

if options.keep:
    folder = options.keep / re.sub(r"\W+", "-", title)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
else:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

deviations = []


def say(text):
    print(text, flush=True)


def deviates(phase, text):
    deviations.append(f"{phase}: {text}")
    say(f"  DEVIATION {phase}: {text}")


class Emulator:
    """The emulator on a port of its own; every call is in its log."""

    def __init__(self):
        self.log = folder / "emulator.log"
        self.read = 0
        # In a directory where it is to begin again, with older clusters or at another speed.
        self.world = folder / "world" if options.origin != "new" else None
        # What is only to be found there is made fast.
        self.speed = 600 if self.world and options.until_first_call else options.speed
        self.port = 0
        self.start()
        atexit.register(self.stop)

    def start(self):
        words = [options.programs / "strongroom-emulator", "--port", str(self.port), "--log-calls",
                 "--speed", f"{self.speed:g}", "--cluster-quota", str(count + 4),
                 "--hsm-quota", str(3 * count + 6)]
        if self.world:
            words += ["--state", self.world, "--allow-volatile-state"]
        self.run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=open(self.log, "a"),
                                    text=True)
        for line in self.run.stdout:
            if line.startswith("listening on "):
                self.url = line.removeprefix("listening on ").strip()
                self.port = int(self.url.rsplit(":", 1)[1])
                return
        raise SystemExit(f"the emulator does not listen: {self.log.read_text()}")

    def stop(self):
        self.run.terminate()
        self.run.wait()

    def slow_down(self):
        """Goes on at the speed that is asked for."""
        self.stop()
        self.speed = options.speed
        self.start()

    def age(self):
        """Makes all clusters hsm1.medium: the service lets nobody create one any more."""
        self.stop()
        for path in self.world.glob("[0-9]*/*/cluster-*.json"):
            path.write_text(path.read_text().replace("hsm2m.medium", "hsm1.medium"))
        self.start()

    def control(self, path):
        request = urllib.request.Request(f"{self.url}/_strongroom/{path}", method="POST")
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def now(self):
        with urllib.request.urlopen(f"{self.url}/_strongroom/clock") as answer:
            text = answer.read().decode()
        found = re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text)
        return datetime.fromisoformat(found.group() + "+00:00")

    def calls(self):
        """The changing calls that came since this was asked last: (operation, status, exception)."""
        lines = self.log.read_text().split("\n")[:-1]
        new, self.read = lines[self.read:], len(lines)
        calls = [line.split(" ") for line in new if line.startswith("call ")]
        return [(c[1], int(c[4]), c[5]) for c in calls if c[1] not in READING]


emulator = Emulator()
os.environ.update(
    AWS_ENDPOINT_URL=emulator.url, AWS_DEFAULT_REGION=HOME,
    AWS_ACCESS_KEY_ID="AKIDSTRONGROOMEMULATOR",
    AWS_SECRET_ACCESS_KEY="this-development-key-is-in-no-way-secret",
    AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/dev/null",
    AWS_SHARED_CREDENTIALS_FILE="/dev/null", STRONGROOM_ALLOW_VOLATILE_STATE="1",
)
for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_CLOUDHSM_V2",
             "AWS_ENDPOINT_URL_STS", "STRONGROOM_ANCHOR"):
    os.environ.pop(name, None)


def client(region):
    return boto3.client("cloudhsmv2", region_name=region,
                        config=Config(retries={"mode": "standard", "max_attempts": 6}))


clients = {region: client(region) for region in (HOME, AWAY)}


def everything(region, operation):
    """All pages of a listing."""
    pages = clients[region].get_paginator(operation).paginate()
    key = {"describe_clusters": "Clusters", "describe_backups": "Backups"}[operation]
    return [item for page in pages for item in page[key]]


class Reading:
    """What boto3 sees of the world at one moment, by cluster."""

    def __init__(self):
        self.clusters = {c["ClusterId"]: c for c in everything(HOME, "describe_clusters")}
        self.own = collections.defaultdict(list)
        self.copies = collections.defaultdict(list)
        for backup in everything(HOME, "describe_backups"):
            self.own[backup["ClusterId"]].append(backup)
        for backup in everything(AWAY, "describe_backups"):
            self.copies[backup["SourceCluster"]].append(backup)
        for backups in [*self.own.values(), *self.copies.values()]:
            backups.sort(key=lambda backup: backup["CreateTimestamp"])
        self.now = emulator.now()

    def ready(self, id):
        return [b for b in self.own[id] if b["BackupState"] == "READY"]

    def ready_copies(self, id):
        return [b for b in self.copies[id] if b["BackupState"] == "READY"]


def tags(thing):
    return {tag["Key"]: tag["Value"] for tag in thing.get("TagList", [])}


class Tree:
    """The manifests: one fleet, and clusters that all ask for the same."""

    def __init__(self):
        self.root = folder / "tree"
        (self.root / "certs").mkdir(parents=True)
        self.want = {"hsms": 2, "retention": 90, "tags": {"team": "a"}}
        self.ids = {}  # name: cluster id
        self.write_fleet()

    def write_fleet(self):
        (self.root / "fleet.yaml").write_text(f"""apiVersion: strongroom/v1
kind: Fleet
metadata: {{ name: smoke }}
spec:
  service: aws
  state: ./state
  accounts: [{{ name: prod, id: "000000000000" }}]
  regions: [{HOME}, {AWAY}]
  quotas: {{ clusters: {count + 4}, hsms: {3 * count + 6} }}
  safety: {{ deletions: {{ perRun: {20 * count + 10}, perDay: {40 * count + 10}, ratio: 1 }} }}
""")

    def names(self):
        return [f"hsm-{number:03}" for number in range(1, count + 1)]

    def write(self, **changes):
        self.want.update(changes)
        want = self.want
        for name in self.names():
            lines = [
                "apiVersion: strongroom/v1", "kind: Cluster", f"metadata: {{ name: {name} }}",
                "spec:", f"  region: {HOME}", "  account: prod",
            ]
            if options.origin != "new":
                lines.append(f"  clusterId: {self.ids[name]}")
            lines += [
                f"  hsmType: {want.get('type', 'hsm2m.medium')}", "  mode: FIPS",
                "  subnets: { " + ", ".join(f"{z}: {s}" for z, s in SUBNETS.items()) + " }",
                "  tags: { " + ", ".join(f"{k}: {v}" for k, v in want["tags"].items()) + " }",
            ]
            if want.get("absent"):
                lines += ["  ensure: absent", "  reason: the smoke run is over"]
            else:
                lines.append(f"  hsms: {want['hsms']}")
            lines.append(f"  backups: {{ retentionDays: {want['retention']}, keepAtLeast: 1 }}")
            if want.get("copies"):
                lines.append(f"  copies: [{{ region: {AWAY}, {want['copies']} }}]")
            if want.get("point"):
                lines.append("  recoveryPoints: [{ name: before, newest: true, "
                             f"regions: [{AWAY}] }}]")
            if options.origin == "new" and not want.get("absent"):
                lines.append(f"  initialization: {{ certificate: certs/{name}.crt, "
                             "trustAnchor: certs/root.crt }")
            (self.root / f"{name}.yaml").write_text("\n".join(lines) + "\n")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.root / "certs", check=True,
                       capture_output=True)

    def sign(self, name, request):
        """Stands in for the person who signs, with OpenSSL as AWS's guide shows."""
        certs = self.root / "certs"
        if not (certs / "root.crt").exists():
            self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key",
                         "-out", "root.crt", "-days", "3650", "-subj", "/CN=root")
        (certs / f"{name}.csr").write_text(request)
        self.openssl("x509", "-req", "-days", "3650", "-in", f"{name}.csr", "-CA", "root.crt",
                     "-CAkey", "root.key", "-set_serial", "1", "-out", f"{name}.crt")
        return (certs / f"{name}.crt").read_text(), (certs / "root.crt").read_text()


tree = Tree()
run_number = 0


def strongroom(*words, timeout=1800):
    """Runs the program by the emulator's clock; what it prints is kept."""
    global run_number
    run_number += 1
    command = [options.programs / "strongroom", *words, "tree", "--emulator-clock"]
    if words[0] in ("apply", "reconcile"):
        command.append("--allow-endpoint")
    begun = time.monotonic()
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout)
    ended.seconds = time.monotonic() - begun
    (folder / f"run-{run_number:03}-{words[0]}.txt").write_text(
        f"$ strongroom {' '.join(words)}\n{ended.stdout}\n--- {ended.returncode}, "
        f"{ended.seconds:.1f} s\n{ended.stderr}")
    return ended


def last_words(ended):
    lines = [line for line in (ended.stdout + ended.stderr).strip().split("\n") if line.strip()]
    return " / ".join(lines[-3:])[-400:]


def observe():
    """The first reading, without which nothing is planned."""
    ended = strongroom("observe")
    if ended.returncode != 0:
        deviates("observe", f"ended with {ended.returncode}: {last_words(ended)}")


def phase(name, reached, calls, plan=(0,), tries=1):
    """Lets the program act until the world is as it should be.

    reached(reading, id) gives what is wrong with a cluster, or nothing; calls says how often each
    changing call may come per cluster, as (least, most); plan says with what a plan may end then.
    """
    begun = time.monotonic()
    attempts = tries if options.by == "apply" else 40
    wrong = {}
    used = 0
    final = None
    for attempt in range(attempts):
        words = ("apply", "--yes") if options.by == "apply" else ("reconcile",)
        ended = strongroom(*words)
        used += 1
        if ended.returncode != 0:
            deviates(name, f"{words[0]} {used} ended with {ended.returncode}: {last_words(ended)}")
        final = strongroom("plan", "--detailed-exitcode")
        reading = Reading()
        ids = list(tree.ids.values()) or list(reading.clusters)
        wrong = {}
        if len(ids) != count:
            wrong["fleet"] = f"{len(ids)} clusters instead of {count}"
        for id in ids:
            what = reached(reading, id)
            if what:
                wrong[id] = what
        if not wrong and final.returncode in plan:
            break
        if options.by == "reconcile" or attempt + 1 < attempts:
            time.sleep(min(900 / options.speed, 20))
    if wrong:
        first = next(iter(wrong))
        deviates(name, f"after {used} {options.by}: {len(wrong)} of {count} are wrong, such as "
                       f"{first}: {wrong[first]}")
    if final.returncode not in plan:
        deviates(name, f"plan afterwards ends with {final.returncode} instead of {plan}: "
                       f"{last_words(final)}")
    came = collections.Counter()
    for operation, status, exception in emulator.calls():
        if status != 200:
            deviates(name, f"{operation} was refused: {status} {exception}")
        came[operation] += 1
    for operation in sorted(set(came) | set(calls)):
        least, most = calls.get(operation, (0, 0))
        if not least * count <= came[operation] <= most * count:
            deviates(name, f"{came[operation]} {operation}, expected {least * count} to "
                           f"{most * count}")
    say(f"  {name}: {used} {options.by}, {time.monotonic() - begun:.0f} s, "
        + (", ".join(f"{n} {o}" for o, n in sorted(came.items())) or "no call"))


def until(what, question, seconds=None):
    end = time.monotonic() + (seconds or max(120, 36000 / options.speed))
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(min(1, 60 / options.speed))
    raise SystemExit(f"never came: {what}")


def active(cluster, hsms):
    return cluster["State"] == "ACTIVE" and \
        [hsm["State"] for hsm in cluster["Hsms"]] == ["ACTIVE"] * hsms


def state_is(state, hsms):
    def wrong(reading, id):
        cluster = reading.clusters[id]
        states = [hsm["State"] for hsm in cluster["Hsms"]]
        if cluster["State"] != state or states != ["ACTIVE"] * hsms:
            return f"{cluster['State']} with {states} instead of {state} with {hsms} HSMs"
    return wrong


def both(*questions):
    return lambda reading, id: next(filter(None, (q(reading, id) for q in questions)), None)


def copy_is_there(reading, id):
    if not reading.ready_copies(id):
        return "no copy is READY"


def retention_is(days):
    def wrong(reading, id):
        value = reading.clusters[id]["BackupRetentionPolicy"]["Value"]
        if value != str(days):
            return f"retention {value} instead of {days}"
    return wrong


def tags_hold(**asked):
    def wrong(reading, id):
        if not asked.items() <= tags(reading.clusters[id]).items():
            return f"tags {tags(reading.clusters[id])} instead of {asked}"
    return wrong


def point_is_kept(reading, id):
    kept = [b for b in reading.ready(id) if "strongroom:recovery-point:before" in tags(b)]
    if len(kept) != 1:
        return f"{len(kept)} recovery points"
    if not kept[0].get("NeverExpires") or tags(kept[0]).get("strongroom:pin") != "recovery-point":
        return f"it is not pinned: {kept[0]}"
    if kept[0]["BackupId"] not in [c["SourceBackup"] for c in reading.ready_copies(id)]:
        return f"no copy of {kept[0]['BackupId']}"


def nothing_is_pinned(reading, id):
    for backup in reading.own[id]:
        if backup["BackupState"] != "READY":
            continue
        if backup.get("NeverExpires"):
            return f"{backup['BackupId']} is pinned still"
        if any(key.startswith(("strongroom:pin", "strongroom:recovery")) for key in tags(backup)):
            return f"{backup['BackupId']} has the tags {tags(backup)}"


def old_copies_go(reading, id):
    ready = reading.ready_copies(id)
    if not ready:
        return "no copy is READY"
    old = [c["BackupId"] for c in ready
           if c["CreateTimestamp"] < reading.now - timedelta(days=1, hours=12)]
    if old:
        return f"{old} are READY still"
    if not [c for c in reading.copies[id] if c["BackupState"] == "PENDING_DELETION"]:
        return "none was deleted"


def is_parked(reading, id):
    newest = reading.own[id][-1]
    if newest["BackupState"] != "READY" or not newest.get("NeverExpires") \
            or tags(newest).get("strongroom:pin") != "parked":
        return f"its newest backup is {newest}"


def is_gone(reading, id):
    state = reading.clusters.get(id, {}).get("State", "DELETED")
    if state != "DELETED":
        return f"{state} with {len(reading.clusters[id]['Hsms'])} HSMs"
    if not [b for b in reading.ready(id) if b.get("NeverExpires")]:
        return "no pinned backup outlives it"


def type_is(name):
    def wrong(reading, id):
        cluster = reading.clusters[id]
        types = {hsm.get("HsmType", name) for hsm in cluster["Hsms"]}
        if cluster["HsmType"] != name or types != {name}:
            return f"it is {cluster['HsmType']} with HSMs of {types}"
    return wrong


def make_new():
    observe()
    tree.write(copies="maxAge: 48h, keepAtLeast: 1")
    # It waits for a person from then on.
    waiting = (0, 2)
    phase("create", state_is("UNINITIALIZED", 1), {"CreateCluster": (1, 1), "CreateHsm": (1, 1)},
          plan=waiting)
    listed = json.loads(strongroom("status", "--format", "json").stdout)["clusters"]
    tree.ids = {c["name"]: c["cluster"] for c in listed if c.get("cluster")}
    if sorted(tree.ids) != tree.names():
        raise SystemExit(f"status names {sorted(tree.ids)}, expected {tree.names()}")
    for cluster in Reading().clusters.values():
        name = next(n for n, id in tree.ids.items() if id == cluster["ClusterId"])
        tree.sign(name, cluster["Certificates"]["ClusterCsr"])
    phase("initialise", state_is("INITIALIZED", 1), {"InitializeCluster": (1, 1)},
          plan=waiting)
    for id in tree.ids.values():
        emulator.control(f"activate?cluster={id}")
    phase("grow and copy", both(state_is("ACTIVE", 2), copy_is_there),
          {"CreateHsm": (1, 1), "CopyBackupToRegion": (1, 2)})


def all_clusters(question):
    """Whether all that were made are listed, and each is as asked."""
    reading = Reading()
    return len(reading.clusters) == count and all(
        question(cluster, reading) for cluster in reading.clusters.values())


def is_whole(cluster, reading):
    own = reading.own[cluster["ClusterId"]]
    return active(cluster, 2) and len(reading.ready(cluster["ClusterId"])) >= 2 and \
        not [backup for backup in own if backup["BackupState"] == "CREATE_IN_PROGRESS"]


def finish_by_hand(names, first_hsm_is_there=False):
    """What people do by hand: a first HSM, the certificate, an officer, the second HSM."""
    home = clients[HOME]
    if not first_hsm_is_there:
        until("UNINITIALIZED", lambda: all_clusters(lambda c, _: c["State"] == "UNINITIALIZED"))
        for id in names.values():
            home.create_hsm(ClusterId=id, AvailabilityZone="us-east-1a")
    until("the first HSM", lambda: all_clusters(
        lambda c, _: [hsm["State"] for hsm in c["Hsms"]] == ["ACTIVE"]
        and c.get("Certificates", {}).get("ClusterCsr")))
    reading = Reading()
    for name, id in names.items():
        signed, anchor = tree.sign(name, reading.clusters[id]["Certificates"]["ClusterCsr"])
        home.initialize_cluster(ClusterId=id, SignedCert=signed, TrustAnchor=anchor)
    until("INITIALIZED", lambda: all_clusters(lambda c, _: c["State"] == "INITIALIZED"))
    for id in names.values():
        emulator.control(f"activate?cluster={id}")
    until("ACTIVE", lambda: all_clusters(lambda c, _: c["State"] == "ACTIVE"))
    for id in names.values():
        there = reading.clusters[id]["Hsms"][0]["AvailabilityZone"]
        home.create_hsm(ClusterId=id, AvailabilityZone=next(z for z in SUBNETS if z != there))
    until("two HSMs and backups", lambda: all_clusters(is_whole))


def adopt(names):
    """Has manifests written for what exists: nothing may be changed by them."""
    emulator.calls()
    tree.ids = dict(names)
    observe()
    ended = strongroom("adopt")
    if ended.returncode != 0:
        deviates("adopt", f"ended with {ended.returncode}: {last_words(ended)}")
    final = strongroom("plan", "--detailed-exitcode")
    if final.returncode != 0:
        deviates("adopt", f"plan ends with {final.returncode}: {last_words(final)}")
    written = [path for path in tree.root.glob("*.yaml") if path.name != "fleet.yaml"]
    if len(written) != count:
        deviates("adopt", f"{len(written)} manifests instead of {count}")
    ended = strongroom("apply", "--yes")
    if ended.returncode != 0 or emulator.calls():
        deviates("adopt", f"apply of nothing ended with {ended.returncode}: {last_words(ended)}")
    say(f"  adopt: {len(written)} manifests")
    for path in written:
        path.unlink()


def make_adopted():
    names = {}
    for name in tree.names():
        made = clients[HOME].create_cluster(
            HsmType="hsm2m.medium", Mode="FIPS", SubnetIds=list(SUBNETS.values()),
            BackupRetentionPolicy={"Type": "DAYS", "Value": "90"},
            TagList=[{"Key": "team", "Value": "a"}, {"Key": "Name", "Value": name}])
        names[name] = made["Cluster"]["ClusterId"]
    finish_by_hand(names)
    emulator.age()
    adopt(names)
    if options.until_first_call:
        return
    tree.write(type="hsm1.medium", copies="maxAge: 48h, keepAtLeast: 1")
    phase("copy", copy_is_there, {"CopyBackupToRegion": (1, 1)})
    tree.write(type="hsm2m.medium")
    phase("change type", both(state_is("ACTIVE", 2), type_is("hsm2m.medium")),
          {"ModifyCluster": (1, 1), "CopyBackupToRegion": (0, 2)})


def make_with_terraform():
    terraform = shutil.which("terraform")
    plugins = terraform_mirror.mirror()
    if not terraform or not plugins:
        raise SystemExit("--origin terraform needs terraform, and its AWS provider in a mirror")
    work = folder / "terraform"
    work.mkdir()
    (work / "terraform.rc").touch()
    resources = "".join(f"""
resource "aws_cloudhsm_v2_cluster" "{name}" {{
  hsm_type   = "hsm2m.medium"
  mode       = "FIPS"
  subnet_ids = {json.dumps(list(SUBNETS.values()))}
  tags       = {{ team = "a", Name = "{name}" }}
}}

resource "aws_cloudhsm_v2_hsm" "{name}" {{
  cluster_id = aws_cloudhsm_v2_cluster.{name}.cluster_id
  subnet_id  = "{SUBNETS['us-east-1a']}"
}}
""" for name in tree.names())
    (work / "main.tf").write_text(f"""terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws" }}
  }}
}}

provider "aws" {{
  region = "{HOME}"
  endpoints {{
    cloudhsmv2 = "{emulator.url}"
    sts        = "{emulator.url}"
  }}
}}
{resources}""")
    for words in (["init", f"-plugin-dir={plugins}"], ["apply", "-auto-approve"]):
        ended = subprocess.run([terraform, words[0], "-input=false", "-no-color", *words[1:]],
                               cwd=work, capture_output=True, text=True,
                               env={**os.environ, "CHECKPOINT_DISABLE": "1",
                                    "TF_CLI_CONFIG_FILE": str(work / "terraform.rc")})
        if ended.returncode:
            raise SystemExit(f"terraform {words[0]}: {ended.stdout}{ended.stderr}")
    names = {tags(c)["Name"]: c["ClusterId"] for c in Reading().clusters.values()}
    finish_by_hand(names, first_hsm_is_there=True)
    adopt(names)
    if options.until_first_call:
        return
    tree.write(copies="maxAge: 48h, keepAtLeast: 1")
    phase("copy", both(copy_is_there, retention_is(90)),
          {"CopyBackupToRegion": (1, 1), "ModifyCluster": (0, 1)})


def live():
    """What comes after a cluster stands with two HSMs and a copy."""
    steady = state_is("ACTIVE", 2)
    tree.write(retention=30, tags={"team": "b", "stage": "prod"})
    phase("retention and tags",
          both(steady, retention_is(30), tags_hold(team="b", stage="prod")),
          {"ModifyCluster": (1, 1), "TagResource": (1, 1), "CopyBackupToRegion": (0, 1)})
    tree.write(point=True)
    phase("recovery point", both(steady, point_is_kept),
          {"TagResource": (1, 1), "ModifyBackupAttributes": (1, 1), "CopyBackupToRegion": (0, 1)})
    tree.write(point=False)
    phase("its end", both(steady, nothing_is_pinned),
          {"UntagResource": (1, 2), "ModifyBackupAttributes": (1, 1), "CopyBackupToRegion": (0, 1)})
    # The newest of the old ones goes in a plan of its own, once the new one is READY.
    emulator.control("advance?by=3d")
    tree.write(copies="maxAge: 20h, retentionDays: 1, keepAtLeast: 1")
    phase("old copies", both(steady, old_copies_go),
          {"CopyBackupToRegion": (1, 2), "DeleteBackup": (1, 3)}, tries=2)
    tree.write(hsms=0, copies=None)
    phase("park", both(state_is("ACTIVE", 0), is_parked),
          {"DeleteHsm": (2, 2), "TagResource": (1, 2), "ModifyBackupAttributes": (1, 2)})
    reading = Reading()
    parked = {}
    for id in tree.ids.values():
        parked[id] = reading.own[id][-1]["BackupId"]
        clients[HOME].delete_backup(BackupId=parked[id])
    emulator.calls()
    until("the deletions are seen", lambda: all(
        b["BackupState"] == "PENDING_DELETION" for b in everything(HOME, "describe_backups")
        if b["BackupId"] in parked.values()))
    tree.write(hsms=2)

    def is_restored(reading, id):
        backup = next(b for b in reading.own[id] if b["BackupId"] == parked[id])
        if backup["BackupState"] != "READY":
            return f"{parked[id]} is {backup['BackupState']}"

    # The pin comes off in a plan of its own, once the cluster stands.
    phase("resume", both(steady, is_restored, nothing_is_pinned),
          {"RestoreBackup": (1, 1), "CreateHsm": (2, 2), "ModifyBackupAttributes": (0, 2),
           "UntagResource": (0, 2), "TagResource": (0, 1)}, tries=2)
    tree.write(absent=True)
    phase("delete", is_gone,
          {"DeleteHsm": (2, 2), "DeleteCluster": (1, 1), "TagResource": (1, 2),
           "ModifyBackupAttributes": (1, 2)})


def until_first_call():
    """At the service's own pace: the first call is answered, and a signal ends the run."""
    if options.origin == "new":
        operation, others = "CreateCluster", set()
        observe()
        tree.write()
    else:
        operation, others = "ModifyCluster", {"TagResource"}
        {"adopted": make_adopted, "terraform": make_with_terraform}[options.origin]()
        emulator.slow_down()
        old = "hsm1.medium" if options.origin == "adopted" else "hsm2m.medium"
        tree.write(type=old, retention=30, tags={"team": "b"})
    words = ["apply", "--yes"] if options.by == "apply" else ["reconcile", "--every", "1m"]
    command = [options.programs / "strongroom", *words, "tree", "--emulator-clock",
               "--allow-endpoint"]
    emulator.calls()
    before = emulator.log.read_text().count(f"call {operation} ")
    run = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True)
    until("the first call", seconds=60, question=lambda: run.poll() is not None or
          emulator.log.read_text().count(f"call {operation} ") >= before + count)
    time.sleep(2)
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=60)
    # A run is cut short by it; a loop of ticks is not.
    expected = 143 if options.by == "apply" else 0
    if run.returncode != expected:
        deviates("first call", f"{options.by} ended with {run.returncode} instead of {expected}: "
                               f"{out}{err}")
    calls = collections.Counter(call for call in emulator.calls() if call[0] not in others)
    if calls != {(operation, 200, "-"): count}:
        deviates("first call", f"the calls were {dict(calls)}")

    def is_seen():
        clusters = Reading().clusters.values()
        return len(clusters) == count and (options.origin == "new" or all(
            c["BackupRetentionPolicy"]["Value"] == "30" for c in clusters))

    until("it is listed", is_seen, seconds=90)
    again = strongroom("reconcile")
    if again.returncode != 0:
        deviates("first call", f"the tick afterwards ended with {again.returncode}: "
                               f"{last_words(again)}")
    repeated = [call for call in emulator.calls() if call[0] == operation]
    if repeated or not is_seen():
        deviates("first call", f"the tick afterwards: {repeated}")
    say(f"  first call: {count} {operation}, ended by SIGTERM with {run.returncode}, then "
        f"{again.returncode}")


say(f"{title}:")
begun = time.monotonic()
if options.until_first_call:
    until_first_call()
else:
    {"new": make_new, "adopted": make_adopted, "terraform": make_with_terraform}[options.origin]()
    live()
say(f"  {(time.monotonic() - begun) / 60:.1f} minutes, "
    + ("as it should be" if not deviations else f"{len(deviations)} deviations"))
sys.exit(1 if deviations else 0)

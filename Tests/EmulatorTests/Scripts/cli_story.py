"""A cluster's whole life through the AWS command line, against an emulator whose clock runs fast:
from nothing to parked, copied, deleted and restored, purged, cloned, and gone."""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

url = sys.argv[1]
os.environ.update(
    AWS_ENDPOINT_URL=url,
    AWS_ACCESS_KEY_ID="AKIDSTRONGROOMEMULATOR",
    AWS_SECRET_ACCESS_KEY="this-development-key-is-in-no-way-secret",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_PAGER="",
    AWS_CONFIG_FILE="/dev/null",
    AWS_SHARED_CREDENTIALS_FILE="/dev/null",
    AWS_RETRY_MODE="standard",
)
from awscli.clidriver import create_clidriver  # after the environment it reads

folder = Path(tempfile.mkdtemp())
calls = 0


def aws(*words):
    """One command; what it prints, read as JSON."""
    global calls
    calls += 1
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        # A driver remembers the Region it was given once: each command has its own.
        status = create_clidriver().main(["cloudhsmv2", *words])
    if status:
        raise SystemExit(f"aws cloudhsmv2 {' '.join(words)} ended with {status}: {err.getvalue()}")
    return json.loads(out.getvalue()) if out.getvalue().strip() else None


def cluster(id, *words):
    listed = aws("describe-clusters", "--filters", f"clusterIds={id}", *words)["Clusters"]
    return listed[0] if listed else {"State": "GONE", "Hsms": []}


def backups(*words):
    return aws("describe-backups", "--sort-ascending", *words)["Backups"]


def until(what, question, seconds=60):
    """Asks until the answer is good; each wait has its limit."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            print(f"  {what}")
            return answer
        time.sleep(0.02)
    raise SystemExit(f"never came: {what}")


def control(path):
    request = urllib.request.Request(f"{url}/_strongroom/{path}", method="POST")
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def openssl(*words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def ready_backups(id, region="us-east-1"):
    listed = backups("--filters", "states=READY", "--region", region)
    return [b for b in listed if id in (b.get("ClusterId"), b.get("SourceCluster"))]


# As a program of its own once, so that nothing hangs on running it in this process.
words = [sys.executable, "-m", "awscli", "cloudhsmv2", "describe-clusters"]
ended = subprocess.run(words, check=True, capture_output=True, text=True)
assert json.loads(ended.stdout) == {"Clusters": []}, ended.stdout

# Create from nothing, sign the request with OpenSSL, initialise.
id = aws(
    "create-cluster", "--hsm-type", "hsm2m.medium", "--mode", "FIPS",
    "--subnet-ids", "subnet-0a1b2c3d", "subnet-1a2b3c4d",
    "--backup-retention-policy", "Type=DAYS,Value=90", "--tag-list", "Key=env,Value=prod",
)["Cluster"]["ClusterId"]
until("UNINITIALIZED", lambda: cluster(id)["State"] == "UNINITIALIZED")
aws("create-hsm", "--cluster-id", id, "--availability-zone", "us-east-1a")
until("the first HSM is ACTIVE", lambda: [h["State"] for h in cluster(id)["Hsms"]] == ["ACTIVE"])
(folder / "cluster.csr").write_text(cluster(id)["Certificates"]["ClusterCsr"])
openssl("req", "-new", "-x509", "-days", "3652", "-newkey", "rsa:2048", "-nodes", "-batch",
        "-subj", "/CN=customer", "-keyout", "ca.key", "-out", "ca.crt")
openssl("x509", "-req", "-days", "3652", "-in", "cluster.csr", "-CA", "ca.crt", "-CAkey",
        "ca.key", "-CAcreateserial", "-out", "cluster.crt")
aws("initialize-cluster", "--cluster-id", id, "--signed-cert", f"file://{folder}/cluster.crt",
    "--trust-anchor", f"file://{folder}/ca.crt")
until("INITIALIZED", lambda: cluster(id)["State"] == "INITIALIZED")

# An officer activates it: the first backup.
control(f"activate?cluster={id}")
until("ACTIVE", lambda: cluster(id)["State"] == "ACTIVE")
until("the first backup is READY", lambda: ready_backups(id))

# A second HSM makes a backup, and so does each removal.
aws("create-hsm", "--cluster-id", id, "--availability-zone", "us-east-1b")
until("two HSMs", lambda: [h["State"] for h in cluster(id)["Hsms"]] == ["ACTIVE"] * 2)
until("another backup", lambda: len(ready_backups(id)) >= 2)

# Parked at zero HSMs.
for _ in range(2):
    left = [h for h in cluster(id)["Hsms"] if h["State"] == "ACTIVE"]
    count = len(ready_backups(id))
    aws("delete-hsm", "--cluster-id", id, "--hsm-id", left[0]["HsmId"])
    until("an HSM less", lambda: len(cluster(id)["Hsms"]) == len(left) - 1)
    until("a backup of the removal", lambda: len(ready_backups(id)) > count)
assert cluster(id)["State"] == "ACTIVE", "a parked cluster stays ACTIVE"
# A daily backup may have come in between: the newest counts once none is being made.
until("no backup is being made", lambda: not backups("--filters", "states=CREATE_IN_PROGRESS"))

# Copied to another Region.
newest = ready_backups(id)[-1]
aws("copy-backup-to-region", "--backup-id", newest["BackupId"], "--destination-region",
    "eu-west-1", "--tag-list", "Key=copy,Value=yes")
copy = until("the copy is READY", lambda: ready_backups(id, "eu-west-1"))[0]
assert copy["CreateTimestamp"] == newest["CreateTimestamp"], "a copy has its source's content time"
assert copy["SourceBackup"] == newest["BackupId"] and copy["SourceRegion"] == "us-east-1"

# Deleted and restored.
oldest = ready_backups(id)[0]["BackupId"]
gone = aws("delete-backup", "--backup-id", oldest)["Backup"]
assert gone["BackupState"] == "PENDING_DELETION" and "DeleteTimestamp" in gone
assert aws("restore-backup", "--backup-id", oldest)["Backup"]["BackupState"] == "READY"
until("restored", lambda: oldest in [b["BackupId"] for b in ready_backups(id)])

# Purged: nothing older than the newest is left, in any Region, once the seven days are over.
for backup in ready_backups(id)[:-1]:
    aws("delete-backup", "--backup-id", backup["BackupId"])
until("one backup left", lambda: len(ready_backups(id)) == 1)
aws("delete-backup", "--backup-id", copy["BackupId"], "--region", "eu-west-1")
control("advance?by=9d")
left = [(b["BackupId"], b["BackupState"]) for b in backups("--filters", f"clusterIds={id}")]
assert left == [(newest["BackupId"], "READY")], f"left of {newest['BackupId']}: {left}"
assert backups("--region", "eu-west-1") == [], "the copy is gone for good"
print("  purged")

# Cloned: ACTIVE without HSMs and without initialisation.
clone = aws(
    "create-cluster", "--hsm-type", "hsm2m.medium", "--mode", "FIPS", "--subnet-ids",
    "subnet-0a1b2c3d", "--source-backup-id", newest["BackupId"],
)["Cluster"]["ClusterId"]
until("the clone is ACTIVE", lambda: cluster(clone)["State"] == "ACTIVE")
shown = cluster(clone)
assert shown["Hsms"] == [] and shown["SourceBackupId"] == newest["BackupId"]
assert shown["Certificates"]["ClusterCertificate"] == cluster(id)["Certificates"]["ClusterCertificate"]
hsm = aws("create-hsm", "--cluster-id", clone, "--availability-zone", "us-east-1a")["Hsm"]
until("the clone's HSM is ACTIVE", lambda: [h["State"] for h in cluster(clone)["Hsms"]] == ["ACTIVE"])
aws("delete-hsm", "--cluster-id", clone, "--eni-id", hsm["EniId"])
until("the clone is parked", lambda: cluster(clone)["Hsms"] == [])

# Everything deleted; backups outlive their cluster.
for each in (id, clone):
    aws("delete-cluster", "--cluster-id", each)
    until(f"{each} is gone", lambda: cluster(each)["State"] in ("DELETED", "GONE"))
until("no backup is being made", lambda: not backups("--filters", "states=CREATE_IN_PROGRESS"))
left = backups("--filters", "states=READY")
assert newest["BackupId"] in [b["BackupId"] for b in left], "backups outlive their cluster"
for backup in left:
    aws("delete-backup", "--backup-id", backup["BackupId"])
control("advance?by=9d")
assert backups() == [] and aws("describe-clusters")["Clusters"] == [], "nothing is left"
print(f"told in {calls} commands")

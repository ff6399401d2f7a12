"""Pages, retention, tags and shared backups through boto3, against an emulator that was started
with --fill 2 --fill-clusters 60 --fill-backups 30 --speed 1; the second key is another account's."""
import json
import sys

from strict import client, expect

url = sys.argv[1]
OWNER = ("OWNER", "first-secret")
OTHER = ("OTHER", "second-secret")
home = client(url, key=OWNER)
away = client(url, key=OWNER, region="us-east-2")
other = client(url, key=OTHER)


def everything(made, operation, key, **arguments):
    found, pages = [], 0
    for page in made.get_paginator(operation).paginate(**arguments):
        pages += 1
        found += page[key]
    return found, pages


def ids(found, name):
    return [each[name] for each in found]


# Clusters: the largest page, and small ones, come to the same.
clusters, pages = everything(home, "describe_clusters", "Clusters")
expect((len(clusters), pages) == (60, 3), f"{len(clusters)} clusters on {pages} pages")
small, pages = everything(home, "describe_clusters", "Clusters", PaginationConfig={"PageSize": 7})
expect(ids(small, "ClusterId") == ids(clusters, "ClusterId") and pages == 9, "pages of seven")
expect(len(set(ids(clusters, "ClusterId"))) == 60, "no cluster twice")

# Backups: 27 own and 3 copies of the other Region's for each cluster.
backups, pages = everything(home, "describe_backups", "Backups")
expect((len(backups), pages) == (1800, 36), f"{len(backups)} backups on {pages} pages")
expect(len(set(ids(backups, "BackupId"))) == 1800, "no backup twice")
copies = [b for b in backups if "SourceRegion" in b]
expect(len(copies) == 180 and all(c["SourceRegion"] == "us-east-2" for c in copies), "the copies")
for ascending in (True, False):
    found, _ = everything(home, "describe_backups", "Backups", SortAscending=ascending)
    times = [b["CreateTimestamp"] for b in found]
    expect(times == sorted(times, reverse=not ascending), "the order of time")
    expect(sorted(ids(found, "BackupId")) == sorted(ids(backups, "BackupId")), "the same backups")
one = clusters[0]["ClusterId"]
own, pages = everything(
    home, "describe_backups", "Backups", Filters={"clusterIds": [one]}, PaginationConfig={"PageSize": 10}
)
expect((len(own), pages) == (27, 3), f"{len(own)} backups of one cluster on {pages} pages")
both, _ = everything(
    home, "describe_backups", "Backups",
    Filters={"clusterIds": [one, clusters[1]["ClusterId"]], "states": ["READY"], "neverExpires": ["False"]},
)
expect(len(both) == 54, "values of a filter are alternatives, filters hold together")
expect(everything(home, "describe_backups", "Backups", Filters={"states": ["DELETED"]})[0] == [], "none")

# A token leads on only in its own listing; what comes between two pages hides nothing.
first = home.describe_backups(MaxResults=50)
home.delete_backup(BackupId=first["Backups"][-1]["BackupId"])
second = home.describe_backups(MaxResults=50, NextToken=first["NextToken"])
expect(ids(first["Backups"] + second["Backups"], "BackupId") == ids(backups, "BackupId")[:100], "a page")
home.restore_backup(BackupId=first["Backups"][-1]["BackupId"])

# Another account sees nothing of it.
expect(other.describe_clusters()["Clusters"] == [], "another account's clusters")
expect(other.describe_backups()["Backups"] == [], "another account's backups")

# Retention: shortened, the service deletes what is older; the pinned stays.
ordered = sorted(own, key=lambda b: b["CreateTimestamp"])
home.modify_backup_attributes(BackupId=ordered[0]["BackupId"], NeverExpires=True)
home.modify_cluster(ClusterId=one, BackupRetentionPolicy={"Type": "DAYS", "Value": "7"})
now, _ = everything(home, "describe_backups", "Backups", Filters={"clusterIds": [one]})
pending = [b for b in now if b["BackupState"] == "PENDING_DELETION"]
expect(len(pending) in (19, 20) and all("DeleteTimestamp" in b for b in pending), f"{len(pending)} expired")
kept = [b for b in now if b["NeverExpires"]]
expect(ids(kept, "BackupId") == [ordered[0]["BackupId"]] and kept[0]["BackupState"] == "READY", "the pin")

# Tags: fifty at most, page by page.
home.tag_resource(ResourceId=one, TagList=[{"Key": f"k{i:02}", "Value": "v"} for i in range(48)])
tags, pages = everything(home, "list_tags", "TagList", ResourceId=one, PaginationConfig={"PageSize": 20})
expect((len(tags), pages) == (50, 3), f"{len(tags)} tags on {pages} pages")
try:
    home.tag_resource(ResourceId=one, TagList=[{"Key": "more", "Value": "v"}])
except home.exceptions.CloudHsmResourceLimitExceededException:
    pass
else:
    expect(False, "a 51st tag was taken")
home.untag_resource(ResourceId=one, TagKeyList=[f"k{i:02}" for i in range(48)])
expect(len(home.list_tags(ResourceId=one)["TagList"]) == 2, "untagged")
backup = both[0]["BackupId"]
home.tag_resource(ResourceId=backup, TagList=[{"Key": "hold", "Value": "legal case 7"}])
shown = home.describe_backups(Filters={"backupIds": [backup]})["Backups"][0]["TagList"]
expect({"Key": "hold", "Value": "legal case 7"} in shown, "a backup's tags")

# A resource policy: put, replaced, read, removed; only by the owner, and only on a backup.
arn = ordered[-1]["BackupArn"]
for action in ("cloudhsm:DescribeBackups", "cloudhsm:CreateCluster"):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": action, "Resource": arn,
    }]})
    home.put_resource_policy(ResourceArn=arn, Policy=policy)
    expect(home.get_resource_policy(ResourceArn=arn)["Policy"] == policy, "the policy")
for operation in ("put_resource_policy", "get_resource_policy", "delete_resource_policy"):
    more = {"Policy": "{}"} if operation.startswith("put") else {}
    try:
        getattr(other, operation)(ResourceArn=arn, **more)
    except (
        other.exceptions.CloudHsmAccessDeniedException,
        other.exceptions.CloudHsmResourceNotFoundException,
    ):
        continue
    expect(False, f"another account may {operation}")
home.delete_resource_policy(ResourceArn=arn)
expect(not home.get_resource_policy(ResourceArn=arn).get("Policy"), "no policy any more")

# The other Region has its own.
expect(everything(away, "describe_backups", "Backups")[1] == 36, "pages of the other Region")
print(f"{len(home.seen) + len(away.seen) + len(other.seen)} answers, all as the model says")

"""Runs all 18 operations through boto3 against an emulator that was started with --instant and
--auto-activate; prints what it saw."""
import json
import sys

from strict import client, expect, signed

url = sys.argv[1]
home, away = client(url), client(url, region="eu-west-1")


def cluster(cluster_id):
    page = home.describe_clusters(Filters={"clusterIds": [cluster_id]})
    return page["Clusters"][0] if page["Clusters"] else None


made = home.create_cluster(
    HsmType="hsm2m.medium",
    SubnetIds=["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
    Mode="NON_FIPS",
    NetworkType="DUALSTACK",
    BackupRetentionPolicy={"Type": "DAYS", "Value": "30"},
    TagList=[{"Key": "env", "Value": "prod"}, {"Key": "größe", "Value": ""}],
)["Cluster"]
id = made["ClusterId"]
expect(set(made["SubnetMapping"]) == {"us-east-1a", "us-east-1b"}, "the zones of the subnets")
expect(made["BackupRetentionPolicy"] == {"Type": "DAYS", "Value": "30"}, "the retention asked for")

home.tag_resource(ResourceId=id, TagList=[{"Key": "team", "Value": "core"}])
home.untag_resource(ResourceId=id, TagKeyList=["env"])
tags = {t["Key"]: t["Value"] for t in home.list_tags(ResourceId=id)["TagList"]}
expect(tags == {"team": "core", "größe": ""}, f"the tags: {tags}")

first = home.create_hsm(ClusterId=id, AvailabilityZone="us-east-1a")["Hsm"]
expect(first["EniIpV6"], "an IPv6 address in a dual-stack cluster")
certificate, root = signed(cluster(id)["Certificates"]["ClusterCsr"])
began = home.initialize_cluster(ClusterId=id, SignedCert=certificate, TrustAnchor=root)
expect(began["State"] == "INITIALIZE_IN_PROGRESS", "the state of an initialisation")
shown = cluster(id)
expect(shown["State"] == "ACTIVE", f"activated by itself, not {shown['State']}")
expect(shown["Certificates"]["ClusterCertificate"] == certificate, "the certificate given")

home.create_hsm(ClusterId=id, AvailabilityZone="us-east-1b", IpAddress="10.1.2.3")
changed = home.modify_cluster(ClusterId=id, BackupRetentionPolicy={"Type": "DAYS", "Value": "90"})
expect(changed["Cluster"]["BackupRetentionPolicy"]["Value"] == "90", "the retention changed")

backups = home.describe_backups(Filters={"clusterIds": [id]}, SortAscending=True)["Backups"]
expect(len(backups) == 2 and all(b["BackupState"] == "READY" for b in backups), "two backups")
old, new = (b["BackupId"] for b in backups)
expect(backups[0]["Mode"] == "NON_FIPS" and not backups[0]["NeverExpires"], "a backup's members")
pinned = home.modify_backup_attributes(BackupId=old, NeverExpires=True)["Backup"]
expect(pinned["NeverExpires"] is True, "pinned")
expect(len(home.describe_backups(Filters={"neverExpires": ["True"]})["Backups"]) == 1, "a filter")

copied = home.copy_backup_to_region(
    BackupId=old, DestinationRegion="eu-west-1", TagList=[{"Key": "copy", "Value": "yes"}]
)["DestinationBackup"]
expect(copied["SourceBackup"] == old and copied["SourceCluster"] == id, "the copy's source")
copies = away.describe_backups(Filters={"sourceBackupIds": [old]})["Backups"]
expect(len(copies) == 1, "one copy")
expect(copies[0]["CreateTimestamp"] == backups[0]["CreateTimestamp"], "the content's time")
expect(copies[0]["SourceRegion"] == "us-east-1" and "CopyTimestamp" in copies[0], "a copy's members")
expect("ClusterId" not in copies[0], "a copy belongs to no cluster")

gone = home.delete_backup(BackupId=old)["Backup"]
expect(gone["BackupState"] == "PENDING_DELETION" and gone["DeleteTimestamp"], "deleted")
back = home.restore_backup(BackupId=old)["Backup"]
expect(back["BackupState"] == "READY" and "DeleteTimestamp" not in back, "restored")

arn = backups[1]["BackupArn"]
expect(arn == f"arn:aws:cloudhsm:us-east-1:000000000000:backup/{new}", f"the ARN {arn}")
policy = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": ["cloudhsm:CreateCluster", "cloudhsm:DescribeBackups"],
    "Resource": arn,
}]})
put = home.put_resource_policy(ResourceArn=arn, Policy=policy)
expect(put["ResourceArn"] == arn and put["Policy"] == policy, "the policy put")
expect(home.get_resource_policy(ResourceArn=arn)["Policy"] == policy, "the policy read")
expect(home.delete_resource_policy(ResourceArn=arn)["ResourceArn"] == arn, "the policy removed")
expect(not home.get_resource_policy(ResourceArn=arn).get("Policy"), "no policy any more")

# A clone from the backup's ARN, and from a copy in its own Region.
clone = home.create_cluster(
    HsmType="hsm2m.medium", SubnetIds=["subnet-0a1b2c3d"], Mode="NON_FIPS", SourceBackupId=arn
)["Cluster"]
expect(clone["SourceBackupId"] == new, "the clone's source")
expect(cluster(clone["ClusterId"])["State"] == "ACTIVE", "a clone needs no activation")
far = away.create_cluster(
    HsmType="hsm2m.medium", SubnetIds=["subnet-aaaabbbb"], Mode="NON_FIPS",
    SourceBackupId=copies[0]["BackupId"],
)["Cluster"]
expect(set(far["SubnetMapping"]) == {"eu-west-1a"}, "a zone of the other Region")

interfaces = [hsm["EniId"] for hsm in cluster(id)["Hsms"]]
home.delete_hsm(ClusterId=id, EniId=interfaces[0])
home.delete_hsm(ClusterId=id, EniIp="10.1.2.3")
expect(cluster(id)["Hsms"] == [], "parked")
for made_id in (id, clone["ClusterId"]):
    ended = home.delete_cluster(ClusterId=made_id)["Cluster"]
    expect(ended["State"] == "DELETE_IN_PROGRESS", "a cluster being deleted")
away.delete_cluster(ClusterId=far["ClusterId"])
expect(home.describe_clusters()["Clusters"] == [], "nothing left")

operations = set(home.meta.service_model.operation_names)
seen = set(home.seen) | set(away.seen)
expect(operations == seen, f"not run: {operations - seen}")
print(f"{len(seen)} operations, {len(home.seen) + len(away.seen)} answers, all as the model says")

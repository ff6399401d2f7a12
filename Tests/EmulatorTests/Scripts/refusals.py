"""Asks for what is refused, through boto3, against an emulator that was started with --instant;
prints how many refusals were as the model says."""
import sys

from botocore.exceptions import ClientError

from strict import client, expect

url = sys.argv[1]
home = client(url, validate=False)
NONE = "cluster-aaaaaaaaaaa"
GONE = "backup-aaaaaaaaaaa"
ARN = f"arn:aws:cloudhsm:us-east-1:000000000000:backup/{GONE}"
SUBNETS = ["subnet-0a1b2c3d"]
made = home.create_cluster(HsmType="hsm2m.medium", SubnetIds=SUBNETS)["Cluster"]["ClusterId"]
home.create_hsm(ClusterId=made, AvailabilityZone="us-east-1a")

INVALID, UNKNOWN = "CloudHsmInvalidRequestException", "CloudHsmResourceNotFoundException"
CASES = [
    ("create_cluster", {"HsmType": "hsm2m.medium"}, INVALID),
    ("create_cluster", {"SubnetIds": SUBNETS}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": []}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": ["subnet-xyz"]}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": [f"subnet-0000000{i:x}" for i in range(11)]}, INVALID),
    ("create_cluster", {"HsmType": "tpm2.large", "SubnetIds": SUBNETS}, INVALID),
    ("create_cluster", {"HsmType": "hsm1.medium", "SubnetIds": SUBNETS}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "Mode": "FAST"}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "NetworkType": "IPV5"}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "SourceBackupId": GONE}, UNKNOWN),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "BackupRetentionPolicy": {"Type": "DAYS", "Value": "6"}}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "BackupRetentionPolicy": {"Type": "DAYS", "Value": "380"}}, INVALID),
    ("create_cluster", {"HsmType": "hsm2m.medium", "SubnetIds": SUBNETS, "TagList": [{"Key": "aws:x", "Value": ""}]}, "CloudHsmTagException"),
    ("describe_clusters", {"MaxResults": 26}, INVALID),
    ("describe_clusters", {"MaxResults": 0}, INVALID),
    ("describe_clusters", {"NextToken": "nonsense"}, INVALID),
    ("describe_clusters", {"Filters": {"colour": ["red"]}}, INVALID),
    ("describe_backups", {"MaxResults": 51}, INVALID),
    ("describe_backups", {"NextToken": "clusters/x"}, INVALID),
    ("initialize_cluster", {"ClusterId": made, "SignedCert": "x", "TrustAnchor": "x"}, INVALID),
    ("initialize_cluster", {"ClusterId": made, "SignedCert": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "TrustAnchor": "x"}, INVALID),
    ("initialize_cluster", {"ClusterId": NONE, "SignedCert": "x", "TrustAnchor": "x"}, UNKNOWN),
    ("modify_cluster", {"ClusterId": made}, INVALID),
    ("modify_cluster", {"ClusterId": NONE, "HsmType": "hsm2m.medium"}, UNKNOWN),
    ("modify_cluster", {"ClusterId": "cluster-1"}, INVALID),
    ("delete_cluster", {"ClusterId": made}, INVALID),
    ("delete_cluster", {"ClusterId": NONE}, UNKNOWN),
    ("delete_cluster", {}, INVALID),
    ("create_hsm", {"ClusterId": made, "AvailabilityZone": "us-east-1a"}, INVALID),
    ("create_hsm", {"ClusterId": made, "AvailabilityZone": "nowhere"}, INVALID),
    ("create_hsm", {"ClusterId": NONE, "AvailabilityZone": "us-east-1a"}, UNKNOWN),
    ("delete_hsm", {"ClusterId": made}, INVALID),
    ("delete_hsm", {"ClusterId": made, "HsmId": "hsm-aaaaaaaaaaa"}, UNKNOWN),
    ("delete_hsm", {"ClusterId": made, "HsmId": "hsm-aaaaaaaaaaa", "EniIp": "10.0.0.9"}, INVALID),
    ("modify_backup_attributes", {"BackupId": GONE, "NeverExpires": True}, UNKNOWN),
    ("modify_backup_attributes", {"BackupId": GONE}, INVALID),
    ("delete_backup", {"BackupId": GONE}, UNKNOWN),
    ("delete_backup", {"BackupId": "backup-0"}, INVALID),
    ("restore_backup", {"BackupId": GONE}, UNKNOWN),
    ("copy_backup_to_region", {"BackupId": GONE, "DestinationRegion": "eu-west-1"}, UNKNOWN),
    ("copy_backup_to_region", {"BackupId": GONE, "DestinationRegion": "the-moon"}, INVALID),
    ("tag_resource", {"ResourceId": NONE, "TagList": [{"Key": "a", "Value": "b"}]}, UNKNOWN),
    ("tag_resource", {"ResourceId": made, "TagList": []}, INVALID),
    ("tag_resource", {"ResourceId": "vpc-1", "TagList": [{"Key": "a", "Value": "b"}]}, INVALID),
    ("untag_resource", {"ResourceId": NONE, "TagKeyList": ["a"]}, UNKNOWN),
    ("list_tags", {"ResourceId": NONE}, UNKNOWN),
    ("list_tags", {"ResourceId": made, "MaxResults": 101}, INVALID),
    ("put_resource_policy", {"ResourceArn": ARN, "Policy": "{}"}, UNKNOWN),
    ("get_resource_policy", {"ResourceArn": ARN}, UNKNOWN),
    ("delete_resource_policy", {"ResourceArn": ARN}, UNKNOWN),
    ("get_resource_policy", {"ResourceArn": "arn:aws:s3:::x"}, INVALID),
]

for number, (operation, arguments, name) in enumerate(CASES):
    what = f"{operation} {arguments}"
    try:
        answer = getattr(home, operation)(**arguments)
    except ClientError as error:
        got = error.response["Error"]["Code"]
        expect(got == name, f"{what} was refused by {error}")
        expect(isinstance(error, getattr(home.exceptions, name)), f"{what}: the class of {error}")
        expect(error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, f"{what}: its status")
        expect(error.response["ResponseMetadata"]["RequestId"], f"{what}: its request id")
    else:
        expect(False, f"{what} was answered {answer}")

# An unknown id is no error in a listing, and quotas are the fact sheet's.
expect(home.describe_clusters(Filters={"clusterIds": [NONE]})["Clusters"] == [], "no cluster")
for _ in range(3):
    home.create_cluster(HsmType="hsm2m.medium", SubnetIds=SUBNETS)
try:
    home.create_cluster(HsmType="hsm2m.medium", SubnetIds=SUBNETS)
except home.exceptions.CloudHsmInvalidRequestException:
    pass
else:
    expect(False, "a fifth cluster was made")
print(f"{len(CASES) + 1} refusals, all as the model says")

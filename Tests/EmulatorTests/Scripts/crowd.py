"""Sixteen clients at once: quotas hold, every read is whole, and no cluster is told twice."""
import sys
from concurrent.futures import ThreadPoolExecutor

from strict import client, expect

url = sys.argv[1]
REGIONS = ["us-east-1", "eu-west-1"]


def create(number):
    made = client(url, region=REGIONS[number % 2])
    try:
        return made.create_cluster(
            HsmType="hsm2m.medium",
            SubnetIds=["subnet-0a1b2c3d"],
            TagList=[{"Key": "number", "Value": str(number)}],
        )["Cluster"]["ClusterId"]
    except made.exceptions.CloudHsmInvalidRequestException as error:
        expect("quota" in str(error), f"{error}")
        return None


def look(number):
    made = client(url, region=REGIONS[number % 2])
    clusters = made.describe_clusters()["Clusters"]
    expect(all(len(c["TagList"]) == 1 for c in clusters), "a cluster that is half there")
    made.describe_backups()
    return None


with ThreadPoolExecutor(16) as crowd:
    work = [crowd.submit(create if n % 3 else look, n) for n in range(96)]
    made = [each.result() for each in work]
made = [id for id in made if id]
expect(len(made) == len(set(made)) == 8, f"{len(made)} clusters, with a quota of four in each Region")
for region in REGIONS:
    listed = client(url, region=region).describe_clusters()["Clusters"]
    expect(len(listed) == 4 and {c["ClusterId"] for c in listed} <= set(made), f"{region}: {listed}")
print("a crowd of sixteen was served")

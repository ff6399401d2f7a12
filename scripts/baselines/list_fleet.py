"""Lists every cluster and backup of some Regions with boto3's paginators, and does no more with it.

One call after another, or with a thread for each listing of each Region: the least that any Python
program has to do before it can look at a backup.
"""

import concurrent.futures
import sys

import boto3
import botocore.config

how, regions = sys.argv[1], sys.argv[2:]
listings = [
    (region, operation)
    for region in regions
    for operation in ("describe_clusters", "describe_backups")
]
# A session is not safe for threads; clients are.
session = boto3.session.Session()
config = botocore.config.Config(retries={"mode": "standard"})
clients = {
    region: session.client("cloudhsmv2", region_name=region, config=config) for region in regions
}


def read(listing):
    region, operation = listing
    size = {"describe_clusters": 25, "describe_backups": 50}[operation]
    pages = (
        clients[region].get_paginator(operation).paginate(PaginationConfig={"PageSize": size})
    )
    read = [page.get("Clusters") or page.get("Backups") or [] for page in pages]
    return operation, len(read), sum(map(len, read))


if how == "threads":
    with concurrent.futures.ThreadPoolExecutor(len(listings)) as pool:
        results = list(pool.map(read, listings))
else:
    results = [read(listing) for listing in listings]

clusters = sum(items for operation, _, items in results if operation == "describe_clusters")
backups = sum(items for operation, _, items in results if operation == "describe_backups")
# The pages that must follow each other: those of the longest listing.
print(clusters, backups, max(pages for _, pages, _ in results))

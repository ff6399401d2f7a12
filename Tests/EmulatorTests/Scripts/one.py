"""Makes one call through boto3, or the same several times, and prints each answer: URL operation
[arguments as JSON [times]]."""
import json
import sys

from botocore.exceptions import ClientError

from strict import client

url, operation = sys.argv[1:3]
arguments = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
made = client(url)
for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
    try:
        answer = getattr(made, operation)(**arguments)
    except ClientError as error:
        print(error.response["Error"]["Code"])
    else:
        answer.pop("ResponseMetadata")
        print(json.dumps(answer, default=str))

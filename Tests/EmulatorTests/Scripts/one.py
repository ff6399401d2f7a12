"""Makes one call through boto3 and prints the answer: URL operation [arguments as JSON]."""
import json
import sys

from botocore.exceptions import ClientError

from strict import client

url, operation = sys.argv[1:3]
arguments = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
try:
    answer = getattr(client(url), operation)(**arguments)
except ClientError as error:
    print(error.response["Error"]["Code"])
else:
    answer.pop("ResponseMetadata")
    print(json.dumps(answer, default=str))

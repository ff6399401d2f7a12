"""Asks from an address that is not this machine's loopback: the API answers, the control paths do
not, whatever the request says of its host."""
import http.client
import json
import sys
import urllib.parse

port = urllib.parse.urlparse(sys.argv[1]).port
address = sys.argv[2]
CALL = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "BaldrApiService.DescribeClusters"}


def ask(method, path, body, headers):
    connection = http.client.HTTPConnection(address, port, timeout=20)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    return response.status, response.read()


status, body = ask("POST", "/", b"{}", CALL)
assert status == 200 and json.loads(body) == {"Clusters": []}, body
for host in (f"{address}:{port}", f"localhost:{port}", "127.0.0.1"):
    for method, path in (("GET", "clock"), ("POST", "advance?by=3d"), ("POST", "lose-region?region=us-east-1")):
        status, body = ask(method, f"/_strongroom/{path}", None, {"Host": host})
        assert status == 403, f"{path} by {host}: {status} {body}"
status, body = ask("POST", "/", b"{}", CALL)
assert status == 200, body
print("a neighbour changes nothing")

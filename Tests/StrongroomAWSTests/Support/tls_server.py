"""A stand-in over TLS: writes its port to a file, and prints a line for each request that came through.

Arguments: certificate, key, lowest and highest TLS version (such as 1.2), a path without its ending:
the port is written to PATH.port, and the server ends once PATH.stop is there.
"""
import http.server
import os
import ssl
import sys

certificate, key, lowest, highest, path = sys.argv[1:6]
versions = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        print(f"request {self.command} {self.path} {len(body)}", flush=True)
        text = self.connection.version().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.set_ciphers("DEFAULT@SECLEVEL=0")
context.load_cert_chain(certificate, key)
context.minimum_version = versions[lowest]
context.maximum_version = versions[highest]
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(path + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(path + ".new", path + ".port")
server.timeout = 0.02
while not os.path.exists(path + ".stop"):
    server.handle_request()
sys.stdout.flush()
os._exit(0)

// A stand-in that speaks HTTP/2 alone: answers with the version, the method and the body it saw.
// Arguments: certificate, key, a path without its ending, as for tls_server.py.
const fs = require("fs");
const [certificate, key, path] = process.argv.slice(2);
const server = require("http2").createSecureServer({
  cert: fs.readFileSync(certificate),
  key: fs.readFileSync(key),
  allowHTTP1: false,
});
server.on("stream", (stream, headers) => {
  let body = "";
  stream.on("data", (part) => (body += part));
  stream.on("end", () => {
    if (headers[":path"] === "/silence") return;
    if (headers[":path"] === "/cut") return stream.session.destroy();
    stream.respond({ ":status": 200 });
    stream.end(`HTTP/2 ${headers[":method"]} ${headers[":authority"]} ${body}`);
  });
  stream.on("error", () => {});
});
server.on("sessionError", () => {});
server.listen(0, "127.0.0.1", () => {
  fs.writeFileSync(`${path}.new`, String(server.address().port));
  fs.renameSync(`${path}.new`, `${path}.port`);
});
setInterval(() => fs.existsSync(`${path}.stop`) && process.exit(0), 20);

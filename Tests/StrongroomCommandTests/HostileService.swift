import Foundation
import Glibc
import HostileText

/// A service of which every text is hostile: tags, state messages, refusals, request ids.
final class HostileService: Sendable {
    private let run: Started
    private let folder: Folder
    private let port: String

    private static let script = """
        import http.server, json, sys
        texts = json.load(open("hostile.json"))
        count = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                global count
                count += 1
                open("answered", "w").write(str(count))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "")
                status, body = 400, {}
                if target.endswith("DescribeClusters"):
                    status = 200
                    body = {"Clusters": [{
                        "ClusterId": "cluster-2ndsmpk7w5q", "State": "ACTIVE",
                        "StateMessage": texts[count % 300], "HsmType": "hsm2m.medium",
                        "Mode": "FIPS", "VpcId": "vpc-0a1b2c3d", "SecurityGroup": "sg-0a1b2c3d",
                        "BackupPolicy": "DEFAULT", "SubnetMapping": {"us-east-1a": "subnet-0a1b2c3d"},
                        "CreateTimestamp": 1790000000,
                        "BackupRetentionPolicy": {"Type": "DAYS", "Value": "90"},
                        "Hsms": [], "Surprise": texts,
                        "TagList": [{"Key": "k%d" % i, "Value": t} for i, t in enumerate(texts)],
                    }]}
                elif target:
                    name = "CloudHsmAccessDeniedException" if count % 2 else texts[count % 300]
                    body = {"__type": name, "Message": " ".join(texts)}
                data = json.dumps(body).encode()
                if not target:
                    status = 200
                    data = (b"<GetCallerIdentityResponse><GetCallerIdentityResult>"
                            b"<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA</UserId>"
                            b"<Account>111122223333</Account></GetCallerIdentityResult>"
                            b"</GetCallerIdentityResponse>")
                self.send_response(status)
                self.send_header("x-amzn-RequestId", "\\x9b31m::error::x ##vso[x]")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    /// Starts it and waits until it serves.
    ///
    /// - Parameter folder: Where it keeps what it needs.
    /// - Throws: When it cannot be started.
    init(in folder: Folder) throws {
        self.folder = folder
        try folder.write(try JSONEncoder().encode(HostileText.all), to: "hostile.json")
        try folder.write(Self.script, to: "service.py")
        let talk = Pipe()
        run = try Program.start(
            ["-c", "exec python3 service.py 1>&2"],
            in: folder,
            talk: talk.fileHandleForWriting,
            program: "/bin/sh"
        )
        try talk.fileHandleForWriting.close()
        var said = ""
        while !said.contains("\n") {
            let more = talk.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said += String(decoding: more, as: UTF8.self)
        }
        port = said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit { kill(run.pid, SIGTERM) }

    /// How many requests it has answered.
    func answered() throws -> Int { Int(try folder.text("answered")) ?? 0 }

    /// What a client's environment holds.
    var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)",
            "AWS_ACCESS_KEY_ID": "AKIDSTRONGROOMEMULATOR",
            "AWS_SECRET_ACCESS_KEY": "this-development-key-is-in-no-way-secret",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1",
        ]
    }
}

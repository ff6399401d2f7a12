import Foundation
import Testing

/// Keys and signatures, as users and other programs meet them.
@Suite("Signed plans")
struct PlanSigningTests {
    private func planned(_ more: String...) async throws -> Tree {
        let tree = try await Tree()
        try await tree.done("keygen", "--out", "key")
        let arguments = ["plan", "tree", "-o", "plan.json"] + more
        #expect(try await Program.run(arguments, in: tree.folder).status == 0)
        return tree
    }

    private func apply(_ tree: Tree, trusting keys: String...) async throws -> Program.Ended {
        let trust = keys.flatMap { ["--trusted-key", $0] }
        let arguments = ["apply", "plan.json", "tree", "--yes"] + trust
        return try await Program.run(arguments, in: tree.folder)
    }

    @Test("are carried out where their key is trusted, among others")
    func areTrusted() async throws {
        let tree = try await planned("--sign", "key.pem")
        try await tree.done("keygen", "--out", "other")
        let refused = try await apply(tree, trusting: "other.pub.pem")
        #expect(refused.status == 6)
        #expect(refused.err.contains("is not trusted here"))
        let both = try tree.folder.text("other.pub.pem") + tree.folder.text("key.pub.pem")
        try tree.folder.write(both, to: "keys.pem")
        #expect(try await apply(tree, trusting: "keys.pem").status == 0)
    }

    @Test("are asked for where a key is named")
    func areAskedFor() async throws {
        let tree = try await planned()
        let refused = try await apply(tree, trusting: "key.pub.pem")
        #expect(refused.status == 6)
        #expect(refused.err.contains("nobody signed"))
        try await tree.done("sign", "plan.json", "--key", "key.pem")
        #expect(try await apply(tree, trusting: "key.pub.pem").status == 0)
    }

    @Test("never take a key's place: nothing of a key is overwritten")
    func keysAreNotOverwritten() async throws {
        let tree = try await planned()
        let before = try tree.folder.text("key.pem")
        #expect(try await tree.run("keygen", "--out", "key").status == 1)
        #expect(try tree.folder.text("key.pem") == before)
        try await tree.done("keygen", "--out", "half")
        try FileManager.default.removeItem(at: tree.folder.file("half.pem"))
        try FileManager.default.createSymbolicLink(
            at: tree.folder.file("half.pem"),
            withDestinationURL: tree.folder.file("stolen")
        )
        #expect(try await tree.run("keygen", "--out", "half").status == 1)
        #expect(!FileManager.default.fileExists(atPath: tree.folder.file("stolen").path))
    }

    @Test(
        "are made with keys that are their owner's only",
        arguments: ["chmod 644", "ln -s", "fifo"]
    )
    func keysAreTheirOwners(attack: String) async throws {
        let tree = try await planned()
        let key = tree.folder.file("key.pem").path
        let mode = { (path: String) in
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(key) == 0o600)
        let secret = try tree.folder.text("key.pem").split(separator: "\n")[1]
        switch attack {
        case "chmod 644":
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        case "ln -s":
            try FileManager.default.moveItem(atPath: key, toPath: key + ".real")
            try FileManager.default.createSymbolicLink(
                atPath: key,
                withDestinationPath: key + ".real"
            )
        default:
            try FileManager.default.removeItem(atPath: key)
            #expect(mkfifo(key, 0o600) == 0)
        }
        let ended = try await tree.run("plan", "tree", "-o", "signed.json", "--sign", "key.pem")
        #expect(ended.status == 1)
        #expect(ended.err.contains("key.pem"))
        #expect(!(ended.err + ended.out).contains(secret))
        #expect(!FileManager.default.fileExists(atPath: tree.folder.file("signed.json").path))
    }

    @Test("hold nothing of the private key, nor does any message")
    func keysAreKeptSecret() async throws {
        let tree = try await Tree()
        let made = try await tree.done("keygen", "--out", "key")
        let secret = try tree.folder.text("key.pem").split(separator: "\n")[1]
        let raw = try #require(Data(base64Encoded: String(secret))).suffix(32)
        let digits = raw.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let planned = try await tree.done(
            "plan",
            "tree",
            "-o",
            "plan.json",
            "--sign",
            "key.pem",
            "--verbose"
        )
        let applied = try await tree.done("apply", "plan.json", "tree", "--yes", "--verbose")
        var texts = [made, planned, applied].flatMap { [$0.out, $0.err] }
        texts.append(try tree.folder.text("plan.json"))
        texts += try tree.contents().values.map { String(decoding: $0, as: UTF8.self) }
        for text in texts { #expect(!text.contains(secret) && !text.contains(digits)) }
    }

    @Test(
        "fit what openssl makes and checks",
        .enabled(if: OpenSSL.isThere, "openssl is not there")
    )
    func fitOpenSSL() async throws {
        let tree = try await planned()
        let folder = tree.folder
        let ours = try OpenSSL.run("pkey", "-in", "key.pem", "-pubout", in: folder)
        #expect(ours == (try folder.text("key.pub.pem")))
        _ = try OpenSSL.run("genpkey", "-algorithm", "ed25519", "-out", "theirs.pem", in: folder)
        _ = try OpenSSL.run(
            "pkey",
            "-in",
            "theirs.pem",
            "-pubout",
            "-out",
            "theirs.pub.pem",
            in: folder
        )
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: folder.file("theirs.pem").path
        )
        try await tree.done("sign", "plan.json", "--key", "theirs.pem")
        // What is signed is what the page says.
        let plan = try JSONDecoder().decode(
            SignedPlan.self,
            from: Data(folder.text("plan.json").utf8)
        )
        let bytes = stride(from: 0, to: plan.signature.value.count, by: 2).map { index in
            let start = plan.signature.value.index(plan.signature.value.startIndex, offsetBy: index)
            return UInt8(plan.signature.value[start...].prefix(2), radix: 16) ?? 0
        }
        try folder.write(Data(bytes), to: "value")
        try folder.write("strongroom-plan-signature/1\n\(plan.sha256)\n", to: "signed")
        let checked = try OpenSSL.run(
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "theirs.pub.pem",
            "-rawin",
            "-in",
            "signed",
            "-sigfile",
            "value",
            in: folder
        )
        #expect(checked.contains("Verified Successfully"))
        #expect(try await apply(tree, trusting: "theirs.pub.pem").status == 0)
    }

    private struct SignedPlan: Decodable {
        let sha256: String
        let signature: Signature

        struct Signature: Decodable {
            let value: String
        }
    }
}

/// The openssl of this machine.
private enum OpenSSL {
    static let path = "/usr/bin/openssl"

    /// Whether it is there; where not, what needs it is skipped.
    static let isThere = FileManager.default.isExecutableFile(atPath: path)

    static func run(_ arguments: String..., in folder: Folder) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}

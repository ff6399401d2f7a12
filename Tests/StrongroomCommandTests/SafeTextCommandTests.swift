import Foundation
import HostileText
import Testing

/// What others wrote comes out of the built program as text, on both streams, in every format.
@Suite("Safe text from the built program") struct SafeTextCommandTests {
    private static let colours = ["1", "2", "31", "32", "33", "34", "36", "1;33", "0"].map {
        "\u{1B}[\($0)m"
    }

    private func expectSafe(_ ended: Program.Ended, _ what: String, colours: [String] = []) {
        for (stream, text) in [("standard output", ended.out), ("standard error", ended.err)] {
            let faults = HostileText.faults(in: text.utf8, allowing: colours)
            #expect(faults.isEmpty, "\(what), \(stream): \(faults.prefix(5))")
        }
    }

    @Test func everyArgumentIsSaidSafely() async throws {
        let folder = try Folder()
        for (index, text) in HostileText.all.enumerated() {
            // An argument ends at the first zero.
            let text = String(text.prefix { $0 != "\0" })
            let lines = [
                ["validate", text], ["plan", "--format", text], [text], ["status", "--now", text],
                ["plan", "--selector", text, "."], ["--\(text)"], ["apply", "x", "--digest", text],
                ["resolve", "abcdef", "--done", "--reason", text, "--made", text, text],
                ["keygen", "--out", text, text], ["init", "x/\(text)", "--now", text],
                ["simulate", "advance", text], ["observe", "--region=\(text)", "-\(text)"],
            ]
            let line = lines[index % lines.count]
            let ended = try await Program.run(line, in: folder)
            expectSafe(ended, "\(line)")
            #expect(!ended.err.isEmpty || !ended.out.isEmpty || ended.status == 0)
        }
    }

    @Test(arguments: ["$'\\xff'", "$'caf\\xe9.yaml'"])
    func anArgumentThatIsNoTextIsSaidToBeNone(name: String) async throws {
        let folder = try Folder()
        let ended = try await Program.start(
            ["-c", "touch \(name); exec \(try Program.path()) validate \(name)"],
            in: folder,
            program: "/bin/bash"
        ).end()
        #expect(ended.status == 64)
        #expect(ended.err.contains("is not UTF-8") && ended.err.contains("\\x"))
        expectSafe(ended, name)
    }

    @Test func helpAndVersionsAreAsTheParserWritesThem() async throws {
        let folder = try Folder()
        let version = try await Program.run(["--version"], in: folder)
        #expect(version.status == 0 && version.out.split(separator: ".").count == 3)
        let help = try await Program.run(["help", "plan"], in: folder)
        #expect(help.status == 0 && help.out.contains("USAGE: strongroom plan"))
        let wrong = try await Program.run(["plan", "--format", "xml"], in: folder)
        #expect(
            wrong.status == 64 && wrong.err.contains("Error: ") && wrong.err.contains("\nUsage:")
        )
        for shell in ["bash", "zsh", "fish"] {
            let script = try await Program.run(["--generate-completion-script", shell], in: folder)
            #expect(script.status == 0 && !script.out.contains("\\u{"), "\(shell)")
        }
    }

    @Test func everyManifestAndFileNameIsShownSafely() async throws {
        let tree = try await Tree()
        for (index, text) in HostileText.all.enumerated() {
            let name = text.unicodeScalars.filter { $0 != "/" && $0 != "\0" }.prefix(40)
            let manifest = """
                apiVersion: strongroom/v1
                kind: Cluster
                metadata: { name: "x\(index)" } # \(text)
                \(text): \(text)
                spec: { mode: \(text) }
                """
            try tree.folder.write(manifest, to: "tree/more/\(index)\(String(name)).yaml")
        }
        for format in ["text", "json"] {
            let ended = try await tree.run("validate", "tree", "--format", format)
            #expect(ended.status == 65)
            #expect(ended.out.contains("forged"))
            expectSafe(ended, "validate as \(format)")
        }
        let coloured = try await tree.run("validate", "tree", "--color", "always")
        #expect(coloured.out.contains("\u{1B}[31m"))
        expectSafe(coloured, "validate in colour", colours: Self.colours)
        expectSafe(try await tree.run("plan", "tree"), "plan")
    }

    @Test func theCaretStandsUnderWhatWasEscaped() async throws {
        let tree = try await Tree()
        try tree.folder.replace(
            "mode: FIPS",
            with: "mode: \"##vso[x]\u{9B}\" # ::error::x",
            in: "tree/clusters/payments.yaml"
        )
        let ended = try await tree.run("validate", "tree")
        expectSafe(ended, "validate")
        let lines = ended.out.split(separator: "\n", omittingEmptySubsequences: false)
        let source = try #require(lines.firstIndex { $0.contains("\\u{23}#vso[x]") })
        let caret = try #require(lines[source + 1].firstIndex(of: "^"))
        let column = lines[source + 1].distance(from: lines[source + 1].startIndex, to: caret)
        #expect(
            lines[source].dropFirst(column).first.map { "\"\\".contains($0) } == true,
            "\(ended.out)"
        )
    }

    @Test func whatIsPlannedAndKeptIsSafe() async throws {
        let tree = try await Tree(.whole)
        let group = try tree.groupFile()
        let old = try JSONSerialization.jsonObject(with: Data(contentsOf: tree.folder.file(group)))
        var file = try #require(old as? [String: Any])
        var cluster = try #require(file["Cluster"] as? [String: Any])
        cluster["StateMessage"] = HostileText.all[0]
        var hsms = try #require(cluster["Hsms"] as? [[String: Any]])
        for index in hsms.indices { hsms[index]["StateMessage"] = HostileText.all[20 + index] }
        cluster["Hsms"] = hsms
        let own = try #require(cluster["TagList"] as? [Any])
        let tags = HostileText.all.enumerated().filter { !$0.element.contains("\0") }.map {
            ["Key": "t\($0.offset)", "Value": String($0.element.prefix(200))]
        }
        cluster["TagList"] = own + tags + [["Key": "##vso[x]\u{9B}", "Value": "::error::x"]]
        file["Cluster"] = cluster
        try tree.folder.write(try JSONSerialization.data(withJSONObject: file), to: group)
        // A reason is taken without control characters only.
        let reason = Self.yaml(
            "##vso[task.complete]x ::error::y ##[error]z ##teamcity[q] abc\u{202E}cba\u{200B}"
        )
        let purge = """

              purge: { materialRemovedAt: 2026-11-19T09:00:00Z, reason: \(reason) }
            """
        let freeze = """

              freeze: { reason: \(reason), until: 2026-12-25T09:00:00Z }

            """
        for part in ["", purge, freeze] {
            let manifest = try tree.folder.text("tree/clusters/payments.yaml")
            try tree.folder.write(manifest + part, to: "tree/clusters/payments.yaml")
            for arguments in [
                ["plan", "tree"], ["plan", "tree", "--format", "json"],
                ["plan", "tree", "--format", "markdown"], ["apply", "tree", "--yes"],
                ["status", "tree"], ["status", "tree", "--format", "json"],
                ["state", "verify", "tree"], ["simulate", "advance", "3d", "tree"],
                ["plan", "tree", "--verbose", "-o", "p.json", "--proof", "q.json"],
            ] {
                let ended = try await Program.run(arguments, in: tree.folder)
                #expect(
                    ![64, 65, 10].contains(ended.status),
                    "\(arguments): \(ended.out)\(ended.err)"
                )
                expectSafe(ended, "\(arguments)")
            }
        }
        for (path, data) in try tree.folder.contents()
        where !path.hasSuffix(".yaml") && !path.hasSuffix("lock.owner") {
            let faults = HostileText.faults(in: data)
            #expect(faults.isEmpty, "\(path): \(faults.prefix(3))")
        }
    }

    @Test func whatTheServiceSaysIsShownSafely() async throws {
        let tree = try await Tree()
        try tree.folder.replace("service: simulator", with: "service: aws", in: "tree/fleet.yaml")
        try tree.folder.replace(
            "  regions:",
            with: "  accounts: [{ name: prod, id: \"111122223333\" }]\n  regions:",
            in: "tree/fleet.yaml"
        )
        try FileManager.default.removeItem(at: tree.folder.file("tree/state"))
        let server = try HostileService(in: tree.folder)
        for arguments in [
            ["observe", "tree", "--trace"], ["plan", "tree", "--trace"],
            ["status", "tree", "--verbose"],
            ["plan", "tree", "--format", "json"], ["plan", "tree", "--format", "markdown"],
            ["adopt", "tree", "-o", "-"], ["plan", "tree", "--offline"],
        ] {
            let ended = try await Program.run(
                arguments,
                in: tree.folder,
                environment: server.environment
            )
            expectSafe(ended, "\(arguments)")
            if arguments.contains("--trace") {
                #expect(
                    ended.err.contains("trace: call") && ended.err.contains("forged"),
                    "\(ended.err)"
                )
            }
        }
        #expect(try server.answered() > 4)
    }

    /// A text in YAML's double quotes; what YAML cannot hold raw is escaped.
    private static func yaml(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            (0x20...0x7E).contains(scalar.value) && !"\"\\".unicodeScalars.contains(scalar)
                ? String(scalar)
                : "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16)
        }
        return "\"\(escaped.joined())\""
    }
}

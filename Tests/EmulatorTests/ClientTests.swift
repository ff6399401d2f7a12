import Testing

/// Clients that are not ours, against the built emulator.
@Suite("Other people's clients", .enabled(if: Clients.areThere, Clients.missing))
struct ClientTests {
    @Test("boto3 runs all 18 operations, and every byte is as the service's model says")
    func allOperations() async throws {
        let emulator = try await Emulator("--instant", "--auto-activate")
        let told = try await Clients.run("all_operations.py", emulator.url)
        #expect(told.hasPrefix("18 operations"))
    }

    @Test("boto3 gets every refusal by its class, status and message")
    func refusals() async throws {
        let emulator = try await Emulator("--instant")
        let told = try await Clients.run("refusals.py", emulator.url)
        #expect(told.contains("refusals, all as the model says"))
    }

    @Test("the AWS command line tells a cluster's whole life")
    func commandLineStory() async throws {
        let emulator = try await Emulator("--speed", "3600")
        let told = try await Clients.run("cli_story.py", emulator.url)
        #expect(told.hasPrefix("told in"))
    }

    @Test("pages lead to the end; retention, tags and policies do what they say")
    func paging() async throws {
        let emulator = try await Emulator(
            "--fill",
            "2",
            "--fill-clusters",
            "60",
            "--fill-backups",
            "30",
            "--read-lag",
            "0s",
            "--access-key",
            "OWNER:first-secret:111122223333",
            "--access-key",
            "OTHER:second-secret:444455556666"
        )
        let told = try await Clients.run("paging.py", emulator.url)
        #expect(told.contains("all as the model says"))
    }

    @Test("signatures are judged by AWS's names, and roles are handed out")
    func signatures() async throws {
        let emulator = try await Emulator(
            "--instant",
            "--access-key",
            "OWNER:first-secret:111122223333",
            "--access-key",
            "OTHER:second-secret:444455556666"
        )
        let told = try await Clients.run("signatures.py", emulator.url)
        #expect(told.contains("signatures judged"))
        let ended = try await emulator.end()
        #expect(!(ended.out + ended.err).contains("secret:"), "a secret was printed")
        #expect(!(ended.out + ended.err).contains("first-secret"), "a secret was printed")
    }

    @Test("boto3 runs all 18 operations over TLS too")
    func overTLS() async throws {
        let folder = try Folder()
        let made = try await Run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-batch",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                "-keyout", folder.path("key.pem"), "-out", folder.path("certificate.pem"),
            ]
        ).end()
        try #require(made.status == 0, "\(made.err)")
        let emulator = try await Emulator(
            "--instant",
            "--auto-activate",
            "--tls-certificate",
            folder.path("certificate.pem"),
            "--tls-key",
            folder.path("key.pem")
        )
        #expect(emulator.url.hasPrefix("https://127.0.0.1:"))
        let told = try await Clients.run(
            "all_operations.py",
            emulator.url,
            environment: ["AWS_CA_BUNDLE": folder.path("certificate.pem")]
        )
        #expect(told.hasPrefix("18 operations"))
    }

    @Test("many clients at once are served one after another")
    func crowd() async throws {
        let folder = try Folder()
        let emulator = try await Emulator(
            "--instant",
            "--state",
            folder.path("state"),
            "--allow-volatile-state"
        )
        #expect(try await Clients.run("crowd.py", emulator.url) == "a crowd of sixteen was served")
    }
}

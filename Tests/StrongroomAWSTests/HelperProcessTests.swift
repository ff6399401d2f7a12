import CloudHSM
import CloudHSMWire
import Foundation
import Glibc
import StrongroomAWS
import Testing

/// Programs that print credentials, well behaved and not.
@Suite("Helper programs", .timeLimit(.minutes(5)))
struct HelperProcessTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A profile whose helper is a script.
    private func source(
        _ script: String,
        arguments: String = "",
        variables: [String: String] = [:],
        timeLimit: Duration = .seconds(30),
        configMode: Int = 0o600,
        user: UInt32 = getuid()
    ) throws -> any CredentialSource {
        let helper = try folder.write("#!/bin/bash\n\(script)\n", to: "bin/helper", mode: 0o700)
        let config = try folder.write(
            "[profile p]\ncredential_process = \"\(helper)\" \(arguments)\n",
            to: "config",
            mode: configMode
        )
        let own = ["AWS_PROFILE": "p", "AWS_CONFIG_FILE": config, "PATH": "/usr/bin:/bin"]
        let clock = TestClock()
        return try CredentialChain(
            CredentialEnvironment(
                variables: own.merging(variables) { $1 },
                homeDirectory: folder.path,
                userID: user,
                now: { clock.now }
            ),
            over: NetworkExchange.shared.get(),
            endpoints: EndpointSettings(variables: [:]),
            sessionName: "run-1",
            helperTimeLimit: timeLimit,
            warn: { _ in }
        ).source()
    }

    private static let good = """
        echo '{"Version": 1, "AccessKeyId": "AKIAHELPER0000000001", \
        "SecretAccessKey": "\(Canary.secret)", "SessionToken": "\(Canary.session)", \
        "Expiration": "2099-01-01T00:00:00Z"}'
        """

    private func fault(of source: any CredentialSource) async -> CredentialFault? {
        do {
            let credentials = try await source.credentials()
            Issue.record("gave \(credentials)")
        } catch let fault as CredentialFault {
            #expect(!Canary.isIn("\(fault) \(String(reflecting: fault))"))
            return fault
        } catch {
            Issue.record("not a CredentialFault: \(error)")
        }
        return nil
    }

    @Test func whatAHelperPrintsIsTaken() async throws {
        let credentials = try await source(Self.good).credentials()
        #expect(credentials.signing.accessKeyID == "AKIAHELPER0000000001")
        #expect(credentials.signing.secretAccessKey == Secret(Canary.secret))
        #expect(credentials.signing.sessionToken == Secret(Canary.session))
        #expect(credentials.expiresAt == Timestamp("2099-01-01T00:00:00Z"))
        #expect(credentials.source.contains("credential_process of profile p in "))
    }

    @Test func aHelperThatHangsIsKilledWithAllItStarted() async throws {
        let mark = "\(folder.path)/still-there"
        let script = "(sleep 1; touch \(mark)) & sleep 600"
        let begin = ContinuousClock.now
        let fault = await fault(of: try source(script, timeLimit: .milliseconds(400)))
        #expect("\(try #require(fault))".contains("did not end within 0.4 seconds"))
        #expect(ContinuousClock.now - begin < .seconds(60), "it is not waited for")
        try await Task.sleep(for: .milliseconds(1_500))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test func aHelperThatClosesItsOutputAndHangsIsKilled() async throws {
        let fault = await fault(
            of: try source("exec >&- 2>&-; sleep 600", timeLimit: .milliseconds(400))
        )
        #expect("\(try #require(fault))".contains("did not end within"))
    }

    @Test(arguments: [
        "sleep 600 &", "(sleep 600; echo late) & disown", "(while true; do sleep 0.01; done) &",
    ])
    func aChildThatHoldsTheOutputOpenIsNotWaitedFor(child: String) async throws {
        let begin = ContinuousClock.now
        let credentials = try await source("\(child)\n\(Self.good)").credentials()
        #expect(credentials.signing.accessKeyID == "AKIAHELPER0000000001")
        #expect(ContinuousClock.now - begin < .seconds(25))
    }

    @Test func aHelperThatFailsBesideAChildIsSaidToFail() async throws {
        let script = "sleep 600 &\necho 'sign in again' >&2; exit 7"
        let text = "\(try #require(await fault(of: try source(script))))"
        #expect(text.contains("exit code 7: sign in again"), "\(text)")
    }

    @Test func aLongAnswerWrittenJustBeforeTheEndIsWhole() async throws {
        let script = "head -c 60000 /dev/zero | tr '\\0' ' '\n\(Self.good)"
        let credentials = try await source(script).credentials()
        #expect(credentials.signing.secretAccessKey == Secret(Canary.secret))
    }

    @Test(arguments: [
        ("out", "yes \(Canary.secret)", "printed more than 65536 bytes"),
        ("err", "yes \(Canary.secret) | head -c 3000000 >&2; exit 3", "exit code 3"),
    ])
    func aHelperThatTalksTooMuchIsNotKeptInMemory(
        name: String,
        script: String,
        words: String
    ) async throws {
        let fault = await fault(of: try source(script))
        #expect("\(try #require(fault))".contains(words))
    }

    @Test func whyAHelperFailedIsSaidWithoutItsSecrets() async throws {
        let script = """
            echo "secret \(Canary.secret)" >&2
            printf 'The session has \\033[31mexpired, sign in again; token=\(Canary.session)\\n' >&2
            exit 255
            """
        let text = "\(try #require(await fault(of: try source(script))))"
        #expect(text.contains("exit code 255"))
        #expect(text.contains("expired, sign in again;"))
        #expect(text.contains("<redacted>"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test(arguments: [
        "echo '{\"Version\": 2, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"\(Canary.secret)\"}'",
        "echo '{\"Version\": 1, \"AccessKeyId\": \"AKIA\"}'",
        "echo '{\"Version\": 1, \"SecretAccessKey\": \"\(Canary.secret)\"}'",
        "echo '{\"Version\": 1, \"AccessKeyId\": \"AK IA\", \"SecretAccessKey\": \"\(Canary.secret)\"}'",
        "echo '{\"Version\": 1, \"AccessKeyId\": \"AKIA\", \"SecretAccessKey\": \"\(Canary.secret)\\n\"}'",
        "echo '\(Canary.secret)'", "true",
        "echo '{\"Version\": 1, \"AccessKeyId\": \"AKIA\", \"SecretAccessKey\": 7, \"x\": \"\(Canary.secret)\"}'",
    ])
    func whatIsNoDocumentIsRefused(script: String) async throws {
        _ = try #require(await fault(of: try source(script)))
    }

    @Test func aHelperSeesNoCredentialAndNoOpenFileOfOurs() async throws {
        let leak = open("/etc/hostname", O_RDONLY)
        try #require(leak > 2)
        defer { close(leak) }
        let script = """
            env > \(folder.path)/env
            ls /proc/self/fd | tr '\\n' ' ' > \(folder.path)/fds
            readlink /proc/self/fd/0 > \(folder.path)/stdin
            \(Self.good)
            """
        let secrets = [
            "AWS_SESSION_TOKEN": Canary.session, "GITHUB_TOKEN": Canary.bearer,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": Canary.bearer, "SHELLOPTS": "xtrace",
            "LD_PRELOAD": "/tmp/evil.so", "BASH_ENV": "/tmp/evil", "AWS_REGION": "eu-west-1",
        ]
        _ = try await source(script, variables: secrets).credentials()
        let environment = try String(contentsOfFile: "\(folder.path)/env", encoding: .utf8)
        #expect(!Canary.isIn(environment))
        let names = Set(
            environment.split(separator: "\n").compactMap { $0.split(separator: "=").first }
        )
        // The last four are the shell's own.
        #expect(
            names.isSubset(of: [
                "PATH", "HOME", "AWS_CONFIG_FILE", "AWS_REGION", "PWD", "SHLVL", "_", "OLDPWD",
            ])
        )
        #expect(names.contains("AWS_REGION"))
        // 3 is the folder that ls itself reads.
        let open = try String(contentsOfFile: "\(folder.path)/fds", encoding: .utf8)
        #expect(open.split(separator: " ") == ["0", "1", "2", "3"])
        let input = try String(contentsOfFile: "\(folder.path)/stdin", encoding: .utf8)
        #expect(input == "/dev/null\n")
    }

    @Test func whatAShellWouldObeyReachesTheHelperAsItIs() async throws {
        let mark = "\(folder.path)/obeyed"
        let arguments =
            "$(touch \(mark)) ; touch \(mark) | `touch \(mark)` && > \(mark) $HOME * 'a b' \"c \\\" d\" e\\ f \"\""
        let script = "printf '%s\\n' \"$@\" > \(folder.path)/arguments\n\(Self.good)"
        _ = try await source(script, arguments: arguments).credentials()
        let text = try String(contentsOfFile: "\(folder.path)/arguments", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(
            lines == [
                "$(touch", "\(mark))", ";", "touch", mark[...], "|", "`touch", "\(mark)`", "&&",
                ">", mark[...], "$HOME", "*", "a b", "c \" d", "e f", "",
            ]
        )
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test(arguments: ["'open", "\"open", "trailing\\"])
    func aCommandThatDoesNotEndIsRefused(arguments: String) async throws {
        _ = try #require(await fault(of: try source(Self.good, arguments: arguments)))
    }

    @Test(arguments: [0o620, 0o602, 0o666])
    func aFileThatOthersCanWriteNamesNoProgram(mode: Int) async throws {
        let mark = "\(folder.path)/ran"
        let source = try source("touch \(mark)\n\(Self.good)", configMode: mode)
        let fault = try #require(await fault(of: source))
        #expect("\(fault)".contains("others can write to it"))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test(.enabled(if: getuid() == 0, "giving files away takes root"))
    func aFileOfSomebodyElsesNamesNoProgram() async throws {
        let mark = "\(folder.path)/ran"
        _ = try source("touch \(mark)\n\(Self.good)")
        chown("\(folder.path)/config", 65_534, 65_534)
        let config = try CredentialFile(at: "\(folder.path)/config")
        #expect(config.owner == 65_534)
        let variables = ["AWS_PROFILE": "p", "AWS_CONFIG_FILE": "\(folder.path)/config"]
        let chain = try CredentialChain(
            CredentialEnvironment(
                variables: variables,
                homeDirectory: nil,
                userID: getuid(),
                now: { Timestamp(milliseconds: 0) }
            ),
            over: NetworkExchange.shared.get(),
            endpoints: EndpointSettings(variables: [:]),
            sessionName: "run-1",
            warn: { _ in }
        )
        let fault = try #require(await fault(of: try chain.source()))
        #expect("\(fault)".contains("belongs to user 65534"))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }
}

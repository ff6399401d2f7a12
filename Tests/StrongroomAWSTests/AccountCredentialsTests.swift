import CloudHSM
import CloudHSMWire
import Foundation
import Glibc
import StrongroomAWS
import Testing

/// An account's credentials: its own role, or the machine's.
@Suite("An account's credentials", .timeLimit(.minutes(5)))
struct AccountCredentialsTests {
    let folder: Folder
    let clock = TestClock()

    init() throws {
        folder = try Folder()
    }

    private static let identity = "arn:aws:sts::111122223333:assumed-role/strongroom/run-1"

    /// Credentials over a stand-in for STS.
    private func credentials(
        role: AccountCredentials.Role?,
        variables: [String: String],
        at sts: LocalServer
    ) throws -> AccountCredentials {
        let clock = clock
        let chain = CredentialChain(
            CredentialEnvironment(
                variables: variables,
                homeDirectory: folder.path,
                userID: getuid(),
                now: { clock.now }
            ),
            over: try NetworkExchange.shared.get(),
            endpoints: try EndpointSettings(variables: ["AWS_ENDPOINT_URL_STS": sts.address]),
            sessionName: "run-1",
            warn: { _ in }
        )
        return try AccountCredentials(
            account: AccountID("111122223333"),
            region: .usEast1,
            role: role,
            on: CredentialBase(chain),
            of: chain
        )
    }

    private func tokenService() throws -> LocalServer {
        let clock = clock
        return try LocalServer { request in
            let form = request.form
            guard form["Action"] == "AssumeRole" else {
                return .reply(200, TokenServiceText.identity(Self.identity))
            }
            guard form["ExternalId"] == "out:side/1", form["RoleSessionName"] == "run-1",
                request.headers["authorization"]?.contains("/us-east-1/sts/aws4_request") == true
            else { return .reply(403, TokenServiceText.refusal("AccessDenied")) }
            return .reply(
                200,
                TokenServiceText.session(
                    of: "AssumeRole",
                    key: "ASIAROLE000000000001",
                    role: form["RoleArn"] ?? "",
                    until: clock.now + .hours(1)
                )
            )
        }
    }

    @Test func aRoleIsTakenOnWithItsExternalIDAndTheRunsName() async throws {
        let sts = try tokenService()
        defer { sts.stop() }
        let keys = [
            "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00001", "AWS_SECRET_ACCESS_KEY": Canary.secret,
        ]
        let account = try credentials(
            role: .init(
                arn: "arn:aws:iam::111122223333:role/strongroom",
                externalID: "out:side/1"
            ),
            variables: keys,
            at: sts
        )
        let credentials = try await account.current()
        #expect(credentials.signing.accessKeyID == "ASIAROLE000000000001")
        #expect(
            "\(credentials)" == "\(Self.identity), from arn:aws:iam::111122223333:role/strongroom, "
                + "taken on with environment (AWS_ACCESS_KEY_ID), until \(clock.now + .hours(1))"
        )
        #expect(try await account.current() == credentials)
        #expect(sts.seen.compactMap { $0.form["Action"] } == ["AssumeRole", "GetCallerIdentity"])
        #expect(sts.seen.allSatisfy { !$0.text.contains(Canary.secret) })
    }

    @Test func whatTheServiceRefusesIsAskedForAnewFromTheMachine() async throws {
        let sts = try tokenService()
        defer { sts.stop() }
        func write(_ key: String) throws {
            let text = "[default]\naws_access_key_id = \(key)\naws_secret_access_key = x\n"
            _ = try folder.write(text, to: "keys")
        }
        try write("AKIAFIRST00000000001")
        let helper = try folder.write(
            """
            #!/bin/bash
            key=$(grep id "$HOME/keys" | cut -d' ' -f3)
            echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"$key\\", \\"SecretAccessKey\\": \\"x\\"}"
            """,
            to: "helper",
            mode: 0o700
        )
        _ = try folder.write("[default]\ncredential_process = \(helper)\n", to: ".aws/config")
        let account = try credentials(role: nil, variables: [:], at: sts)
        let first = try await account.current()
        #expect(first.signing.accessKeyID == "AKIAFIRST00000000001")
        try write("AKIASECOND0000000001")
        #expect(try await account.current() == first)
        await account.forget(first)
        #expect(try await account.current().signing.accessKeyID == "AKIASECOND0000000001")
    }
}

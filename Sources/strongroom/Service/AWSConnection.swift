import CloudHSM
import Foundation
import Logging
import StrongroomAWS
import StrongroomModel

/// The way to AWS of one command: addresses, credentials of every account, and the service itself.
struct AWSConnection {
    let service: AWSService

    /// The clock to live by instead of the service's; `nil` for the service's.
    let clock: EmulatorClock?

    /// The address of the service where it is not the usual one.
    let endpoint: String?

    /// Whether things may be changed there.
    let mayChange: Bool

    /// Where the credentials come from, for people.
    let source: String

    /// Is told what the run itself is doing.
    let log: Logger

    private let accounts: [AccountID: AccountCredentials]

    /// Prepares the way; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - fleet: What the manifests say.
    ///   - options: What the command line says.
    ///   - run: The streams and the log.
    /// - Throws: When an address, a profile or a role cannot be used.
    init(to fleet: DesiredFleet, _ options: AWSOptions, _ run: RunOptions) throws {
        let variables = ProcessInfo.processInfo.environment
        try GivenVariables.requireText(of: GivenVariables.ofCredentials(in: variables))
        let endpoints = try EndpointSettings(
            variables: variables,
            flags: options.endpointURL.map { [.cloudHSM: ("--endpoint-url", $0)] } ?? [:]
        )
        guard let region = fleet.regions.first else {
            throw Trouble("the fleet names no Region", .manifestsInvalid)
        }
        let address = try endpoints.endpoint(of: .cloudHSM, in: region)
        endpoint = address.isOverride ? "\(address.origin)" : nil
        mayChange = options.allowEndpoint || !address.isOverride
        let exchange = try NetworkExchange(trusting: TrustRoots(variables: variables))
        clock =
            try options.emulatorClock ? Self.emulatorClock(at: address, over: exchange) : nil
        let terminal = run.terminal
        let chain = CredentialChain(
            CredentialEnvironment(
                variables: variables,
                homeDirectory: variables["HOME"],
                profileFlag: options.profile,
                fallbackRegion: region,
                userID: getuid(),
                now: { .present }
            ),
            over: exchange,
            endpoints: endpoints,
            sessionName: Self.sessionName,
            warn: { terminal.say("warning: \($0)") }
        )
        let base = try CredentialBase(chain)
        source = base.name
        var accounts: [AccountID: AccountCredentials] = [:]
        for account in fleet.accounts {
            accounts[account.id] = try AccountCredentials(
                account: account.id,
                region: region,
                role: account.roleARN.map { .init(arn: $0, externalID: account.externalID) },
                on: base,
                of: chain
            )
        }
        self.accounts = accounts
        log = run.log
        service = AWSService(
            sessions: AccountSessions(accounts, of: chain),
            endpoints: endpoints,
            exchange: exchange,
            surroundings: AWSService.Surroundings(
                now: { .present },
                uptime: { Uptime.now },
                sleep: { try await Task.sleep(for: $0) },
                jitter: { Double.random(in: 0...1) }
            ),
            logger: log
        )
    }

    /// Who acts in each account: the ARN that STS names, and where the credentials come from.
    ///
    /// - Returns: A line for each account; none for one whose credentials cannot be had, which is said
    ///   where it is read.
    func identities() async -> [String] {
        var lines: [String] = []
        for (account, credentials) in accounts.sorted(by: { $0.key < $1.key }) {
            guard let identity = try? await credentials.current().identity else { continue }
            lines.append("account \(account): \(identity.arn), from \(credentials.source)")
        }
        return lines
    }

    private static func emulatorClock(
        at address: ServiceEndpoint,
        over exchange: any HTTPExchange
    ) throws -> EmulatorClock {
        guard address.isOverride, address.origin.isLoopback else {
            throw Trouble(
                "--emulator-clock is for strongroom-emulator on this machine: name its address with "
                    + "--endpoint-url",
                .failure
            )
        }
        return EmulatorClock(at: address.origin, over: exchange)
    }

    /// What sessions are called, so that CloudTrail tells one run from another.
    private static var sessionName: String {
        "strongroom-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }
}

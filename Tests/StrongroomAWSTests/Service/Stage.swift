import CloudHSM
import CloudHSMWire
import Logging
import StrongroomAWS
import StrongroomModel
import Synchronization

/// A service over a scripted exchange, in a time of its own.
struct Stage: Sendable {
    static let place = Place(account: account("111122223333"), region: region("us-east-1"))
    static let began = Timestamp(milliseconds: 1_795_000_000_000)
    static let listing = Call.describeClusters(DescribeClusters())
    static let removal = Call.deleteHSM(
        DeleteHSM(cluster: ClusterID(bits: 1), hsm: HSMID(bits: 2))
    )

    let exchange: ScriptedExchange
    let time = StageTime()
    let keys = StageKeys()
    let log = StageLog()
    let service: AWSService

    init(
        _ replies: [ScriptedExchange.Reply],
        variables: [String: String] = [:],
        rate: RequestRate.Limits = RequestRate.Limits(),
        jitter: Double = 1
    ) throws {
        let (time, keys, log) = (time, keys, log)
        exchange = ScriptedExchange(replies) { time.pass(.milliseconds(100)) }
        service = AWSService(
            sessions: AccountSessions(
                current: { _ in keys.current() },
                forget: { _, refused in keys.forget(refused) }
            ),
            endpoints: try EndpointSettings(variables: variables),
            exchange: exchange,
            surroundings: AWSService.Surroundings(
                now: { time.now },
                uptime: { time.uptime },
                sleep: { time.sleep($0) },
                jitter: { jitter }
            ),
            settings: AWSService.Settings(rate: rate),
            logger: log.logger
        )
    }

    /// Signs and sends a call.
    func perform(_ call: Call) async throws -> Answer {
        try await service.send(service.sign(call, at: Self.place, in: nil))
    }

    private static func account(_ text: String) -> AccountID { AccountID(text) ?? .simulated }

    private static func region(_ text: String) -> Region {
        guard let region = Region(text) else { preconditionFailure("\(text) is a Region") }
        return region
    }
}

/// A time that passes only when it is told to.
final class StageTime: Sendable {
    private struct State {
        var uptime = Duration.zero
        var skew = Duration.zero
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())

    /// The service's moment.
    var serviceNow: Timestamp { Stage.began + uptime }

    /// This machine's moment.
    var now: Timestamp { state.withLock { Stage.began + $0.uptime + $0.skew } }

    var uptime: Duration { state.withLock { $0.uptime } }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func pass(_ span: Duration) { state.withLock { $0.uptime += span } }
    func setSkew(_ skew: Duration) { state.withLock { $0.skew = skew } }

    func sleep(_ span: Duration) {
        state.withLock { state in
            state.sleeps.append(span)
            state.uptime += span
        }
    }
}

/// Credentials that can be renewed, and made to be of another account.
final class StageKeys: Sendable {
    private struct State {
        var number = 1
        var identity: CallerIdentity?
        var forgotten: [String] = []
    }

    static let token = "kiwi-token-0815-kiwi"
    static let secret = "kiwi-secret-4711-kiwi"

    private let state = Mutex(State())

    var forgotten: [String] { state.withLock { $0.forgotten } }

    func setIdentity(_ arn: String) { state.withLock { $0.identity = CallerIdentity(arn: arn) } }

    func current() -> Credentials {
        state.withLock { state in
            Credentials(
                signing: SigningCredentials(
                    accessKeyID: "AKIDEXAMPLE\(state.number)",
                    secretAccessKey: Secret(Self.secret),
                    sessionToken: Secret(Self.token)
                ),
                expiresAt: nil,
                source: "stage",
                identity: state.identity
            )
        }
    }

    func forget(_ refused: Credentials) {
        state.withLock { state in
            state.forgotten.append(refused.signing.accessKeyID)
            state.number += 1
        }
    }
}

/// A log that keeps its lines.
final class StageLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "stage") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: StageLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            log.add("\(event.level) \(event.message) \(pairs.joined(separator: " "))")
        }
    }
}

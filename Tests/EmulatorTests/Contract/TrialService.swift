import CloudHSM
import StrongroomAWS
import StrongroomModel
import StrongroomObservation
import StrongroomSimulator
import Testing

/// What stands behind the boundary `HSMService`.
enum Implementation: CaseIterable, Sendable, CustomTestStringConvertible {
    /// The simulated service, in process.
    case simulator
    /// The client, over a real socket, and the emulator at its other end.
    case client

    var testDescription: String {
        switch self {
        case .simulator: "the simulator in process"
        case .client: "the client over a socket"
        }
    }
}

/// A service on trial: an empty account in two Regions, where no read lags.
struct TrialService: Sendable {
    let service: any HSMService

    /// Where clusters are made.
    let home: Place

    /// Where copies go.
    let away: Place

    /// Does what no call does: an officer activates a cluster, a Region falls silent or comes back.
    let undergo: @Sendable (Deed) async throws -> Void

    /// How often an operation arrived at the service; `nil` where nobody counts.
    let arrivals: @Sendable (_ operation: String) throws -> Int?

    /// What happens outside of the API.
    enum Deed: Sendable {
        case activate(ClusterID)
        case lose(Region)
        case regain(Region)
    }

    /// Enough for listings of more than one page.
    static let quotas = Quotas(clusters: 40, hsms: 6)

    /// Puts an implementation on trial.
    ///
    /// - Parameters:
    ///   - implementation: Which.
    ///   - body: The trial.
    /// - Throws: What the trial throws; when a program cannot be started.
    static func with(
        _ implementation: Implementation,
        _ body: (TrialService) async throws -> Void
    ) async throws {
        switch implementation {
        case .simulator: try await body(simulator())
        case .client:
            let quota = ["--cluster-quota", "\(quotas.clusters)", "--hsm-quota", "\(quotas.hsms)"]
            try await OwnClient.with(["--read-lag", "0s", "--log-calls"] + quota, sleep: sleep) {
                try await body(client($0))
            }
        }
    }

    private static func places(of account: AccountID) throws -> (home: Place, away: Place) {
        (
            Place(account: account, region: try #require(Region("us-east-1"))),
            Place(account: account, region: try #require(Region("eu-west-1")))
        )
    }

    private static func simulator() throws -> TrialService {
        let service = try SimulatedService.begin(
            store: MemoryStore(),
            now: RealClock.now,
            settings: SimulatorSettings(readLag: .zero, quotas: quotas)
        )
        let (home, away) = try places(of: try #require(AccountID("111122223333")))
        return TrialService(
            service: service,
            home: home,
            away: away,
            undergo: { deed in
                switch deed {
                case .activate(let cluster): try service.activate(cluster)
                case .lose(let region): try service.loseRegion(region)
                case .regain(let region): try service.regainRegion(region)
                }
            },
            arrivals: { _ in nil }
        )
    }

    private static func client(_ client: OwnClient) throws -> TrialService {
        let (home, away) = try places(of: client.place.account)
        let aws = client.service
        let began = ContinuousClock.now
        let (emulator, interference) = (client.emulator, client.interference)
        return TrialService(
            service: PagedService(
                over: aws,
                accounts: [home.account],
                regions: [home.region, away.region],
                uptime: { began.duration(to: .now) }
            ) { call, place in try await aws.read(call, at: place) },
            home: home,
            away: away,
            undergo: { deed in
                switch deed {
                case .activate(let id): try await interference.undergo("activate?cluster=\(id)")
                case .lose(let region):
                    try await interference.undergo("lose-region?region=\(region)")
                case .regain(let region):
                    try await interference.undergo("regain-region?region=\(region)")
                }
            },
            arrivals: { operation in try emulator.calls(of: operation) }
        )
    }

    /// A second takes a second; longer spans are the emulator's to pass, whose clock can be put
    /// forward.
    private static func sleep(_ span: Duration, _ interference: Interference) async throws {
        guard span > .seconds(1) else { return try await Task.sleep(for: span) }
        try await interference.undergo("advance?by=\(Int(span / .seconds(1)))s")
    }
}

extension TrialService {
    /// Another answer came than the call has.
    struct AnotherAnswer: Error {}

    /// Signs a call and sends it.
    @discardableResult
    func perform(_ call: Call, at place: Place? = nil) async throws -> Answer {
        try await service.send(service.sign(call, at: place ?? home, in: nil))
    }

    /// Asks for a cluster.
    func creation(tags: [String: String] = ["env": "prod"]) throws -> CreateCluster {
        CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [
                try #require(AvailabilityZone("us-east-1a")): try #require(
                    SubnetID("subnet-0a1b2c3d")
                )
            ],
            mode: .fips,
            retention: try #require(RetentionPeriod(days: 30)),
            tags: tags
        )
    }

    /// Makes a cluster, which is not in service yet.
    func create() async throws -> GroupID {
        guard case .cluster(let made) = try await perform(.createCluster(try creation())) else {
            throw AnotherAnswer()
        }
        return GroupID(home: home, cluster: made.id)
    }

    /// A cluster in service, and its first backup.
    struct Activated {
        let id: GroupID
        let backup: Backup
    }

    /// Makes a cluster of one HSM, in service, with its first backup READY.
    func activate() async throws -> Activated {
        let id = try await create()
        let cluster = id.cluster
        try await service.wait(.minutes(5))
        let zone = try #require(AvailabilityZone("us-east-1a"))
        try await perform(.createHSM(CreateHSM(cluster: cluster, zone: zone)))
        try await service.wait(.minutes(10))
        let request = try #require(try await service.observe(id).cluster?.signingRequest)
        // How simulated worlds sign: the request, framed as a certificate.
        let signed = request.replacing("CERTIFICATE REQUEST", with: "CERTIFICATE")
        try await perform(
            .initializeCluster(
                InitializeCluster(cluster: cluster, signedCertificate: signed, trustAnchor: signed)
            )
        )
        try await service.wait(.minutes(5))
        try await undergo(.activate(cluster))
        try await service.wait(.minutes(10))
        let backup = try #require(try await service.observe(id).backups.first)
        return Activated(id: id, backup: backup)
    }

    /// A backup of a group as it is seen now.
    func seen(_ backup: BackupID, of id: GroupID) async throws -> Backup {
        try #require(try await service.observe(id).backup(backup))
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// A moment most tests begin at.
let morning = moment("2026-11-20T09:00:00Z")

/// A moment written down; a wrong one stops the test.
func moment(_ text: String) -> Timestamp {
    guard let moment = Timestamp(text) else { preconditionFailure("\(text) is no moment") }
    return moment
}

/// A value written down; a wrong one stops the test.
func value<Value: LosslessStringConvertible>(_ text: String) -> Value {
    guard let value = Value(text) else { preconditionFailure("\(text) is none") }
    return value
}

let virginia: Place = Place(account: value("111122223333"), region: value("us-east-1"))
let ireland: Place = Place(account: value("111122223333"), region: value("eu-west-1"))
let zoneA: AvailabilityZone = value("us-east-1a")
let zoneB: AvailabilityZone = value("us-east-1b")

extension CreateCluster {
    /// A request for a cluster in two zones of a Region.
    static func plain(
        in region: Region = virginia.region,
        type: HSMType = .hsm2mMedium,
        mode: ClusterMode = .fips,
        retention days: Int = 90,
        from backup: BackupID? = nil,
        tags: [String: String] = [:]
    ) -> CreateCluster {
        CreateCluster(
            hsmType: type,
            subnets: [
                value("\(region)a"): value("subnet-0a1b2c3d"),
                value("\(region)b"): value("subnet-1a2b3c4d"),
            ],
            mode: mode,
            retention: RetentionPeriod(days: days) ?? .serviceDefault,
            sourceBackup: backup,
            tags: tags
        )
    }
}

/// A world with one cluster in it, and short words for what is done to it.
struct Stage {
    var world: SimulatedWorld
    let id: GroupID

    var cluster: ClusterID { id.cluster }
    var group: ProtectionGroup { world.groups[id]?.group ?? ProtectionGroup(id: id, cluster: nil) }
    var state: ClusterState? { group.cluster?.state }
    var hsms: [HSM] { group.cluster?.hsms ?? [] }
    var own: [Backup] { group.backups.filter { !$0.isCopy } }
    var copies: [Backup] { group.backups.filter(\.isCopy) }

    /// An empty cluster, being created.
    init(
        _ settings: SimulatorSettings = .calm,
        creating request: CreateCluster = .plain()
    ) throws {
        world = SimulatedWorld(beginningAt: morning, settings: settings)
        guard
            case .cluster(let cluster) = try world.perform(.createCluster(request), at: virginia)
        else { preconditionFailure("CreateCluster answers with a cluster") }
        id = GroupID(home: virginia, cluster: cluster.id)
    }

    /// A group from elsewhere.
    init(_ settings: SimulatorSettings = .calm, adopting group: ProtectionGroup) {
        world = SimulatedWorld(beginningAt: morning, settings: settings)
        world.adopt(group)
        id = group.id
    }

    /// An ACTIVE cluster with so many ACTIVE HSMs and its first backup READY.
    static func active(
        hsms: Int = 1,
        _ settings: SimulatorSettings = .calm,
        creating request: CreateCluster = .plain()
    ) throws -> Stage {
        var stage = try Stage(settings, creating: request)
        try stage.initialize()
        try stage.world.activate(stage.cluster)
        stage.pass(.minutes(10))
        for index in 1..<max(hsms, 1) {
            try stage.add(in: index % 2 == 0 ? zoneA : zoneB)
            stage.pass(.minutes(10))
        }
        return stage
    }

    /// Claims the cluster: creation, first HSM, certificate.
    mutating func initialize() throws {
        pass(.minutes(3))
        try add()
        pass(.minutes(8))
        try call(.initializeCluster(claim()))
        pass(.minutes(2))
    }

    func claim() -> InitializeCluster {
        InitializeCluster(
            cluster: cluster,
            signedCertificate: SimulatedCertificate.signed(group.cluster?.signingRequest ?? ""),
            trustAnchor: SimulatedCertificate.trustAnchor
        )
    }

    @discardableResult
    mutating func call(_ call: Call, at place: Place = virginia) throws -> Answer {
        try world.perform(call, at: place)
    }

    @discardableResult
    mutating func add(in zone: AvailabilityZone = zoneA) throws -> HSM {
        guard
            case .hsm(let hsm) = try call(.createHSM(CreateHSM(cluster: cluster, zone: zone)))
        else { preconditionFailure("CreateHsm answers with an HSM") }
        return hsm
    }

    @discardableResult
    mutating func remove(_ hsm: HSMID) throws -> Answer {
        try call(.deleteHSM(DeleteHSM(cluster: cluster, hsm: hsm)))
    }

    @discardableResult
    mutating func pass(_ span: Duration) -> [SimulatedEvent] { world.advance(to: world.now + span) }

    func backup(_ id: BackupID) -> Backup? { group.backup(id) }

    /// What the service refuses, or `nil` if it accepts.
    mutating func refusal(of call: Call, at place: Place = virginia) -> ServiceException.Kind? {
        do {
            _ = try world.perform(call, at: place)
            return nil
        } catch {
            return error.kind
        }
    }
}

extension SimulatorSettings {
    /// Usual latencies, every read shows everything, and quotas nobody reaches.
    static let calm = SimulatorSettings(
        readLag: .zero,
        quotas: Quotas(clusters: 100, hsms: 500)
    )
}

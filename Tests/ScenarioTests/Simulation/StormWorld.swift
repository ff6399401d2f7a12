import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// A small world for a simulation: a few clusters that have lived for some days.
///
/// Growing one takes longer than trying a seed on it, so few are grown, and each seed begins with a
/// copy of one, with its own delays.
struct StormWorld {
    static let home = Geography.regions[0]
    static let elsewhere = Geography.regions[1]
    static let fleet = "acme"

    /// A cluster of the world.
    struct Resident: Sendable {
        let id: GroupID
        /// The name our tags give it; `nil` if it was never ours.
        let name: String?
    }

    let service: SimulatedService
    let residents: [Resident]

    /// A world of a seed's choice.
    ///
    /// - Parameters:
    ///   - seed: Decides delays.
    ///   - shape: How many clusters, and how they lived.
    /// - Throws: When the service does not do as asked.
    init(seed: UInt64, _ shape: Shape) throws {
        var chance = Chance(seed: seed ^ 0x57AB)
        let grown = try Grown.of(shape)
        let store = MemoryStore()
        for record in grown.records { store.save(record) }
        let settings = SimulatorSettings(
            seed: seed,
            readLag: chance.one(.zero, .seconds(30), .seconds(119)),
            quotas: Quotas(clusters: 20, hsms: 60)
        )
        let record = WorldRecord(began: grown.began, now: grown.now, settings: settings)
        store.saveSimulatedWorld(record.json)
        service = try SimulatedService.open(store: store)
        residents = grown.residents
    }

    /// How many clusters a world has, and how they lived.
    struct Shape: Hashable, Sendable {
        /// How many clusters are ours.
        var managed: Int
        /// Whether somebody else's is there.
        var hasForeign = false
        /// For how many days each has lived.
        var days: Int
        /// How many HSMs the first has; each further one has one more, up to three.
        var hsms = 1
        /// The accounts the clusters lie in, in turn.
        var accounts = 1

        /// One of few shapes.
        init(_ chance: inout Chance) {
            managed = chance.one(1, 1, 2)
            hasForeign = chance.happens(30)
            days = chance.one(3, 8)
            hsms = chance.one(1, 2)
        }

        init(managed: Int, days: Int, hsms: Int = 1, accounts: Int = 1) {
            self.managed = managed
            self.days = days
            self.hsms = hsms
            self.accounts = accounts
        }
    }
}

extension StormWorld {
    /// The name of the cluster of that number.
    static func name(_ index: Int) -> String { "cluster-\(index)" }

    /// The account of that number.
    static func account(_ index: Int) -> AccountID { value("11112222\(3_333 + index)") }
}

/// A world that was grown once.
private struct Grown: Sendable {
    let records: [GroupRecord]
    let began: Timestamp
    let now: Timestamp
    let residents: [StormWorld.Resident]

    private static let all = Mutex<[StormWorld.Shape: Grown]>([:])

    static func of(_ shape: StormWorld.Shape) throws -> Grown {
        if let grown = all.withLock({ $0[shape] }) { return grown }
        let grown = try Grown(shape)
        all.withLock { $0[shape] = grown }
        return grown
    }

    private init(_ shape: StormWorld.Shape) throws {
        let store = MemoryStore()
        let settings = SimulatorSettings(readLag: .zero, quotas: Quotas(clusters: 20, hsms: 60))
        let service = try SimulatedService.begin(store: store, now: beginning, settings: settings)
        var residents: [StormWorld.Resident] = []
        for index in 0..<shape.managed {
            let name = StormWorld.name(index)
            let account = StormWorld.account(index % shape.accounts)
            let count = min(shape.hsms + index / shape.accounts, 3)
            let id = try service.grow(name, in: account, hsms: count)
            residents.append(StormWorld.Resident(id: id, name: name))
        }
        if shape.hasForeign {
            let id = try service.grow(nil, in: StormWorld.account(0), hsms: 1)
            residents.append(StormWorld.Resident(id: id, name: nil))
        }
        for _ in 0..<shape.days { try service.pass(.hours(24) + .minutes(7)) }
        records = try store.groupIDs().map(store.record(of:))
        began = beginning
        now = service.now()
        self.residents = residents
    }
}

extension SimulatedService {
    /// Lets time pass and keeps what it brought.
    func pass(_ span: Duration) throws {
        state.withLock { state in
            state.record.now = state.record.now + span
            state.isClockSaved = false
        }
        try flush()
    }

    /// What is true of a group, whatever reads show.
    func truth(_ id: GroupID) throws -> ProtectionGroup {
        try state.withLock { try present(id, state: $0).group }
    }

    /// Makes a cluster with so many HSMs, in service.
    fileprivate func grow(_ name: String?, in account: AccountID, hsms: Int) throws -> GroupID {
        let home = Place(account: account, region: StormWorld.home)
        var tags = ["env": "prod"]
        if let name {
            tags[OwnershipTag.cluster] = name
            tags[OwnershipTag.fleet] = StormWorld.fleet
        }
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Geography.subnets(in: home.region, count: 2),
            mode: .fips,
            retention: RetentionPeriod(days: 30) ?? .serviceDefault,
            tags: tags
        )
        guard case .cluster(let cluster) = try perform(.createCluster(request), at: home, in: nil)
        else { throw Turns.OutOfTurn() }
        let id = GroupID(home: home, cluster: cluster.id)
        try pass(.minutes(10))
        let zones = Geography.zones(of: home.region)
        _ = try perform(
            .createHSM(CreateHSM(cluster: cluster.id, zone: zones[0])),
            at: home,
            in: id
        )
        try pass(.minutes(10))
        guard let signing = try truth(id).cluster?.signingRequest else { throw Turns.OutOfTurn() }
        let claim = InitializeCluster(
            cluster: cluster.id,
            signedCertificate: SimulatedCertificate.signed(signing),
            trustAnchor: SimulatedCertificate.trustAnchor
        )
        _ = try perform(.initializeCluster(claim), at: home, in: id)
        try pass(.minutes(10))
        try activate(cluster.id)
        try pass(.minutes(10))
        for index in 1..<max(hsms, 1) {
            let request = CreateHSM(cluster: cluster.id, zone: zones[index % 2])
            _ = try perform(.createHSM(request), at: home, in: id)
            try pass(.minutes(20))
        }
        return id
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// A simulated world that a seed has grown: calls, stand-ins and time in random order.
struct RandomWorld {
    /// Who a cluster belongs to.
    enum Owner: Hashable {
        /// Our tags name a manifest that is there.
        case managed
        /// A manifest names its id; nobody tagged it.
        case adopted
        /// Our tags name a manifest that is not there.
        case orphaned
        /// It was never ours.
        case foreign
    }

    let service: SimulatedService
    let store: MemoryStore
    private(set) var owners: [GroupID: Owner] = [:]
    private(set) var names: [GroupID: String] = [:]
    private var chance: Chance

    /// Grows a world.
    ///
    /// - Parameter seed: Decides everything about it.
    /// - Throws: When the store fails, which this one does not.
    init(seed: UInt64) throws {
        chance = Chance(seed: seed)
        let isImmediate = chance.happens(35)
        let lag: Duration =
            isImmediate ? .zero : chance.one(.zero, .seconds(30), .seconds(120))
        let hasRoom = chance.happens(85)
        let settings = SimulatorSettings(
            seed: seed,
            latencies: isImmediate ? .zero : .usual,
            readLag: lag,
            quotas: hasRoom ? Quotas(clusters: 20, hsms: 60) : .serviceDefault
        )
        store = MemoryStore()
        service = try SimulatedService.begin(store: store, now: beginning, settings: settings)
        for index in 0..<chance.number(1...3) { try growCluster(index) }
        for _ in 0..<chance.number(0...6) { try happenSomething() }
        if chance.happens(50) { try pass(chance.span(minutes: 1...(3 * 24 * 60))) }
        // What others did shows by now; our own calls will lag.
        if lag > .zero { try pass(.minutes(2)) }
        try service.flush()
    }

    /// The group as it is, whatever reads show.
    func truth(_ id: GroupID) throws -> ProtectionGroup {
        try service.state.withLock { try service.present(id, state: $0).group }
    }
}

extension RandomWorld {
    private mutating func growCluster(_ index: Int) throws {
        let home = Place(
            account: Geography.account,
            region: chance.happens(75) ? Geography.regions[0] : Geography.regions[1]
        )
        let owner: Owner =
            switch chance.number(1...100) {
            case ...65: .managed
            case ...80: .adopted
            case ...90: .orphaned
            default: .foreign
            }
        let name = "cluster-\(index)"
        var tags = chance.happens(50) ? ["cost-center": "\(chance.number(1...3))"] : [:]
        if owner == .managed || owner == .orphaned {
            tags[OwnershipTag.cluster] = name
            tags[OwnershipTag.fleet] = RandomFleet.name
        }
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Geography.subnets(in: home.region, count: chance.number(1...3)),
            mode: chance.one(.fips, .nonFIPS),
            retention: RetentionPeriod(days: chance.one(7, 10, 30, 90)) ?? .serviceDefault,
            tags: tags
        )
        guard
            case .cluster(let cluster)? = try? service.perform(
                .createCluster(request),
                at: home,
                in: nil
            )
        else { return }
        let id = GroupID(home: home, cluster: cluster.id)
        owners[id] = owner
        names[id] = name
        try grow(id)
    }

    /// Brings a new cluster on its way: most are activated and have lived for a while.
    private mutating func grow(_ id: GroupID) throws {
        guard chance.happens(92) else { return }
        try pass(.minutes(4))
        try addHSM(to: id)
        guard chance.happens(92) else { return }
        try pass(.minutes(9))
        guard chance.happens(92), let request = try truth(id).cluster?.signingRequest
        else { return }
        let claim = InitializeCluster(
            cluster: id.cluster,
            signedCertificate: SimulatedCertificate.signed(request),
            trustAnchor: SimulatedCertificate.trustAnchor
        )
        _ = try? service.perform(.initializeCluster(claim), at: id.home, in: id)
        try pass(.minutes(3))
        guard chance.happens(95) else { return }
        try service.activate(id.cluster)
        try pass(.minutes(6))
        for _ in 0..<chance.number(0...4) { try change(id) }
        try pass(chance.span(minutes: 1...(12 * 24 * 60)))
        for _ in 0..<chance.number(0...8) { try change(id) }
    }

    private mutating func happenSomething() throws {
        guard let id = chance.one(of: owners.keys.sorted()) else { return }
        try change(id)
    }

    /// One thing that somebody, or the service, does; refusals are part of life.
    private mutating func change(_ id: GroupID) throws {
        switch chance.number(1...100) {
        case ...25: try addHSM(to: id)
        case ...35: try removeHSM(from: id)
        case ...55: try copyBackup(of: id)
        case ...62: try deleteBackup(of: id)
        case ...66: try restoreBackup(of: id)
        case ...70: try changeRetention(of: id)
        case ...74: try replaceHSM(of: id)
        case ...78: try degradeHSM(of: id)
        case ...80: try failBackup(of: id)
        case ...82: _ = try? service.changeMaterial(of: id.cluster)
        default: break
        }
        if chance.happens(80) { try pass(chance.span(minutes: 0...(2 * 24 * 60))) }
    }

    private func pass(_ span: Duration) throws {
        service.state.withLock { state in
            state.record.now = state.record.now + span
            state.isClockSaved = false
        }
        try service.flush()
    }
}

extension RandomWorld {
    private mutating func addHSM(to id: GroupID) throws {
        let zones = try truth(id).cluster?.subnets.keys.sorted() ?? []
        guard let zone = chance.one(of: zones) else { return }
        let request = CreateHSM(cluster: id.cluster, zone: zone)
        _ = try? service.perform(.createHSM(request), at: id.home, in: id)
    }

    private mutating func removeHSM(from id: GroupID) throws {
        let hsms = try truth(id).cluster?.healthyHSMs ?? []
        guard hsms.count > 1, let hsm = chance.one(of: hsms) else { return }
        let request = DeleteHSM(cluster: id.cluster, hsm: hsm.id)
        _ = try? service.perform(.deleteHSM(request), at: id.home, in: id)
    }

    private mutating func copyBackup(of id: GroupID) throws {
        let own = try truth(id).backups.filter { $0.isReady && !$0.isCopy }
        guard
            let backup = chance.one(of: own),
            let region = chance.one(of: Geography.regions.filter { $0 != id.home.region })
        else { return }
        let request = CopyBackup(backup: backup.id, to: region)
        _ = try? service.perform(.copyBackup(request), at: id.home, in: id)
    }

    private mutating func deleteBackup(of id: GroupID) throws {
        let ready = try truth(id).backups.filter(\.isReady)
        guard ready.count > 1, let backup = chance.one(of: ready) else { return }
        let place = Place(account: id.home.account, region: backup.region)
        let request = DeleteBackup(backup: backup.id)
        _ = try? service.perform(.deleteBackup(request), at: place, in: id)
    }

    private mutating func restoreBackup(of id: GroupID) throws {
        let deleted = try truth(id).backups.filter { $0.state == .pendingDeletion }
        guard let backup = chance.one(of: deleted) else { return }
        let place = Place(account: id.home.account, region: backup.region)
        let request = RestoreBackup(backup: backup.id)
        _ = try? service.perform(.restoreBackup(request), at: place, in: id)
        guard chance.happens(50) else { return }
        let pin = ModifyBackupAttributes(backup: backup.id, neverExpires: true)
        _ = try? service.perform(.modifyBackupAttributes(pin), at: place, in: id)
    }

    private mutating func changeRetention(of id: GroupID) throws {
        guard let period = RetentionPeriod(days: chance.number(7...60)) else { return }
        let request = ModifyCluster(cluster: id.cluster, change: .retention(period))
        _ = try? service.perform(.modifyCluster(request), at: id.home, in: id)
    }

    private mutating func replaceHSM(of id: GroupID) throws {
        guard let hsm = chance.one(of: try truth(id).cluster?.healthyHSMs ?? []) else { return }
        _ = try? service.replaceHSM(hsm.id)
    }

    private mutating func degradeHSM(of id: GroupID) throws {
        guard let hsm = chance.one(of: try truth(id).cluster?.hsms ?? []) else { return }
        _ = try? service.degradeHSM(hsm.id)
    }

    private mutating func failBackup(of id: GroupID) throws {
        let coming = try truth(id).backups.filter { $0.state == .createInProgress }
        guard let backup = chance.one(of: coming) else { return }
        _ = try? service.failBackup(backup.id)
    }
}

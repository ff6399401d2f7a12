import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// A wish that makes a run send one certain call.
enum Errand: CaseIterable, Hashable, Sendable {
    case createCluster, initializeCluster, changeRetention, changeType, deleteCluster
    case createHSM, forceBackup, deleteHSM
    case pinBackup, unpinBackup, deleteBackup, restoreBackup, copyBackup
    case tagCluster, untagBackup

    /// The call's name.
    var operation: String {
        switch self {
        case .createCluster: "CreateCluster"
        case .initializeCluster: "InitializeCluster"
        case .changeRetention, .changeType: "ModifyCluster"
        case .deleteCluster: "DeleteCluster"
        case .createHSM, .forceBackup: "CreateHsm"
        case .deleteHSM: "DeleteHsm"
        case .pinBackup, .unpinBackup: "ModifyBackupAttributes"
        case .deleteBackup: "DeleteBackup"
        case .restoreBackup: "RestoreBackup"
        case .copyBackup: "CopyBackupToRegion"
        case .tagCluster: "TagResource"
        case .untagBackup: "UntagResource"
        }
    }

    /// Brings the world to where the wish makes sense, and writes it down.
    ///
    /// - Parameters:
    ///   - world: A world with one cluster of ours.
    ///   - chance: Decides what the wish leaves open.
    /// - Returns: The manifests.
    /// - Throws: When the world does not do as asked.
    func wish(in world: StormWorld, _ chance: inout Chance) throws -> [DesiredCluster] {
        let id = world.residents[0].id
        let group = try world.service.truth(id)
        var desired = DesiredCluster(
            name: .somewhere(StormWorld.name(0), line: 2),
            region: .somewhere(StormWorld.home, line: 3),
            account: DesiredAccount(name: "account", id: id.home.account)
        )
        let present = group.cluster?.presentHSMs.count ?? 0
        switch self {
        case .createCluster: return [desired, newCluster()]
        case .initializeCluster: return [desired, try claimed(newCluster(), in: world)]
        case .changeRetention:
            let period = RetentionPeriod(days: chance.one(60, 90, 200))
            desired.backups.retention = period.map { .somewhere($0, line: 11) }
        case .changeType:
            try world.service.makeOld(id)
            desired.hsmType = .somewhere(.hsm2mMedium, line: 5)
        case .deleteCluster:
            desired.ensure = .somewhere(.absent(reason: "gone", finalBackup: .keep), line: 30)
        case .createHSM:
            desired.hsms = .somewhere(.total(present + chance.number(1...2)), line: 8)
        case .forceBackup:
            try world.service.pass(.hours(chance.number(7...14)))
            desired.backups.maxAge = .somewhere(.hours(5), line: 12)
            desired.backups.whenStale = .force
        case .deleteHSM: desired.hsms = .somewhere(.total(present - 1), line: 8)
        case .pinBackup:
            desired.recoveryPoints = [Self.point(.newest)]
        case .unpinBackup, .untagBackup:
            try record(chance.one(of: group.ownReady), in: group, world)
        case .deleteBackup:
            let removed = world.service.now() - .hours(chance.number(26...60))
            let purge = DesiredPurge(materialRemovedAt: removed, reason: "expired keys")
            desired.purge = .somewhere(purge, line: 28)
        case .restoreBackup:
            guard let backup = chance.one(of: group.ownReady.dropLast()) else { break }
            try ask(.deleteBackup(DeleteBackup(backup: backup.id)), of: group, world)
            desired.recoveryPoints = [Self.point(.backup(backup.id))]
        case .copyBackup:
            desired.copies = [DesiredCopies(region: .somewhere(StormWorld.elsewhere, line: 15))]
        case .tagCluster:
            desired.tags = .somewhere(["cost-center": "\(chance.number(1...9))"], line: 9)
        }
        return [desired]
    }

    private static func point(_ selector: DesiredRecoveryPoint.Selector) -> DesiredRecoveryPoint {
        DesiredRecoveryPoint(name: .somewhere("kept", line: 25), selector: selector)
    }

    /// A cluster that is to be made.
    private func newCluster() -> DesiredCluster { .new }

    private func ask(_ call: Call, of group: ProtectionGroup, _ world: StormWorld) throws {
        _ = try world.service.perform(call, at: group.id.home, in: group.id)
        try world.service.pass(.minutes(5))
    }

    /// Records a backup as a recovery point that no manifest nominates any more.
    private func record(
        _ backup: Backup?,
        in group: ProtectionGroup,
        _ world: StormWorld
    ) throws {
        guard let backup else { return }
        let tags = [
            OwnershipTag.recoveryPoint + "kept": world.service.now().description,
            OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint,
        ]
        try ask(.tagResource(TagResource(.backup(backup.id), tags: tags)), of: group, world)
        let pin = ModifyBackupAttributes(backup: backup.id, neverExpires: true)
        try ask(.modifyBackupAttributes(pin), of: group, world)
    }

    /// Makes the cluster with its first HSM, and has its signing request signed.
    private func claimed(_ cluster: DesiredCluster, in world: StormWorld) throws -> DesiredCluster {
        var desired = cluster
        let home = Place(account: StormWorld.account(0), region: StormWorld.home)
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Geography.subnets(in: home.region, count: 2),
            mode: .fips,
            retention: .serviceDefault,
            tags: [
                OwnershipTag.cluster: desired.name.value, OwnershipTag.fleet: StormWorld.fleet,
            ]
        )
        let answer = try world.service.perform(.createCluster(request), at: home, in: nil)
        guard case .cluster(let made) = answer else { throw Turns.OutOfTurn() }
        let id = GroupID(home: home, cluster: made.id)
        try world.service.pass(.minutes(10))
        let zone = Geography.zones(of: home.region)[0]
        try ask(
            .createHSM(CreateHSM(cluster: made.id, zone: zone)),
            of: try world.service.truth(id),
            world
        )
        try world.service.pass(.minutes(15))
        guard let signing = try world.service.truth(id).cluster?.signingRequest else {
            throw Turns.OutOfTurn()
        }
        desired.hsms = .somewhere(.total(1), line: 8)
        desired.initialization = .somewhere(
            DesiredInitialization(
                certificate: CertificateFile(
                    path: "own.crt",
                    content: SimulatedCertificate.signed(signing)
                ),
                trustAnchor: CertificateFile(
                    path: "root.crt",
                    content: SimulatedCertificate.trustAnchor
                )
            ),
            line: 20
        )
        return desired
    }
}

extension DesiredCluster {
    /// A cluster that no world has yet.
    static var new: DesiredCluster {
        var desired = DesiredCluster(
            name: .somewhere("new", line: 2),
            region: .somewhere(StormWorld.home, line: 3),
            account: DesiredAccount(name: "account", id: StormWorld.account(0))
        )
        desired.hsmType = .somewhere(.hsm2mMedium, line: 5)
        desired.mode = .somewhere(.fips, line: 6)
        desired.subnets = .somewhere(Geography.subnets(in: StormWorld.home, count: 2), line: 7)
        desired.hsms = .somewhere(.total(2), line: 8)
        desired.backups.retention = .somewhere(.serviceDefault, line: 11)
        return desired
    }
}

extension ProtectionGroup {
    /// The cluster's own READY backups, oldest first.
    fileprivate var ownReady: [Backup] { readyBackups(in: id.home.region).filter { !$0.isCopy } }
}

extension SimulatedService {
    /// Lets a cluster have hardware as it was made before 2025; no call makes such a one any more.
    fileprivate func makeOld(_ id: GroupID) throws {
        try state.withLock { state in
            var group = try present(id, state: state)
            group.group.cluster?.hsmType = .hsm1Medium
            for index in (group.group.cluster?.hsms ?? []).indices {
                group.group.cluster?.hsms[index].type = .hsm1Medium
            }
            try save(group, in: &state)
        }
    }
}

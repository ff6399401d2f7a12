import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import Testing

/// The life of backups, walked from tick to tick in a simulated world.
@Suite("The life of backups")
struct BackupWalkTests {
    private static let key = OwnershipTag.recoveryPoint + "mid-year"

    private func point(
        _ selector: DesiredRecoveryPoint.Selector,
        in regions: [Region] = []
    ) -> DesiredRecoveryPoint {
        DesiredRecoveryPoint(
            name: .somewhere("mid-year"),
            selector: selector,
            regions: regions.map { .somewhere($0) }
        )
    }

    @Test("A recovery point is recorded, kept, and given up when nobody nominates it any more")
    func recoveryPoint() async throws {
        let walk = try await BackupWalk(retentionDays: 30)
        try await walk.pass(days: 4)
        let moment = walk.service.now() - .hours(30)
        let meant = try #require(try walk.ready.last { $0.createdAt < moment })
        walk.desired.recoveryPoints = [point(.takenBefore(moment), in: [BackupWalk.ireland])]
        try await walk.settle()
        try await walk.service.wait(.minutes(30))
        var kept = try #require(try walk.group.backup(meant.id))
        #expect(kept.neverExpires && kept.tags[Self.key] != nil)
        #expect(try walk.group.readyCopies(in: BackupWalk.ireland).map(\.copiedFrom) == [meant.id])

        // Another selector, days later: the name means what it meant.
        walk.desired.recoveryPoints = [point(.newest, in: [BackupWalk.ireland])]
        try await walk.pass(days: 35)
        kept = try #require(try walk.group.backup(meant.id))
        #expect(kept.isReady && kept.neverExpires)

        // Someone takes the record off: it is put back, not resolved anew.
        try walk.ask(.untagResource(UntagResource(.backup(meant.id), keys: [Self.key])))
        try await walk.service.wait(.minutes(5))
        try await walk.settle()
        #expect(try walk.group.backup(meant.id)?.tags[Self.key] == kept.tags[Self.key])
        #expect(try walk.ready.filter { $0.tags[Self.key] != nil }.map(\.id) == [meant.id])

        walk.desired.recoveryPoints = []
        let plan = try #require(try walk.plan().groups.first)
        #expect(plan.steps.first?.action.lostBackups == [meant.id], "it is past its retention")
        try await walk.settle()
        #expect(try walk.group.backup(meant.id)?.state == .pendingDeletion)
        #expect(try walk.group.backup(meant.id)?.tags[Self.key] == nil)
        #expect(try walk.group.readyCopies(in: BackupWalk.ireland).count == 1, "orphans are kept")
    }

    @Test("Retention is shortened once a deleted recovery point is restored and pinned")
    func shorterRetention() async throws {
        let walk = try await BackupWalk(retentionDays: 90)
        try await walk.pass(days: 20)
        let oldest = try #require(try walk.ready.first)
        try walk.ask(.deleteBackup(DeleteBackup(backup: oldest.id)))
        try await walk.service.wait(.hours(1))
        walk.desired.recoveryPoints = [point(.backup(oldest.id))]
        walk.desired.backups.retention = RetentionPeriod(days: 7).map { .somewhere($0) }
        try await walk.settle()
        let kinds = walk.actions.suffix(4).map(\.name)
        #expect(kinds == ["restore", "tag", "pin", "retention"])
        let group = try walk.group
        #expect(group.cluster?.retention == .days(7))
        #expect(group.backup(oldest.id)?.isReady == true)
        let horizon = walk.service.now() - .days(7)
        #expect(try walk.ready.filter { $0.createdAt < horizon }.map(\.id) == [oldest.id])
    }

    @Test("What retention took is restored in the shelter of a longer one")
    func sweptRecoveryPoint() async throws {
        let walk = try await BackupWalk(retentionDays: 7)
        try await walk.pass(days: 10)
        let swept = try #require(
            try walk.group.backups.filter { $0.state == .pendingDeletion }
                .min { $0.createdAt < $1.createdAt }
        )
        walk.desired.recoveryPoints = [point(.backup(swept.id))]
        try await walk.settle()
        let kinds = walk.actions.suffix(5).map(\.name)
        #expect(kinds == ["retention", "restore", "tag", "pin", "retention"])
        let kept = try #require(try walk.group.backup(swept.id))
        #expect(kept.isReady && kept.neverExpires)
        #expect(try walk.group.cluster?.retention == .days(7))
        try await walk.pass(days: 9)
        #expect(try walk.group.backup(swept.id)?.isReady == true)
    }

    @Test("A purge goes on until nobody can restore anything, in every Region")
    func purge() async throws {
        let walk = try await BackupWalk(retentionDays: 30)
        walk.desired.copies = [DesiredCopies(region: .somewhere(BackupWalk.ireland))]
        try await walk.pass(days: 3)
        let newest = try #require(try walk.ready.last)
        try walk.ask(.copyBackup(CopyBackup(backup: newest.id, to: BackupWalk.mumbai)))
        try await walk.service.wait(.hours(1))
        let removed = walk.service.now()
        let purge = DesiredPurge(materialRemovedAt: removed, reason: "expired keys")
        walk.desired.purge = .somewhere(purge)
        #expect(try walk.status()?.progress == .deleting)
        try await walk.settle()
        #expect(try walk.group.backups.allSatisfy { $0.state != .pendingDeletion })

        try await walk.service.wait(PurgeCut.margin)
        try await walk.settle()
        let dirty = try PurgeCut(purge, in: walk.group)
        var story = try walk.story()
        #expect(dirty.left.isEmpty && !dirty.restorable.isEmpty, "\(story)")
        #expect(Set(dirty.restorable.map(\.region)) == Set(Geography.regions))
        #expect(try walk.group.readyCopies(in: BackupWalk.ireland).count == 1)
        #expect(try walk.status()?.progress == .pending)

        try await walk.pass(days: 3)
        let restored = try #require(dirty.restorable.first { $0.region == BackupWalk.mumbai })
        try walk.ask(.restoreBackup(RestoreBackup(backup: restored.id)), in: BackupWalk.mumbai)
        try await walk.service.wait(.minutes(5))
        #expect(try walk.status()?.progress == .deleting)
        try await walk.settle()
        #expect(try walk.group.backup(restored.id)?.state == .pendingDeletion)
        let deadline = try #require(try walk.status()?.lastDeadline)
        #expect(deadline > walk.service.now() + .days(6))

        try await walk.pass(days: 5)
        #expect(try walk.status()?.progress == .pending, "the restored one has its own deadline")
        try await walk.pass(days: 3)
        story = try walk.story()
        #expect(try walk.status()?.progress == .complete, "\(story)")
        #expect(try walk.plan().isSettled, "\(story)")
        let clean = try walk.group.backups.filter(\.isReady)
        #expect(clean.allSatisfy { $0.createdAt >= removed + PurgeCut.margin })
    }
}

extension BackupWalk {
    /// How far the purge is, as an operator reads it.
    fileprivate func status() throws -> PurgeStatus? {
        let plan = try plan()
        guard let part = plan.groups.first else { return nil }
        return ClusterStatus(of: try group, desired: desired, plan: part, now: service.now()).purge
    }
}

extension Action {
    /// What is done, in a word.
    fileprivate var name: String {
        switch self {
        case .createCluster, .initializeCluster, .tagCluster, .deleteCluster: "cluster"
        case .addHSM, .removeHSM, .changeType: "HSM"
        case .setRetention: "retention"
        case .copyBackup: "copy"
        case .deleteBackup: "delete"
        case .restoreBackup: "restore"
        case .pinBackup: "pin"
        case .unpinBackup: "unpin"
        case .tagBackup: "tag"
        case .untagBackup: "untag"
        }
    }
}

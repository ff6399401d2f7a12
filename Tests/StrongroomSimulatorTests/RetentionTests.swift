import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 8.
@Suite struct RetentionTests {
    private static let old = Adopted.backup(1, age: .days(20))
    private static let young = Adopted.backup(2, age: .hours(1))

    private func shorten(_ stage: inout Stage, to days: Int) throws {
        let period = try #require(RetentionPeriod(days: days))
        let change = ModifyCluster(cluster: stage.cluster, change: .retention(period))
        try stage.call(.modifyCluster(change))
    }

    @Test func aBackupExpiresExactlyAtItsAge() {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        let due = Self.old.createdAt + .days(90)
        stage.world.advance(to: due - .milliseconds(1))
        #expect(stage.backup(Self.old.id)?.state == .ready)
        stage.world.advance(to: due)
        #expect(stage.backup(Self.old.id)?.state == .pendingDeletion)
        #expect(stage.backup(Self.old.id)?.deletesAt == due + .days(7))
    }

    @Test func aShorterPeriodSweepsAtOnce() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        try shorten(&stage, to: 20)
        #expect(stage.backup(Self.old.id)?.state == .pendingDeletion)
        #expect(stage.backup(Self.young.id)?.state == .ready)
    }

    @Test func aPeriodOneDayLongerThanTheAgeSweepsNothing() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        try shorten(&stage, to: 21)
        #expect(stage.group.backups.allSatisfy { $0.isReady })
    }

    @Test func theLastReadyBackupIsNeverSwept() {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old]))
        stage.pass(.days(1_000))
        #expect(stage.backup(Self.old.id)?.state == .ready)
    }

    @Test func theLastReadyBackupStaysAlsoAfterTheClusterIsGone() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        try stage.call(.deleteCluster(DeleteCluster(cluster: stage.cluster)))
        stage.pass(.days(1_000))
        #expect(stage.group.cluster == nil)
        #expect(stage.group.backups.map(\.id) == [Self.young.id])
        #expect(stage.group.backups.map(\.state) == [.ready])
    }

    @Test func aBackupPendingDeletionDoesNotCountAsTheLast() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.young.id)))
        stage.pass(.days(100))
        #expect(stage.backup(Self.old.id)?.state == .ready)
    }

    @Test func aPinnedBackupIsPassedOverUntilThePinIsTakenOff() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        let pin = ModifyBackupAttributes(backup: Self.old.id, neverExpires: true)
        try stage.call(.modifyBackupAttributes(pin))
        stage.pass(.days(200))
        #expect(stage.backup(Self.old.id)?.state == .ready)
        let unpin = ModifyBackupAttributes(backup: Self.old.id, neverExpires: false)
        try stage.call(.modifyBackupAttributes(unpin))
        #expect(stage.backup(Self.old.id)?.state == .pendingDeletion, "at its true age, at once")
    }

    @Test func aRestoredBackupIsTakenAgainAtOnceUnlessItIsPinnedOrThePolicyIsLonger() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.old, Self.young]))
        try shorten(&stage, to: 7)
        let restoration = Call.restoreBackup(RestoreBackup(backup: Self.old.id))
        stage.pass(.days(2))
        guard case .backup(let answer) = try stage.call(restoration) else {
            Issue.record("RestoreBackup answers with the backup")
            return
        }
        #expect(answer.backup.state == .ready)
        #expect(stage.backup(Self.old.id)?.state == .pendingDeletion)
        #expect(stage.backup(Self.old.id)?.deletesAt == stage.world.now + .days(7))
        try shorten(&stage, to: 90)
        try stage.call(restoration)
        #expect(stage.backup(Self.old.id)?.state == .ready)
        #expect(stage.backup(Self.old.id)?.deletesAt == nil)
    }

    @Test func aPinSurvivesDeletionAndHoldsAfterTheRestoration() throws {
        let pinned = Adopted.backup(3, age: .days(200), neverExpires: true)
        var stage = Stage(adopting: Adopted.group(backups: [pinned, Self.young]))
        try stage.call(.deleteBackup(DeleteBackup(backup: pinned.id)))
        stage.pass(.days(1))
        try stage.call(.restoreBackup(RestoreBackup(backup: pinned.id)))
        stage.pass(.days(1))
        #expect(stage.backup(pinned.id)?.state == .ready)
    }

    @Test func anUnmanagedClusterKeepsEverything() {
        var group = Adopted.group(backups: [Self.old, Self.young])
        group.cluster?.retention = .unmanaged
        var stage = Stage(adopting: group)
        stage.pass(.days(1_000))
        #expect(stage.group.backups.allSatisfy { $0.isReady })
    }

    @Test func aPeriodThatCannotBeWrittenStillHolds() {
        var group = Adopted.group(backups: [Self.old, Self.young])
        group.cluster?.retention = .days(455)
        var stage = Stage(adopting: group)
        stage.world.advance(to: Self.old.createdAt + .days(455) - .milliseconds(1))
        #expect(stage.backup(Self.old.id)?.state == .ready)
        stage.pass(.milliseconds(1))
        #expect(stage.backup(Self.old.id)?.state == .pendingDeletion)
    }

    @Test func aNewReadyBackupLetsTheOldLastOneGo() throws {
        let hour = Adopted.backup(4, age: .days(100))
        var stage = Stage(adopting: Adopted.group(hsms: 1, backups: [hour]))
        stage.pass(.zero)
        #expect(stage.own.map(\.state) == [.ready, .createInProgress], "the daily one is overdue")
        stage.pass(.minutes(5) - .milliseconds(1))
        #expect(stage.backup(hour.id)?.state == .ready)
        stage.pass(.milliseconds(1))
        #expect(stage.backup(hour.id)?.state == .pendingDeletion)
    }
}

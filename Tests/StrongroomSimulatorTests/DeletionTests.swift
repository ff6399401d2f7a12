import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, sections 6 and 9.
@Suite struct DeletionTests {
    private static let backup = Adopted.backup(1, age: .hours(2))
    private static let other = Adopted.backup(2, age: .hours(1))

    private func deleted() throws -> Stage {
        var stage = Stage(adopting: Adopted.group(backups: [Self.backup, Self.other]))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.backup.id)))
        return stage
    }

    @Test func deletionOpensAWindowOfSevenDays() throws {
        let stage = try deleted()
        #expect(stage.backup(Self.backup.id)?.state == .pendingDeletion)
        #expect(stage.backup(Self.backup.id)?.deletesAt == morning + .days(7))
    }

    @Test func theWindowEndsToTheMillisecond() throws {
        var stage = try deleted()
        let restoration = Call.restoreBackup(RestoreBackup(backup: Self.backup.id))
        stage.world.advance(to: morning + .days(7) - .milliseconds(1))
        var late = stage
        #expect(stage.refusal(of: restoration) == nil)
        #expect(stage.backup(Self.backup.id)?.state == .ready)
        #expect(stage.backup(Self.backup.id)?.deletesAt == nil)
        late.pass(.milliseconds(1))
        #expect(late.backup(Self.backup.id)?.state == .deleted)
        #expect(late.backup(Self.backup.id)?.deletesAt == nil)
        #expect(late.refusal(of: restoration) == .invalidRequest)
    }

    @Test func aDeletedBackupIsListedForADay() throws {
        var stage = try deleted()
        stage.world.advance(to: morning + .days(8) - .milliseconds(1))
        #expect(stage.backup(Self.backup.id)?.state == .deleted)
        stage.pass(.milliseconds(1))
        #expect(stage.backup(Self.backup.id) == nil)
        #expect(
            stage.refusal(of: .restoreBackup(RestoreBackup(backup: Self.backup.id)))
                == .resourceNotFound
        )
    }

    @Test func deletingAPinnedOrTheOnlyBackupIsNotRefused() throws {
        let pinned = Adopted.backup(3, age: .hours(1), neverExpires: true)
        var stage = Stage(adopting: Adopted.group(backups: [pinned]))
        #expect(stage.refusal(of: .deleteBackup(DeleteBackup(backup: pinned.id))) == nil)
        #expect(stage.backup(pinned.id)?.state == .pendingDeletion)
    }

    @Test func deletionTakesNoCopyWithIt() throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.backup, Self.other]))
        try stage.call(.copyBackup(CopyBackup(backup: Self.backup.id, to: ireland.region)))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.backup.id)))
        stage.pass(.days(9))
        #expect(stage.copies.map(\.state) == [.ready])
    }

    @Test func aSecondDeletionAfterARestorationHasItsOwnWindow() throws {
        var stage = try deleted()
        stage.pass(.days(6))
        try stage.call(.restoreBackup(RestoreBackup(backup: Self.backup.id)))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.backup.id)))
        stage.pass(.days(7) - .milliseconds(1))
        #expect(stage.backup(Self.backup.id)?.state == .pendingDeletion)
        stage.pass(.milliseconds(1))
        #expect(stage.backup(Self.backup.id)?.state == .deleted)
    }
}

import CloudHSM
import Testing

/// Fact sheet, section 8.
@Suite struct RetentionSweepTests {
    @Test(arguments: [(6, false), (7, true), (90, true), (379, true), (380, false), (0, false)])
    func aPeriodIsSevenTo379Days(days: Int, isAccepted: Bool) {
        #expect((RetentionPeriod(days: days) != nil) == isAccepted)
    }

    @Test func thePeriodIsNinetyDaysWhenNothingIsAskedFor() {
        #expect(RetentionPeriod.serviceDefault.days == 90)
    }

    private static let cases: [(String, [Backup], [UInt64])] = [
        ("nothing old", [backup(1, ageInDays: 1), backup(2, ageInDays: 2)], []),
        ("one old", [backup(1, ageInDays: 1), backup(2, ageInDays: 40)], [2]),
        ("exactly as old", [backup(1, ageInDays: 1), backup(2, ageInDays: 30)], [2]),
        ("a day younger", [backup(1, ageInDays: 1), backup(2, ageInDays: 29)], []),
        ("the only one", [backup(1, ageInDays: 400)], []),
        ("all old", [backup(1, ageInDays: 50), backup(2, ageInDays: 60)], [2]),
        ("oldest first", [1, 9, 5].map { backup($0, ageInDays: 30 + Int($0)) }, [9, 5]),
        ("a pinned one", [backup(1, ageInDays: 1), backup(2, ageInDays: 40, pinned: true)], []),
        (
            "a pinned last one",
            [backup(1, ageInDays: 31, pinned: true), backup(2, ageInDays: 40)], [2]
        ),
        ("a copy", [backup(1, ageInDays: 1), backup(2, ageInDays: 40, isCopy: true)], []),
        (
            "a copy is no last one",
            [backup(1, ageInDays: 40), backup(2, ageInDays: 1, isCopy: true)], []
        ),
        (
            "one pending deletion is no last one",
            [backup(1, ageInDays: 40), backup(2, ageInDays: 1, state: .pendingDeletion)], []
        ),
        (
            "one being made is no last one",
            [backup(1, ageInDays: 40), backup(2, ageInDays: 0, state: .createInProgress)], []
        ),
        (
            "one pending deletion is not taken again",
            [backup(1, ageInDays: 1), backup(2, ageInDays: 40, state: .pendingDeletion)], []
        ),
    ]

    @Test(arguments: cases)
    func aSweepTakesWhatIsDue(name: String, backups: [Backup], expected: [UInt64]) {
        let due = RetentionSweep.due(among: backups, under: .days(30), at: noon)
        #expect(due.map(\.id) == expected.map { BackupID(bits: $0) }, "\(name)")
    }

    @Test func withoutAPolicyNothingIsTaken() {
        let backups = [backup(1, ageInDays: 1), backup(2, ageInDays: 4_000)]
        #expect(RetentionSweep.due(among: backups, under: .unmanaged, at: noon).isEmpty)
        #expect(RetentionSweep.next(among: backups, under: .unmanaged, after: noon) == nil)
    }

    @Test func theNextSweepIsTheMomentAtWhichSomethingIsTaken() throws {
        let backups = [
            backup(1, ageInDays: 1), backup(2, ageInDays: 28),
            backup(3, ageInDays: 29, pinned: true),
            backup(4, ageInDays: 29, isCopy: true), backup(5, ageInDays: 31),
        ]
        let next = try #require(RetentionSweep.next(among: backups, under: .days(30), after: noon))
        #expect(next == noon + .days(2))
        let left = backups.filter { $0.id != BackupID(bits: 5) }
        #expect(
            RetentionSweep.due(among: left, under: .days(30), at: next - .milliseconds(1)).isEmpty
        )
        #expect(
            RetentionSweep.due(among: left, under: .days(30), at: next).map(\.id)
                == [BackupID(bits: 2)]
        )
    }

    @Test func theLastOneIsNeverDueByItself() {
        let only = [backup(1, ageInDays: 1)]
        #expect(RetentionSweep.next(among: only, under: .days(30), after: noon) == nil)
    }

    @Test func resumingRestoresTheNewestReadyOneOfTheClustersOwn() {
        var parked = cluster(.active)
        let backups = [
            backup(1, ageInDays: 3), backup(2, ageInDays: 2),
            backup(3, ageInDays: 1, state: .pendingDeletion), backup(4, ageInDays: 0, isCopy: true),
        ]
        #expect(Resume.source(of: parked, among: backups) == BackupID(bits: 2))
        #expect(Resume.source(of: parked, among: []) == nil)
        parked.sourceBackup = BackupID(bits: 50)
        #expect(Resume.source(of: parked, among: backups) == BackupID(bits: 2))
        #expect(Resume.source(of: parked, among: []) == BackupID(bits: 50))
    }

    @Test func theWindowsAreExact() {
        #expect(DeletionWindow.end(ofDeletionAt: noon) - noon == .seconds(604_800))
        #expect(TypeChange.rollbackWindow == .seconds(86_400))
        #expect(DailyBackup.interval == .seconds(86_400))
    }
}

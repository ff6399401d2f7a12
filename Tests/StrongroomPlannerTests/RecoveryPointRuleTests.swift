import CloudHSM
import StrongroomModel
import Testing

@Suite struct RecoveryPointRuleTests {
    @Test(arguments: rows) func saysWhichRecoveryPointsAreNotSafeYet(_ row: Row) { row.check() }

    private static func wants(_ points: [DesiredRecoveryPoint]) -> DesiredCluster {
        desired { $0.recoveryPoints = points }
    }

    private static let named = recoveryPoint(.backup(backupID(1)))
    private static let elsewhere = DesiredRecoveryPoint(
        name: at(Line.recoveryPoint, "before-rotation"),
        selector: .backup(backupID(1)),
        regions: [at(Line.recoveryPoint, ireland)]
    )
    private static let holds = "held recovery point before-rotation (recovery-point:17)"

    static let rows = [
        Row("pinned", wants([named]), group(backups: [backup(1, age: .days(9), pinned: true)])),
        Row(
            "not pinned",
            wants([named]),
            group(backups: [backup(1, age: .days(9))]),
            notes: [holds]
        ),
        Row(
            "pinned, but being deleted",
            wants([named]),
            group(backups: [backup(1, age: .days(9), .pendingDeletion, pinned: true)]),
            notes: [holds]
        ),
        Row("not there", wants([named]), group(), notes: [holds]),
        Row(
            "wanted in another Region",
            wants([elsewhere]),
            group(backups: [backup(1, age: .days(9), pinned: true)]),
            notes: [holds]
        ),
        Row(
            "not resolved yet",
            wants([recoveryPoint(.takenBefore(now - .days(2)))]),
            group(backups: [backup(1, age: .days(9), pinned: true)]),
            notes: [holds]
        ),
    ]
}

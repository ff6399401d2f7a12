import CloudHSM
import StrongroomModel
import Testing

@Suite struct RecoveryPointCopyRuleTests {
    @Test(arguments: rows) func holdsRecoveryPointsInTheRegionsAskedFor(_ row: Row) { row.check() }

    private static let wanted = desired {
        $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)), in: [ireland])]
    }
    private static let kept = backup(1, age: .days(9)).kept()
    private static let copied = "1 > copy \(backupID(1)) to eu-west-1 (recovery-point:17)"
    private static let waits =
        "waiting recovery point before-rotation in eu-west-1 (recovery-point:17)"
    private static let holds =
        "held recovery point before-rotation in eu-west-1 (recovery-point:17)"

    static let rows = [
        Row("none yet", wanted, group(backups: [kept]), steps: [copied]),
        Row("held", wanted, group(backups: [kept, copy(5, of: 1, age: .days(9))])),
        Row(
            "a copy of another backup is none, however young",
            wanted,
            group(backups: [kept, copy(5, of: 2, age: .days(1))]),
            steps: [copied]
        ),
        Row(
            "on its way",
            wanted,
            group(backups: [kept, copy(5, of: 1, age: .days(9), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "on its way for longer than any copy takes",
            wanted,
            group(
                backups: [
                    kept, copy(5, of: 1, age: .days(9), .createInProgress, copied: .hours(25)),
                ]
            ),
            notes: [holds]
        ),
        Row(
            "one that keeps failing is not tried for ever",
            wanted,
            group(backups: [kept] + (5...7).map { copy($0, of: 1, age: .days(9), .deleted) }),
            notes: [holds]
        ),
        Row(
            "a deleted copy is restored rather than made again",
            wanted,
            group(backups: [kept, copy(5, of: 1, age: .days(9)).gone(in: .days(1))]),
            steps: ["1 ~ restore \(backupID(5)) in eu-west-1 (recovery-point:17)"]
        ),
        Row(
            "a deleted copy that can no longer be restored is made again",
            wanted,
            group(backups: [kept, copy(5, of: 1, age: .days(9)).gone(in: .minutes(-1))]),
            steps: [copied]
        ),
        Row(
            "only once the backup is recorded and pinned, so that the copy says what it is",
            wanted,
            group(backups: [backup(1, age: .days(9))]),
            steps: [
                "1 ~ tag \(backupID(1)) "
                    + "\(["strongroom:pin", "strongroom:recovery-point:before-rotation"]) "
                    + "(recovery-point:17)",
                "2 ~ pin \(backupID(1)) after 1 (recovery-point:17)",
                "3 > copy \(backupID(1)) to eu-west-1 after 1,2 (recovery-point:17)",
            ]
        ),
        Row(
            "one copy serves the copies asked for and the recovery point",
            desired {
                $0.copies = [copies()]
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)), in: [ireland])]
            },
            group(backups: [kept]),
            steps: ["1 > copy \(backupID(1)) to eu-west-1 (copy:20)"]
        ),
        Row(
            "a nominated copy is held where it lies, and its source is copied elsewhere",
            desired {
                $0.recoveryPoints = [
                    recoveryPoint(.backup(backupID(5)), in: [ireland, region("ap-northeast-2")])
                ]
            },
            group(backups: [backup(1, age: .days(9)), copy(5, of: 1, age: .days(9))]),
            steps: ["1 > copy \(backupID(1)) to ap-northeast-2 (recovery-point:17)"]
        ),
        Row(
            "copies of copies are not made",
            desired {
                $0.recoveryPoints = [
                    recoveryPoint(.backup(backupID(5)), in: [region("ap-northeast-2")])
                ]
            },
            group(backups: [backup(2, age: .days(1)), copy(5, of: 1, age: .days(9))]),
            notes: [
                "held recovery point before-rotation in ap-northeast-2 (recovery-point:17)",
                "noticed copies in eu-west-1 (copy:1)",
            ]
        ),
        Row(
            "a Region that was not read whole",
            wanted,
            group(backups: [kept]),
            unreadPlaces: [Place(account: .simulated, region: ireland): "throttled"],
            notes: [
                "unread recovery point before-rotation in eu-west-1 (recovery-point:17)"
            ]
        ),
    ]
}

import CloudHSM
import StrongroomModel
import Testing

@Suite struct ResumingTests {
    @Test(arguments: rows) func givesTheFirstHSMTheNewestBackup(_ row: Row) { row.check() }

    private static func wants(_ from: Int? = nil, hsms: Int = 1) -> DesiredCluster {
        desired {
            $0.hsms = at(Line.hsms, .total(hsms))
            $0.resumeFrom = from.map { at(Line.clusterID, backupID($0)) }
        }
    }

    private static let waits = "waiting HSMs (resume:9)"
    private static let holds = "held HSMs (resume:9)"
    private static let add = "1 + add us-east-1a (hsm-count:9)"
    private static let older = backup(1, age: .days(3))
    private static let going = backup(2, age: .days(1), .pendingDeletion)
    private static let gone = backup(2, age: .days(1), .deleted)

    static let rows = [
        Row(
            "the first is given it, and the second is backed up to",
            wants(hsms: 2),
            group(hsms: [], backups: [older]),
            steps: [add, "2 + add us-east-1b, backed up after 1 (hsm-count:9)"]
        ),
        Row("no backup", wants(), group(hsms: []), notes: [holds]),
        Row(
            "a clone is given the backup it was made from",
            wants(),
            group(hsms: []) { $0.sourceBackup = backupID(7) },
            steps: [add]
        ),
        Row(
            "the newest is still being made",
            wants(),
            group(hsms: [], backups: [older, backup(2, age: .minutes(2), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "the newest is being made for a day",
            wants(),
            group(hsms: [], backups: [older, backup(2, age: .hours(25), .createInProgress)]),
            notes: [holds]
        ),
        Row(
            "the newest is pending deletion: it is restored first",
            wants(),
            group(hsms: [], backups: [older, going]),
            steps: [
                "1 ~ restore \(backupID(2)) in us-east-1 (resume:9)",
                "2 + add us-east-1a after 1 (hsm-count:9)",
            ]
        ),
        Row(
            "also the only one",
            wants(),
            group(hsms: [], backups: [going]),
            steps: [
                "1 ~ restore \(backupID(2)) in us-east-1 (resume:9)",
                "2 + add us-east-1a after 1 (hsm-count:9)",
            ]
        ),
        Row(
            "the newest is pending deletion, and the older is accepted",
            wants(1),
            group(hsms: [], backups: [older, going]),
            notes: [holds]
        ),
        Row(
            "the newest holds what is to be purged",
            desired {
                $0.hsms = at(Line.hsms, .total(1))
                $0.purge = at(
                    Line.purge,
                    DesiredPurge(materialRemovedAt: now - .hours(2), reason: "expired keys")
                )
            },
            group(hsms: [], backups: [older, going]),
            notes: [holds, "held purge (purge:13)"]
        ),
        Row(
            "the newest is gone",
            wants(),
            group(hsms: [], backups: [older, gone]),
            notes: [holds]
        ),
        Row(
            "the newest is gone, and the newest left is accepted",
            wants(1),
            group(hsms: [], backups: [older, backup(3, age: .days(9)), gone]),
            steps: [add]
        ),
        Row(
            "an older one than the newest left is accepted",
            wants(3),
            group(hsms: [], backups: [older, backup(3, age: .days(9)), gone]),
            notes: [holds]
        ),
        Row(
            "no call can choose an older one",
            wants(1),
            group(hsms: [], backups: [older, backup(2, age: .days(1))]),
            notes: [holds]
        ),
        Row(
            "the backup of the last removal is not there yet",
            wants(),
            group(hsms: [], backups: [older]),
            journal: [entry("DeleteHsm", "\(hsmID(1))", rule: "parking", ago: .minutes(4))],
            notes: [waits]
        ),
        Row(
            "the backup of the last removal never came",
            wants(),
            group(hsms: [], backups: [older]),
            journal: [entry("DeleteHsm", "\(hsmID(1))", rule: "parking", ago: .hours(25))],
            notes: [holds]
        ),
        Row(
            "the backup of the last removal never came, and that is accepted",
            wants(1),
            group(hsms: [], backups: [older]),
            journal: [entry("DeleteHsm", "\(hsmID(1))", rule: "parking", ago: .hours(25))],
            steps: [add]
        ),
        Row(
            "a copy that came home is not what a new HSM gets",
            wants(),
            group(
                hsms: [],
                backups: [older, copy(2, of: 9, age: .days(1), in: home, .pendingDeletion)]
            ),
            steps: [add]
        ),
        Row(
            "the last HSM is still leaving",
            wants(),
            group(hsms: [hsm(1, zoneA, .deleteInProgress)], backups: [older]),
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "once it has an HSM, resumeFrom says nothing any more",
            wants(1),
            group(hsms: [hsm(1, zoneA)], backups: [older, backup(2, age: .days(1))])
        ),
    ]

    @Test func whatTheFirstIsGivenIsLookedUpAgainBeforeTheCall() {
        let plan = plan(Self.wants(), group(hsms: [], backups: [Self.older, Self.going]))
        #expect(
            plan.steps.map(\.preconditions) == [
                [.clusterState(.active), .backupPendingDeletion(backupID(2))],
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(0),
                    .newestBackup(backupID(2)),
                ],
            ]
        )
        #expect(plan.steps.first?.postcondition == .backupReady(.known(backupID(2))))
    }

    @Test func aRefusalSaysHowToAcceptTheOlderOne() {
        let text = plan(Self.wants(), group(hsms: [], backups: [Self.older, Self.gone])).texts.first
        #expect(text?.contains("write resumeFrom: \(backupID(1))") == true)
    }

    @Test func aResumeThatTheQuotaHasNoRoomForSaysWhatWasWanted() {
        let plan = plan(
            Self.wants(),
            group(hsms: [], backups: [Self.older]),
            quotas: Quotas(clusters: 4, hsms: 0)
        )
        #expect(plan.noteLines == ["held add HSM in us-east-1a (quota:9)"])
        #expect(plan.texts.first?.contains("the first HSM is given \(backupID(1))") == true)
    }
}

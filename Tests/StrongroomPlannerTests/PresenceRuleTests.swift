import CloudHSM
import StrongroomModel
import Testing

@Suite struct PresenceRuleTests {
    @Test(arguments: rows) func looksWhetherThereIsAClusterToSpeakOf(_ row: Row) { row.check() }

    private static let stale = desired {
        $0.hsms = at(Line.hsms, .total(4))
        $0.backups.maxAge = at(Line.maxAge, .hours(1))
        $0.backups.whenStale = .force
        $0.backups.retention = at(Line.retention, days(7))
        $0.copies = [copies(maxAge: .hours(1), retentionDays: 1)]
        $0.tags = at(Line.tags, ["cost": "1"])
    }

    private static let absent = desired {
        $0.ensure = at(Line.ensure, .absent(reason: "end of project", finalBackup: .keep))
    }

    private static let backups = [
        backup(1, age: .days(40)), backup(2, age: .days(3)), copy(3, of: 1, age: .days(40)),
        copy(4, of: 2, age: .days(3)),
    ]

    private static let elsewhere = Place(account: .simulated, region: ireland)

    static let rows = [
        Row(
            "a cluster cannot move",
            stale,
            group(backups: backups, in: ireland),
            notes: ["held cluster (presence:2)"]
        ),
        Row(
            "its Region was not read whole",
            stale,
            group(backups: backups),
            unreadPlaces: [homePlace: "throttled"],
            notes: ["unread cluster (presence:2)"]
        ),
        Row(
            "not made while its Region was not read whole",
            desired(),
            nil,
            unreadPlaces: [homePlace: "throttled"],
            notes: ["unread cluster (presence:2)"]
        ),
        Row(
            "not made while it may be in a Region that was not read whole",
            desired(),
            nil,
            unreadPlaces: [elsewhere: "throttled"],
            notes: ["unread cluster (presence:1)"]
        ),
        Row(
            "a backup from the future: no age can be trusted",
            stale,
            group(backups: backups + [backup(9, age: .minutes(-2))]),
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "a copy with content from the future",
            stale,
            group(backups: backups + [copy(9, of: 8, age: .minutes(-2))]),
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "a cluster from the future",
            stale,
            group(backups: backups) { $0.createdAt = now + .minutes(2) },
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "a minute of clock skew is no future",
            desired(),
            group(backups: [backup(9, age: .minutes(-1))])
        ),
        Row("absent and gone", absent, nil),
        Row("absent and DELETED", absent, group(hsms: []) { $0.state = .deleted }),
        Row(
            "absent and being deleted",
            absent,
            group(hsms: [], backups: backups) { $0.state = .deleteInProgress },
            notes: ["waiting delete cluster (presence:16)"]
        ),
        Row(
            "an adopted cluster that does not exist",
            desired { $0.clusterID = at(Line.clusterID, clusterID(5)) },
            nil,
            notes: ["held cluster (presence:3)"]
        ),
        Row(
            "a DELETED cluster is not made again, empty",
            desired(),
            group(hsms: [], backups: backups) { $0.state = .deleted },
            notes: ["held create cluster (presence:1)"]
        ),
        Row(
            "an adopted cluster of which only backups are left",
            desired { $0.clusterID = at(Line.clusterID, clusterID(1)) },
            ProtectionGroup(id: groupID(1), cluster: nil, backups: backups),
            notes: ["held cluster (presence:3)"]
        ),
        Row(
            "DEGRADED is only read",
            stale,
            group(backups: backups) { $0.state = .degraded },
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "an unknown state is only read",
            stale,
            group(backups: backups) { $0.state = .unrecognised("MOVING") },
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "deleted by someone else",
            stale,
            group(backups: backups) { $0.state = .deleteInProgress },
            notes: ["held cluster (presence:1)"]
        ),
        Row(
            "busy",
            stale,
            group(backups: backups) { $0.state = .modifyInProgress },
            notes: ["waiting HSM type (presence:1)"]
        ),
    ]

    @Test func aGroupThatCannotBeReadIsNotMadeAnew() {
        let unread: [GroupID: UnreadReason] = [groupID(3): "broken JSON"]
        let plan = plan(desired(), nil, unreadGroups: unread)
        #expect(plan.noteLines == ["unread cluster (presence:1)"])
        #expect(plan.texts.first?.contains("broken JSON") == true)
        let adopted = desired { $0.clusterID = at(Line.clusterID, clusterID(3)) }
        #expect(
            StrongroomPlannerTests.plan(adopted, nil, unreadGroups: unread).noteLines
                == ["unread cluster (presence:1)"]
        )
    }

    @Test func aGroupElsewhereThatCannotBeReadDisturbsNobody() {
        let plan = plan(desired(), nil, unreadGroups: [groupID(3, in: ireland): "broken JSON"])
        #expect(plan.steps.first?.short == "1 + create (creation:1)")
    }
}

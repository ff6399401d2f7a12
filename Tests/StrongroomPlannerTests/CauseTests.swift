import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

/// One row of the table of causes: how it was at the last run, how it is now, and what that is
/// called.
private struct Story: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: (DesiredCluster, ProtectionGroup)
    let now: (DesiredCluster, ProtectionGroup)
    let journal: [JournalEntry]
    let lines: [String]

    init(
        _ name: String,
        wanted: DesiredCluster = desired(),
        was: ProtectionGroup,
        wantedNow: DesiredCluster? = nil,
        isNow: ProtectionGroup? = nil,
        journal: [JournalEntry] = [],
        _ lines: String...
    ) {
        testDescription = name
        before = (wanted, was)
        now = (wantedNow ?? wanted, isNow ?? was)
        self.journal = journal
        self.lines = lines
    }
}

private let daily = desired { $0.backups.maxAge = at(Line.maxAge, .hours(26)) }
private let forced = desired {
    $0.backups.maxAge = at(Line.maxAge, .hours(26))
    $0.backups.whenStale = .force
}
private let copied = desired { $0.copies = [copies(maxAge: .hours(48), retentionDays: 30)] }
private let unmanaged = desired {
    $0.hsms = nil
    $0.backups.retention = nil
}
private let fresh = backup(1, age: .hours(2))

private func wanting(_ change: (inout DesiredCluster) -> Void) -> DesiredCluster {
    desired("payments", change)
}

private func having(
    _ backups: [Backup] = [fresh],
    hsms: [HSM] = [hsm(1, zoneA), hsm(2, zoneB)],
    _ change: (inout Cluster) -> Void = { _ in }
) -> ProtectionGroup {
    group(hsms: hsms, backups: backups, change)
}

@Suite("Causes")
struct CauseTests {
    private static let edits: [Story] = [
        Story(
            "more HSMs asked for",
            was: having(),
            wantedNow: wanting { $0.hsms = at(Line.hsms, .total(3)) },
            "+ add us-east-1a, backed up: manifest"
        ),
        Story(
            "a longer retention asked for",
            was: having(),
            wantedNow: wanting { $0.backups.retention = at(Line.retention, days(120)) },
            "~ retention 90 days to 120, losing 0: manifest"
        ),
        Story(
            "a tag asked for",
            wanted: wanting { $0.tags = at(Line.tags, [:]) },
            was: having(),
            wantedNow: wanting { $0.tags = at(Line.tags, ["env": "prod"]) },
            "~ tag env: manifest"
        ),
        Story(
            "copies asked for",
            was: having(),
            wantedNow: copied,
            "> copy \(backupID(1)) to eu-west-1: manifest"
        ),
        Story(
            "younger backups asked for",
            wanted: daily,
            was: having(),
            wantedNow: wanting { $0.backups.maxAge = at(Line.maxAge, .hours(1)) },
            "held backup freshness: manifest"
        ),
        Story(
            "a clean-up asked for",
            wanted: wanting { $0.copies = [copies(retentionDays: 60)] },
            was: having([fresh, copy(2, of: 1, age: .hours(2)), copy(3, of: 9, age: .days(40))]),
            wantedNow: wanting { $0.copies = [copies(retentionDays: 30)] },
            "- delete \(backupID(3)) in eu-west-1: manifest"
        ),
        Story(
            "an edit wins over what a person did meanwhile",
            was: having(),
            wantedNow: wanting { $0.hsms = at(Line.hsms, .total(3)) },
            isNow: having(hsms: [hsm(1, zoneA)]),
            "+ add us-east-1b, backed up: manifest",
            "+ add us-east-1a, backed up: manifest"
        ),
    ]

    private static let drifts: [Story] = [
        Story(
            "an HSM removed by hand",
            was: having(),
            isNow: having(hsms: [hsm(1, zoneA)]),
            "+ add us-east-1b, backed up: drift"
        ),
        Story(
            "an HSM added by hand",
            was: having(),
            isNow: having(hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneB)]),
            "- remove \(hsmID(3)): drift"
        ),
        Story(
            "the retention changed by hand",
            was: having(),
            isNow: having { $0.retention = .days(7) },
            "~ retention 7 days to 90, losing 0: drift"
        ),
        Story(
            "a tag changed by hand",
            wanted: wanting { $0.tags = at(Line.tags, ["env": "prod"]) },
            was: having { $0.tags["env"] = "prod" },
            isNow: having { $0.tags["env"] = "test" },
            "~ tag env: drift"
        ),
        Story(
            "a pin taken off by hand",
            wanted: wanting { $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))] },
            was: having([recorded(pinned: true)]),
            isNow: having([recorded(pinned: false)]),
            "~ pin \(backupID(1)): drift"
        ),
        Story(
            "the fresh backup deleted by hand",
            wanted: daily,
            was: having([fresh, backup(2, age: .hours(30))]),
            isNow: having([
                leaving(1, age: .hours(2), deleted: .minutes(20)), backup(2, age: .hours(30)),
            ]),
            "held backup freshness: drift",
            "noticed backup: drift"
        ),
        Story(
            "the fresh copy deleted by hand",
            wanted: copied,
            was: having([fresh, copy(2, of: 1, age: .hours(2))]),
            isNow: having([
                fresh, leaving(2, age: .hours(2), deleted: .minutes(20), copyOf: 1),
            ]),
            "> copy \(backupID(1)) to eu-west-1: drift",
            "noticed backup: drift"
        ),
        Story(
            "the cluster deleted by hand",
            was: having(),
            isNow: having { $0.state = .deleted },
            "held create cluster: drift"
        ),
        Story(
            "a copy that we deleted restored by hand",
            wanted: copied,
            was: having([
                fresh, copy(2, of: 1, age: .hours(2)),
                leaving(3, age: .days(40), deleted: .hours(2), copyOf: 9),
            ]),
            isNow: having([
                fresh, copy(2, of: 1, age: .hours(2)), copy(3, of: 9, age: .days(40)),
            ]),
            journal: [
                entry("DeleteBackup", "\(backupID(3))", ago: .hours(2), losing: [backupID(3)])
            ],
            "- delete \(backupID(3)) in eu-west-1: drift"
        ),
    ]

    private static let doings: [Story] = [
        Story(
            "a backup was stale when it was first asked to be fresh",
            wanted: forced,
            was: having([backup(1, age: .hours(30))]),
            "+ add us-east-1a, backed up: manifest",
            "- remove that of 1: manifest"
        ),
        Story(
            "a backup aged since",
            wanted: forced,
            was: having([backup(1, age: .minutes(26 * 60 + 30))]),
            "+ add us-east-1a, backed up: service",
            "- remove that of 1: service"
        ),
        Story(
            "a copy aged since",
            wanted: copied,
            was: having([fresh, copy(2, of: 9, age: .minutes(48 * 60 + 30))]),
            "> copy \(backupID(1)) to eu-west-1: service"
        ),
        Story(
            "copies grew too old since",
            wanted: copied,
            was: having([
                fresh, copy(2, of: 1, age: .hours(2)),
                copy(3, of: 9, age: .minutes(30 * 24 * 60 + 30)),
            ]),
            "- delete \(backupID(3)) in eu-west-1: service"
        ),
        Story(
            "an HSM failed",
            was: having(),
            isNow: having(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)]),
            "waiting HSMs: service"
        ),
        Story(
            "an HSM failed while more were asked for",
            wanted: wanting { $0.hsms = at(Line.hsms, .total(1)) },
            was: having(hsms: [hsm(1, zoneA), hsm(2, zoneB)]),
            wantedNow: desired(),
            isNow: having(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)]),
            "waiting HSMs: service"
        ),
        Story(
            "the type was moved off the retired one",
            wanted: wanting { $0.hsmType = at(Line.hsmType, .hsm1Medium) },
            was: having { $0.hsmType = .hsm1Medium },
            isNow: having(),
            "held HSM type: service"
        ),
        Story(
            "the cycle we began is ended",
            wanted: forced,
            was: having([backup(1, age: .hours(2))]),
            isNow: having(
                [backup(1, age: .minutes(30))],
                hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA)]
            ),
            journal: [
                entry("CreateHsm", "\(zoneA)", rule: "freshness", made: "\(hsmID(3))")
                    .begun(.minutes(50))
            ],
            "- remove \(hsmID(3)): service"
        ),
        Story(
            "an HSM was replaced",
            was: having(),
            isNow: having(hsms: [hsm(1, zoneA), hsm(7, zoneB, interface: 2)]),
            "noticed HSM in us-east-1b: service"
        ),
    ]

    @Test("an edited manifest is called that", arguments: edits)
    private func edit(story: Story) { check(story) }

    @Test("what a person did beside the manifests is called drift", arguments: drifts)
    private func drift(story: Story) { check(story) }

    @Test("what the service did, or time, is called that", arguments: doings)
    private func service(story: Story) { check(story) }

    private func check(_ story: Story) {
        let memory = remembered(story.before.0, story.before.1, journal: story.journal)
        let plan = plan(
            story.now.0,
            story.now.1,
            journal: story.journal,
            seen: [groupID(1): memory]
        )
        #expect(plan.causeLines == story.lines)
    }

    @Test("without any memory everything open is asked for")
    func firstRun() {
        let plan = plan(daily, having([], hsms: [hsm(1, zoneA)]))
        #expect(
            plan.causeLines == [
                "+ add us-east-1b, backed up: manifest", "waiting backup freshness: manifest",
            ]
        )
    }

    @Test("with a memory that cannot be read no cause is told, and the plan is the same")
    func unreadableMemory() {
        let group = having(hsms: [hsm(1, zoneA)])
        let blind = plan(desired(), group, seen: nil)
        #expect(blind.causeLines == ["+ add us-east-1b, backed up: unknown"])
        #expect(blind.stepLines == plan(desired(), group).stepLines)
    }

    @Test("a line that a safeguard holds keeps its cause")
    func heldLinesKeepTheirCause() {
        let memory = remembered(desired(), having())
        let frozen = Safety(
            deletionsPerRun: 1,
            deletionsPerDay: 1,
            deletionRatio: 1,
            freeze: Freeze(reason: "year end", until: now + .days(1), at: place(Line.freeze))
        )
        let plan = plan(
            desired(),
            having(hsms: [hsm(1, zoneA)]),
            safety: frozen,
            seen: [groupID(1): memory]
        )
        #expect(plan.causeLines == ["held add HSM in us-east-1b: drift"])
    }

    @Test("a place that could not be read is nobody's drift")
    func unreadPlace() {
        let point = wanting { $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))] }
        let memory = remembered(point, having([recorded(pinned: true)]))
        let plan = plan(
            point,
            having([recorded(pinned: false)]),
            unreadPlaces: [Place(account: .simulated, region: ireland): "denied"],
            seen: [groupID(1): memory]
        )
        #expect(plan.causeLines == ["~ pin \(backupID(1)): unknown"])
    }
}

/// A backup that is recorded as a recovery point.
private func recorded(pinned: Bool) -> Backup {
    backup(
        1,
        age: .hours(2),
        pinned: pinned,
        tags: [
            OwnershipTag.recoveryPoint + "before-rotation": "2026-11-23T11:00:00Z",
            OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint,
        ]
    )
}

extension JournalEntry {
    /// The same entry, begun and ended a while ago.
    fileprivate func begun(_ ago: Duration) -> JournalEntry {
        let moved = Intent(
            id: intent.id,
            name: intent.name,
            group: intent.group,
            place: intent.place,
            operation: intent.operation,
            target: intent.target,
            step: intent.step,
            rule: intent.rule,
            writtenAt: now - ago
        )
        let end = outcome.map { Outcome($0.result, made: $0.made, at: now - ago) }
        return JournalEntry(intent: moved, outcome: end)
    }
}

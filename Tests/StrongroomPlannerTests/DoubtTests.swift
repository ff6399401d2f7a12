import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

/// What is held while the clock, the journal, our memory or the list of backups cannot be trusted,
/// and what a person wants kept.
@Suite struct DoubtTests {
    /// A tag to set, an HSM to add and an old copy to delete.
    private static let wanted = desired {
        $0.hsms = at(Line.hsms, .total(3))
        $0.copies = [copies(retentionDays: 30)]
        $0.tags = at(Line.tags, ["cost": "1"])
    }

    private static let there = group(
        backups: [
            backup(1, age: .days(1)), copy(11, of: 5, age: .days(64)),
            copy(12, of: 6, age: .days(63)), copy(15, of: 1, age: .days(1)),
        ]
    )

    private func plan(
        _ desired: DesiredCluster = wanted,
        _ group: ProtectionGroup = there,
        safety: Safety = boundless,
        journal: [JournalEntry] = [],
        seen: SeenGroup? = nil,
        overrides: [RuleOverride] = [],
        _ change: (inout PlanContext) -> Void = { _ in }
    ) -> GroupPlan {
        var context = PlanContext(
            now: now,
            recentEntries: journal,
            seen: seen.map { [group.id: $0] } ?? [:],
            overrides: overrides
        )
        change(&context)
        let planner = Planner(fleet: fleet([desired], safety: safety), context: context)
        return known(planner.plan(for: [group]).groups.first, "the only group")
    }

    private func held(_ plan: GroupPlan, by rule: String) -> [String] {
        plan.notes.filter { $0.kind == .held && $0.reason.rule == rule }.map(\.subject)
    }

    private let deletions = [
        "delete \(backupID(11)) in eu-west-1", "delete \(backupID(12)) in eu-west-1",
    ]

    @Test func whereNothingIsDoubtedAllIsPlanned() {
        #expect(plan().steps.map(\.action.kind) == [.change, .add, .delete, .delete])
    }

    @Test func aMemoryOlderThanTheWorldChangesNothing() {
        let plan = plan { $0.memoryDoubt = "the state was put back" }
        #expect(plan.steps.isEmpty)
        #expect(held(plan, by: "memory").count == 4)
    }

    @Test func aClockThatIsOffDestroysNothingAndMayStillAdd() {
        let plan = plan { $0.clockDoubt = "it is 90 s off" }
        #expect(plan.steps.map(\.action.kind) == [.change, .add])
        #expect(held(plan, by: "clock") == deletions)
    }

    @Test func aShorterRetentionIsDestructionToo() {
        let shorter = desired { $0.backups.retention = at(Line.retention, days(30)) }
        let off = { (context: inout PlanContext) in context.clockDoubt = "it is 90 s off" }
        let fresh = group(backups: [backup(1, age: .days(1))])
        #expect(plan(shorter, fresh, off).steps.isEmpty)
        let longer = desired { $0.backups.retention = at(Line.retention, days(120)) }
        #expect(plan(longer, fresh, off).steps.count == 1)
    }

    @Test(arguments: [groupID(9), nil]) func aGapInTheJournalDeletesNothing(_ group: GroupID?) {
        let plan = plan { $0.journalGaps = [JournalGap(of: group, because: "line 7 is damaged")] }
        #expect(plan.steps.map(\.action.kind) == [.change, .add])
        #expect(held(plan, by: "journal-gap") == deletions)
    }

    @Test func withoutTheFleetsPartOfTheJournalNoClusterIsMade() {
        let plan = { (gap: GroupID?) in
            var context = PlanContext(now: now)
            context.journalGaps = [JournalGap(of: gap, because: "it is not there")]
            return Planner(fleet: fleet([desired()]), context: context).plan(for: []).groups.first
        }
        #expect(plan(groupID(9))?.steps.count == 2)
        #expect(plan(nil)?.steps.isEmpty == true)
    }

    // MARK: Budgets over runs

    @Test func theRatioCountsWhatWentInTheLastDay() {
        let earlier = entry(
            "DeleteBackup",
            "\(backupID(70))",
            ago: .hours(3),
            losing: [backupID(70), backupID(71)]
        )
        // Three copies are there and two went: of five, half is two.
        let safety = Safety(deletionsPerRun: 9, deletionsPerDay: 9, deletionRatio: 0.5)
        #expect(plan(safety: safety).steps.count { $0.action.kind == .delete } == 1)
        let later = plan(safety: safety, journal: [elsewhere(earlier)])
        #expect(held(later, by: "deletion-budget") == deletions)
        // What went at home says nothing of Ireland.
        #expect(
            plan(safety: safety, journal: [earlier]).steps.count { $0.action.kind == .delete } == 1
        )
    }

    /// The same call, in Ireland.
    private func elsewhere(_ entry: JournalEntry) -> JournalEntry {
        let intent = entry.intent
        return JournalEntry(
            intent: Intent(
                id: intent.id,
                name: intent.name,
                group: intent.group,
                place: Place(account: .simulated, region: ireland),
                operation: intent.operation,
                target: intent.target,
                step: intent.step,
                rule: intent.rule,
                writtenAt: intent.writtenAt,
                losing: intent.losing
            ),
            outcome: entry.outcome
        )
    }

    @Test func anHourMakesNoMoreThanItMay() {
        let growing = desired { $0.hsms = at(Line.hsms, .total(5)) }
        let added = { (ago: Duration) in
            entry("CreateHsm", "us-east-1a", ago: ago, outcome: .accepted, made: "\(hsmID(1))")
        }
        let safety = Safety(
            deletionsPerRun: 9,
            deletionsPerDay: 9,
            deletionRatio: 1,
            creationsPerHour: 2
        )
        let steps = { plan(growing, group(), safety: safety, journal: $0).steps.count }
        #expect(steps([]) == 2)
        #expect(steps([added(.minutes(50))]) == 1)
        #expect(steps([added(.minutes(50)), added(.minutes(40))]) == 0)
        #expect(steps([added(.minutes(61)), added(.minutes(61))]) == 2)
    }

    @Test func aPersonCanGoBeyondABudgetOnceForOneGroup() {
        let none = Safety(
            deletionsPerRun: 0,
            deletionsPerDay: 0,
            deletionRatio: 0,
            creationsPerHour: 0
        )
        let kinds = { plan(safety: none, overrides: $0).steps.map(\.action.kind) }
        #expect(kinds([]) == [.change])
        #expect(
            kinds([RuleOverride(.deletionBudget, in: groupID(1))]) == [.change, .delete, .delete]
        )
        #expect(kinds([RuleOverride(.creationBudget, in: groupID(1))]) == [.change, .add])
        #expect(kinds([RuleOverride(.deletionBudget, in: groupID(9))]) == [.change])
    }

    // MARK: Backups that vanish

    @Test func whereMostBackupsVanishedFromTheListNothingIsMadeOrDeleted() {
        let plan = plan(seen: seen(1, 2, 3))
        #expect(plan.steps.map(\.action.kind) == [.change])
        #expect(held(plan, by: "shrunk").count == 3)
    }

    @Test(arguments: [
        ("half of them", seen(1, 2)),
        ("a week went by", seen(1, 2, 3, ago: .days(7))),
        ("nothing is remembered", seen()),
    ])
    func otherwiseItIsTakenForTrue(_ name: String, _ seen: SeenGroup) {
        #expect(plan(seen: seen).steps.count == 4)
    }

    @Test func whatIsListedAsDeletedDidNotVanish() {
        let deleted =
            Self.there.backups + [2, 3].map { leaving($0, age: .days(2), deleted: .hours(1)) }
        let group = group(backups: deleted)
        #expect(
            plan(Self.wanted, group, seen: seen(1, 2, 3)).notes.allSatisfy {
                $0.reason.rule != "shrunk"
            }
        )
    }

    @Test func whatVanishedStaysInMindUntilAPersonSaysSo() {
        let memory = seen(1, 2, 3)
        let remembered = { (overrides: [RuleOverride]) in
            let context = PlanContext(now: now, seen: [groupID(1): memory], overrides: overrides)
            return Planner(fleet: fleet([Self.wanted]), context: context).seen(Self.there)?.backups
        }
        #expect(remembered([]) == memory.backups)
        #expect(remembered([RuleOverride(.shrunk, in: groupID(1))]) == [backupID(1)])
    }

    // MARK: Rescues

    /// We deleted one of the old copies an hour ago, and it is READY.
    private let deletedByUs = entry(
        "DeleteBackup",
        "\(backupID(11))",
        ago: .hours(1),
        losing: [backupID(11)]
    )

    @Test func whatSomebodyRestoredIsNotDeletedAgainUnread() {
        let unread = plan(journal: [deletedByUs]) { $0.reader = .nobody }
        #expect(held(unread, by: "rescued") == ["delete \(backupID(11)) in eu-west-1"])
        #expect(unread.steps.map(\.action.kind) == [.change, .add, .delete])
    }

    @Test(arguments: [
        (PlanReader.person, 2), (.personAt(now - .minutes(30)), 2),
        // The plan was read before the deletion that somebody undid.
        (.personAt(now - .hours(2)), 1), (.nobody, 1),
    ])
    func aPersonWhoReadItMayDeleteItAgain(_ reader: PlanReader, _ deletions: Int) {
        let plan = plan(journal: [deletedByUs]) { $0.reader = reader }
        #expect(plan.steps.count { $0.action.kind == .delete } == deletions)
    }

    @Test func whatWeRestoredOurselvesIsNoRescue() {
        let restored = entry("RestoreBackup", "\(backupID(11))", ago: .minutes(30))
        let plan = plan(journal: [deletedByUs, restored]) { $0.reader = .nobody }
        #expect(held(plan, by: "rescued").isEmpty)
    }

    @Test func aRescueIsRememberedLongerThanTheJournal() {
        let planner = { (journal: [JournalEntry], seen: SeenGroup?) -> Planner in
            var context = PlanContext(
                now: now,
                recentEntries: journal,
                seen: seen.map { [groupID(1): $0] } ?? [:]
            )
            context.reader = .nobody
            return Planner(fleet: fleet([Self.wanted]), context: context)
        }
        let memory = planner([deletedByUs], nil).seen(Self.there)
        #expect(memory?.rescued == [backupID(11)])
        let later = planner([], memory).plan(for: [Self.there]).groups.first
        #expect(later.map { held($0, by: "rescued").count } == 1)
    }

    // MARK: Freeze

    @Test func aClusterCanBeFrozenAlone() {
        var frozen = Self.wanted
        frozen.freeze = Freeze(reason: "audit", until: now + .minutes(1), at: place(Line.freeze))
        #expect(plan(frozen).steps.isEmpty)
        #expect(held(plan(frozen), by: "freeze").count == 4)
        frozen.freeze = Freeze(reason: "audit", until: now, at: place(Line.freeze))
        #expect(plan(frozen).steps.count == 4)
    }
}

/// What the last run saw of the only group.
private func seen(_ numbers: Int..., ago: Duration = .hours(1)) -> SeenGroup {
    var seen = SeenGroup(at: now - ago)
    seen.backups = numbers.map(backupID)
    return seen
}

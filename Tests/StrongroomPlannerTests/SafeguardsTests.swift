import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

@Suite struct SafeguardsTests {
    private static let cleaning = desired {
        $0.copies = [copies(retentionDays: 30)]
        $0.tags = at(Line.tags, ["cost": "1"])
    }

    /// Four old copies that may go, and two that may not.
    private static let copied = group(
        backups: [
            backup(1, age: .days(1)), copy(11, of: 5, age: .days(64)),
            copy(12, of: 6, age: .days(63)),
            copy(13, of: 7, age: .days(62)), copy(14, of: 8, age: .days(61)),
            copy(15, of: 1, age: .days(1)), copy(16, of: 2, age: .days(1)),
        ]
    )

    private static func deleted(_ plan: GroupPlan) -> Int {
        plan.steps.count { $0.action.kind == .delete }
    }

    struct Budget: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let safety: Safety
        let deletions: Int

        init(_ name: String, run: Int = 100, day: Int = 100, ratio: Double = 1, deletions: Int) {
            testDescription = name
            safety = Safety(deletionsPerRun: run, deletionsPerDay: day, deletionRatio: ratio)
            self.deletions = deletions
        }
    }

    @Test(arguments: [
        Budget("enough", deletions: 4),
        Budget("per run", run: 3, deletions: 3),
        Budget("none per run", run: 0, deletions: 0),
        Budget("per day", day: 2, deletions: 2),
        Budget("none per day", day: 0, deletions: 0),
        Budget("one in three", ratio: 0.34, deletions: 2),
        Budget("no part of them", ratio: 0, deletions: 0),
        Budget("too small a part for one", ratio: 0.1, deletions: 0),
    ])
    func deletionsStayInsideTheBudget(_ budget: Budget) {
        let plan = plan(Self.cleaning, Self.copied, safety: budget.safety)
        #expect(Self.deleted(plan) == budget.deletions)
        #expect(plan.notes.count { $0.reason.rule == "deletion-budget" } == 4 - budget.deletions)
        #expect(plan.steps.first?.reason.rule == "tags")
    }

    @Test(arguments: [
        (Outcome.Result?.some(.accepted), 1), (.some(.foundDone), 1), (nil, 1),
        (.some(.refused), 3),
        (.some(.foundNotDone), 3),
    ])
    func whatWentInTheLastDayCounts(_ outcome: Outcome.Result?, _ left: Int) {
        let other = groupID(7)
        let journal = [
            entry(
                "DeleteBackup",
                "\(backupID(70))",
                group: other,
                ago: .hours(23),
                losing: [backupID(70), backupID(71)],
                outcome: outcome
            ),
            entry(
                "DeleteBackup",
                "\(backupID(72))",
                group: other,
                ago: .hours(25),
                losing: [backupID(72)]
            ),
        ]
        let safety = Safety(deletionsPerRun: 100, deletionsPerDay: 3, deletionRatio: 1)
        #expect(
            Self.deleted(plan(Self.cleaning, Self.copied, safety: safety, journal: journal)) == left
        )
    }

    @Test func theBudgetOfARunIsSharedByAllGroups() {
        let names = ["a", "b", "c"]
        let groups = names.enumerated().map { number, name in
            group(
                number + 1,
                name: name,
                backups: [
                    copy(100 * number + 11, of: 5, age: .days(60)),
                    copy(100 * number + 12, of: 6, age: .days(61)),
                    copy(100 * number + 13, of: 7, age: .days(1)),
                ]
            )
        }
        let wanted = names.map { desired($0) { $0.copies = [copies(retentionDays: 30)] } }
        let safety = Safety(deletionsPerRun: 3, deletionsPerDay: 100, deletionRatio: 1)
        let planner = Planner(
            fleet: fleet(wanted, safety: safety),
            context: PlanContext(now: now)
        )
        let plan = planner.plan(for: groups)
        #expect(plan.groups.map(Self.deleted) == [2, 1, 0])
        #expect(plan.totals.lostBackups == 3)
    }

    @Test func aShorterRetentionCountsAsTheDeletionsItCauses() {
        let wanted = desired { $0.backups.retention = at(Line.retention, days(30)) }
        let there = group(
            backups: [1, 2, 3, 40, 50, 60].map { backup($0, age: .days($0)) }
        )
        let safety = { Safety(deletionsPerRun: $0, deletionsPerDay: 9, deletionRatio: $1) }
        #expect(plan(wanted, there, safety: safety(3, 0.5)).steps.count == 1)
        #expect(
            plan(wanted, there, safety: safety(2, 0.5)).noteLines
                == ["held retention 90 days → 30 days (deletion-budget:10)"]
        )
        #expect(
            plan(wanted, there, safety: safety(3, 0.49)).noteLines
                == ["held retention 90 days → 30 days (deletion-budget:10)"]
        )
    }

    @Test func aHeldDeletionSaysHowManyAreWantedAndWhatTheWayOutIs() {
        let reasons = { (run: Int, day: Int) in
            let safety = Safety(deletionsPerRun: run, deletionsPerDay: day, deletionRatio: 1)
            return Set(plan(Self.cleaning, Self.copied, safety: safety).notes.map(\.reason.text))
        }
        let leave = "in the fleet's manifest, or give leave with apply --override"
        #expect(
            reasons(3, 9) == [
                "one run may delete 3 backups, and this plan wants 4 deleted; a later run goes on; "
                    + "to have it now, raise safety.deletions.perRun \(leave)"
            ]
        )
        #expect(
            reasons(0, 9) == [
                "one run may delete 0 backups, and this plan wants 4 deleted; "
                    + "raise safety.deletions.perRun \(leave)"
            ]
        )
        #expect(
            reasons(9, 1) == [
                "a day may delete 1 backup; 0 went in the 24 hours before, and this plan wants 4 "
                    + "deleted; a later day goes on; to have it now, raise "
                    + "safety.deletions.perDay \(leave)"
            ]
        )
    }

    @Test func aFreezeHoldsEverythingUntilItsEnd() {
        let frozen = { (until: Timestamp) in
            Safety(
                deletionsPerRun: 100,
                deletionsPerDay: 100,
                deletionRatio: 1,
                freeze: Freeze(reason: "year end", until: until, at: place(Line.freeze))
            )
        }
        let before = plan(Self.cleaning, Self.copied, safety: frozen(now + .minutes(1)))
        #expect(before.steps.isEmpty)
        #expect(before.notes.count == 5)
        #expect(before.notes.allSatisfy { $0.kind == .held && $0.reason.short == "freeze:30" })
        #expect(plan(Self.cleaning, Self.copied, safety: frozen(now)).steps.count == 5)
    }

    @Test func quotasAreCheckedBeforeTheFirstStep() {
        let created = { (clusters: Int, hsms: Int) in
            plan(desired(), nil, quotas: Quotas(clusters: clusters, hsms: hsms))
        }
        #expect(created(1, 1).steps.count == 2)
        #expect(created(1, 0).stepLines == ["1 + create (creation:1)"])
        // What comes after a held step is held with it.
        #expect(created(0, 9).steps.isEmpty)
        #expect(
            created(0, 9).noteLines.suffix(2) == [
                "held create cluster (quota:1)", "held add HSM in us-east-1a (quota:9)",
            ]
        )
    }

    @Test func quotasCountWhatEverybodyHasInTheSamePlace() {
        let wanted = desired { $0.hsms = at(Line.hsms, .total(4)) }
        let planner = Planner(
            fleet: fleet([wanted], quotas: Quotas(clusters: 9, hsms: 6)),
            context: PlanContext(now: now)
        )
        let foreign = group(2, name: "theirs") { $0.tags = [:] }
        let elsewhere = group(3, name: "theirs", in: ireland) { $0.tags = [:] }
        let steps = { planner.plan(for: [group()] + $0).groups.first?.steps.count }
        #expect(steps([]) == 2)
        #expect(steps([elsewhere]) == 2)
        #expect(steps([foreign]) == 2)
        let more = group(4, name: "more") {
            $0.tags = [:]
            $0.hsms = [
                hsm(41, zoneA), hsm(42, zoneA, .createInProgress), hsm(43, zoneB, .degraded),
            ]
        }
        #expect(steps([more]) == 1)
    }

    @Test func noClusterGetsMoreHSMsThanTheServiceAllows() {
        let plan = plan(
            desired { $0.hsms = at(Line.hsms, .total(30)) },
            group(hsms: (1...27).map { hsm($0, $0 % 2 == 0 ? zoneA : zoneB) })
        )
        #expect(plan.steps.count == 1)
        #expect(plan.notes.count { $0.reason.rule == "quota" } == 2)
    }

    @Test func aNameThatTwoClustersCarryMeansNeither() {
        let planner = Planner(fleet: fleet([Self.cleaning]), context: PlanContext(now: now))
        let plan = planner.plan(for: [Self.copied, group(2)])
        #expect(plan.groups.map(\.steps.isEmpty) == [true, true])
        #expect(
            plan.groups.map(\.noteLines) == [
                ["held cluster (double-claim:1)"], ["held cluster (double-claim:1)"],
            ]
        )
    }

    @Test func aNameIsTheLivingClustersWhereItsPredecessorIsStillListed() {
        let planner = Planner(fleet: fleet([Self.cleaning]), context: PlanContext(now: now))
        let dead = group(2, hsms: []) { $0.state = .deleted }
        let plan = planner.plan(for: [dead, Self.copied])
        #expect(plan.groups.map(\.standing) == [.managed, .orphan])
        #expect(plan.groups.map(\.steps.count) == [5, 0])
    }

    @Test func theSourceOfACloneStaysUntilTheCloneHasABackupOfItsOwn() {
        let planner = Planner(fleet: fleet([Self.cleaning]), context: PlanContext(now: now))
        let clone = { (backups: [Backup]) in
            group(2, name: "clone", backups: backups, in: ireland) {
                $0.tags = [:]
                $0.sourceBackup = backupID(12)
            }
        }
        let held = { (plan: Plan) in
            plan.groups.flatMap(\.notes).filter { $0.reason.rule == "clone-source" }.map(\.subject)
        }
        #expect(
            held(planner.plan(for: [Self.copied, clone([])]))
                == ["delete \(backupID(12)) in eu-west-1"]
        )
        let unfinished = backup(90, age: .minutes(1), .createInProgress)
        #expect(held(planner.plan(for: [Self.copied, clone([unfinished])])).count == 1)
        #expect(
            held(planner.plan(for: [Self.copied, clone([backup(90, age: .minutes(1))])])).isEmpty
        )
    }

    @Test func nothingIsLostWhileAPlaceOfTheAccountWasNotReadWhole() {
        let unread: [Place: UnreadReason] = [
            Place(account: .simulated, region: region("ap-northeast-2")): "throttled"
        ]
        let plan = plan(Self.cleaning, Self.copied, unreadPlaces: unread)
        #expect(plan.stepLines == ["1 ~ tag cost (tags:8)"])
        #expect(plan.notes.map(\.reason.rule) == Array(repeating: "incomplete", count: 4))
    }

    @Test func noClusterGoesWhileAPlaceIsUnread() {
        let unread: [Place: UnreadReason] = [
            Place(account: .simulated, region: ireland): "page 2 is missing"
        ]
        let leaving = desired {
            $0.ensure = at(Line.ensure, .absent(reason: "over", finalBackup: .keep))
        }
        let pinned = backup(1, age: .hours(5), pinned: true)
        let parked = group(hsms: [], backups: [pinned])
        let isDeleted = { (plan: GroupPlan) in
            plan.steps.contains { if case .deleteCluster = $0.action { true } else { false } }
        }
        #expect(isDeleted(plan(leaving, parked)))
        let held = plan(leaving, parked, unreadPlaces: unread)
        #expect(!isDeleted(held))
        #expect(held.notes.contains { $0.reason.rule == "incomplete" })
    }

    @Test func nothingIsLostWhileAGroupThatMayBeACloneCannotBeRead() {
        let unread = { plan(Self.cleaning, Self.copied, unreadGroups: [$0: "broken JSON"]) }
        #expect(Self.deleted(unread(groupID(5, in: ireland))) == 0)
        #expect(Self.deleted(unread(groupID(5, in: region("ap-northeast-2")))) == 4)
    }

    @Test func nothingIsChangedOnceTheClockRanBackwards() {
        let journal = [entry("TagResource", "x", group: groupID(9), ago: .minutes(-2))]
        let plan = plan(Self.cleaning, Self.copied, journal: journal)
        #expect(plan.steps.isEmpty)
        #expect(plan.notes.allSatisfy { $0.reason.rule == "clock" })
        let skew = [entry("TagResource", "x", group: groupID(9), ago: .minutes(-1))]
        #expect(
            StrongroomPlannerTests.plan(Self.cleaning, Self.copied, journal: skew).steps.count == 5
        )
    }
}

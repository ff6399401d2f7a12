import CloudHSM
import StrongroomModel
import StrongroomProof
import Testing

/// One row: what is planned, and the promises it breaks.
struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let given: Case
    let broken: Set<Promise>

    init(_ name: String, _ given: Case, breaks broken: Promise...) {
        testDescription = name
        self.given = given
        self.broken = Set(broken)
    }
}

/// Each promise by example.
@Suite struct PromiseTests {
    @Test(arguments: rows) func promiseIsReadFromThePlan(_ row: Row) {
        let proof = row.given.proof
        let texts = proof.findings.map(\.text)
        #expect(Set(proof.findings.map(\.promise)) == row.broken, "\(texts)")
        #expect(proof.worstCases.map(\.promise) == Promise.allCases)
    }

    @Test func smallestMarginIsCountedAtTheFloor() {
        let margin = RealPlans.retentionShortened.proof.smallestMargin
        #expect(margin?.number == 1)
        #expect(margin?.region == home)
        #expect(margin?.unit == .readyBackup)
    }

    @Test func sourceOfACloneWithoutABackupOfItsOwnIsNotLost() {
        let given = RealPlans.copiesRenewed
        let clone = group(2, name: "clone") { $0.sourceBackup = backupID(11) }
        let prover = Prover(fleet: given.fleet, context: given.context)
        let own = prover.check(given.plan, of: given.group)
        let other = prover.check(plan([], of: clone, name: "clone", standing: .orphan), of: clone)
        #expect(prover.conclude([own]).holds)
        #expect(prover.conclude([own, other]).findings.map(\.promise) == [.floors])
    }

    @Test func twoClustersOfOneNameAreNotTouched() {
        let given = RealPlans.parking
        let twin = group(2)
        let prover = Prover(fleet: given.fleet, context: given.context)
        let proofs = [
            prover.check(given.plan, of: given.group), prover.check(plan([], of: twin), of: twin),
        ]
        #expect(prover.conclude(proofs).findings.map(\.promise) == [.ownership])
    }

    @Test func cloneIsMadeFromAReadyBackupOfTheClusterItNames() {
        let clone = desired("clone") {
            $0.restoreFrom = at(DesiredSource(cluster: "payments", recoveryPoint: nil))
        }
        let source = group(backups: [own(1, age: 1), own(2, age: 2, .pendingDeletion)])
        for (id, holds) in [(1, true), (2, false), (3, false)] {
            let request = CreateCluster(
                hsmType: .hsm2mMedium,
                subnets: [:],
                mode: .fips,
                sourceBackup: backupID(id),
                tags: [OwnershipTag.cluster: "clone", OwnershipTag.fleet: "acme"]
            )
            let making = step(1, .createCluster(request), until: .clusterState(.active))
            let prover = Prover(
                fleet: fleet([desired(), clone]),
                context: PlanContext(now: now)
            )
            let proof = prover.conclude([
                prover.check(plan([making], of: nil, name: "clone"), of: nil),
                prover.check(plan([], of: source), of: source),
            ])
            #expect(proof.holds == holds, "backup \(id)")
        }
    }
}

private let rows: [Row] = [
    Row("a real plan", RealPlans.purge),
    Row(
        "an orphan is touched",
        changed(RealPlans.parking) { $0.standing = .orphan },
        breaks: .ownership
    ),
    Row(
        "a Region could not be read, and copies go",
        changed(RealPlans.copiesRenewed) {
            $0.context = PlanContext(
                now: now,
                unreadPlaces: [Place(account: .simulated, region: tokyo): "timeout"]
            )
        },
        breaks: .certainty
    ),
    Row(
        "a backup is dated in the future, and HSMs go",
        changed(RealPlans.parking) { $0.group?.backups.append(own(9, age: -1)) },
        breaks: .certainty
    ),
    Row(
        "the clock ran backwards",
        changed(RealPlans.parking) {
            $0.context = PlanContext(now: now, recentEntries: [entry(ago: .hours(-1), group: 7)])
        },
        breaks: .certainty
    ),
    Row(
        "a call is in doubt",
        changed(RealPlans.parking) {
            $0.context = PlanContext(now: now, recentEntries: [entry(ago: .hours(1), group: 1)])
        },
        breaks: .repeats
    ),
    Row(
        "copies go while another is being made",
        changed(RealPlans.copiesRenewed) {
            $0.group?.backups.append(
                Backup(
                    id: backupID(77),
                    region: tokyo,
                    createdAt: now - .days(1),
                    state: .createInProgress,
                    origin: CopyOrigin(
                        backup: backupID(1),
                        region: home,
                        copiedAt: now - .minutes(5)
                    )
                )
            )
        },
        breaks: .replacements
    ),
    Row(
        "more go than a run may take",
        changed(RealPlans.copiesRenewed) {
            $0.safety = Safety(deletionsPerRun: 1, deletionsPerDay: 9, deletionRatio: 1)
        },
        breaks: .budgets
    ),
    Row(
        "more go than the day has left",
        changed(RealPlans.copiesRenewed) {
            $0.safety = Safety(deletionsPerRun: 9, deletionsPerDay: 2, deletionRatio: 1)
            $0.context = PlanContext(
                now: now,
                recentEntries: [entry(ago: .hours(2), group: 7, losing: [backupID(50)], .accepted)]
            )
        },
        breaks: .budgets
    ),
    Row(
        "too large a part of a Region goes",
        changed(RealPlans.copiesRenewed) {
            $0.safety = Safety(deletionsPerRun: 9, deletionsPerDay: 9, deletionRatio: 0.34)
        },
        breaks: .budgets
    ),
    Row(
        "the last HSM may be DEGRADED",
        changed(RealPlans.parking) { given in
            given.steps[1] = step(
                2,
                given.steps[1].action,
                when: [.clusterState(.active), .presentHSMs(1)],
                until: given.steps[1].postcondition,
                after: [1]
            )
        },
        breaks: .healthyHSMs
    ),
    Row(
        "a tag records a recovery point that goes",
        changed(RealPlans.purge) { given in
            given.desired.recoveryPoints = [point("kept", .newest)]
            given.group?.backups[2].details = BackupDetails(
                tags: [OwnershipTag.recoveryPoint + "kept": "2026-11-01T00:00:00Z"]
            )
        },
        breaks: .recoveryPoints
    ),
    Row(
        "an open nomination may mean what goes",
        changed(RealPlans.purge) { $0.desired.recoveryPoints = [point("kept", .takenBefore(now))] },
        breaks: .recoveryPoints
    ),
    Row(
        "a recovery point that was just taken off the manifest goes",
        changed(RealPlans.purge) { given in
            given.group?.backups[1].details = BackupDetails(
                tags: [OwnershipTag.recoveryPoint + "old": "2026-11-01T00:00:00Z"]
            )
        },
        breaks: .ownership
    ),
    Row(
        "a pin comes off in a plan that shortens retention",
        changed(RealPlans.retentionShortened) { given in
            let id = backupID(2)
            given.group?.backups[1] = own(
                2,
                age: 10,
                pinned: true,
                tags: [OwnershipTag.pin: OwnershipTag.pinForParking]
            )
            given.steps.append(
                step(
                    3,
                    .unpinBackup(id, expiresAt: nil, losing: []),
                    until: .backupUnpinned(id),
                    after: [2]
                )
            )
        },
        breaks: .ownership
    ),
]

private func changed(_ given: Case, _ change: (inout Case) -> Void) -> Case {
    var given = given
    change(&given)
    return given
}

private func entry(
    ago: Duration,
    group number: Int,
    losing: [BackupID] = [],
    _ result: Outcome.Result? = nil
) -> JournalEntry {
    let intent = Intent(
        id: "0123456789abcdef0123456789abcdef",
        name: "payments",
        group: GroupID(home: homePlace, cluster: clusterID(number)),
        place: homePlace,
        operation: "DeleteBackup",
        target: "backup-aaaaaaaaaaa",
        step: StepID(1),
        rule: "test",
        writtenAt: now - ago,
        losing: losing
    )
    return JournalEntry(intent: intent, outcome: result.map { Outcome($0, at: now - ago) })
}

import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanFitTests {
    private let zone = Sample.zone("us-east-1a")
    private let cluster = Sample.cluster("2ndsmpk7w52")
    private let old = Sample.backup("ro5c4er4aa2")
    private let digest = String(repeating: "ab", count: 32)

    private var id: GroupID { GroupID(home: Sample.prod, cluster: cluster) }

    private var add: Step {
        Sample.step(
            1,
            .addHSM(zone: zone, causesBackup: true),
            post: .healthyHSMs(in: zone, atLeast: 1)
        )
    }

    private var copy: Step {
        Sample.step(
            1,
            .copyBackup(.known(old), to: Sample.ireland),
            before: [.backupReady(.known(old))],
            post: .copyReady(of: .known(old), in: Sample.ireland)
        )
    }

    /// A cycle for a backup: an HSM is added and removed again, and the backup copied.
    private var cycle: [Step] {
        [
            add,
            Sample.step(
                2,
                .copyBackup(.caused(by: StepID(1)), to: Sample.ireland),
                after: [1],
                post: .copyReady(of: .caused(by: StepID(1)), in: Sample.ireland)
            ),
            Sample.step(
                3,
                .removeHSM(.added(by: StepID(1)), zone: zone, causesBackup: false),
                after: [1],
                post: .hsmGone(.added(by: StepID(1)))
            ),
        ]
    }

    private func group(backups: [Backup] = [], busy: Bool = false) -> ProtectionGroup {
        let hsm = HSM(
            id: Sample.hsm("aaaaaaaaaa2"),
            zone: zone,
            state: busy ? .createInProgress : .active
        )
        return ProtectionGroup(
            id: id,
            cluster: Sample.livingCluster(cluster, hsms: busy ? [hsm] : []),
            backups: backups
        )
    }

    private func fit(
        _ approved: [Step],
        now: [Step],
        notes: [Note] = [],
        in group: ProtectionGroup? = nil,
        entries: [JournalEntry] = [],
        use: PlanFit.Use = .fresh
    ) -> PlanFit {
        PlanFit(
            PlanDocument(Sample.plan(approved), boundBy: SampleBinding.now),
            against: Sample.plan(now, notes: notes),
            observed: group.map { [id: $0] } ?? [:],
            entries: entries,
            use: use
        )
    }

    private func entry(
        _ operation: String,
        _ target: String,
        _ result: Outcome.Result? = .accepted,
        made: String? = nil,
        to destination: Region? = nil
    ) -> JournalEntry {
        JournalEntry(
            intent: Intent(
                id: "00",
                name: "payments",
                group: id,
                place: Sample.prod,
                operation: operation,
                target: target,
                destination: destination,
                step: StepID(1),
                rule: "sample",
                writtenAt: Sample.now,
                approval: digest
            ),
            outcome: result.map { Outcome($0, made: made, at: Sample.now) }
        )
    }

    @Test func whatWasApprovedAndIsPlannedStillIsDone() {
        let fit = fit([copy], now: [copy.because(Reason(rule: "other", "other words", at: nil))])
        #expect(fit.plan.groups.first?.steps.map(\.action) == [copy.action])
        #expect(fit.misfits.isEmpty && !fit.isThrough)
    }

    @Test func whatNobodyApprovedIsLeftOut() {
        let tag = Sample.step(1, .tagCluster(tags: ["a": "b"], replacing: [:]))
        let fit = fit([copy], now: [tag, Sample.step(2, copy.action), Sample.step(3, copy.action)])
        #expect(fit.plan.groups.first?.steps.map(\.id) == [StepID(2)])
        #expect(fit.misfits.isEmpty)
    }

    @Test func aStepThatIsSeenToBeDoneIsDone() {
        let copied = Sample.backup(old, copiedTo: Sample.ireland)
        let source = Sample.readyBackup(old)
        let fit = fit([copy], now: [], in: group(backups: [source, copied]))
        #expect(fit.isThrough && fit.doneCount == 1)
    }

    @Test func theFactThatNoLongerHoldsIsNamed() {
        var leaving = Sample.readyBackup(old)
        leaving.state = .pendingDeletion
        let fit = fit([copy], now: [], in: group(backups: [leaving]))
        #expect(
            fit.misfits == [
                "payments: copy backup-ro5c4er4aa2 → eu-west-1: no longer so: "
                    + "backup-ro5c4er4aa2 is READY"
            ]
        )
    }

    @Test func whatIsNotListedIsNeitherDoneNorGone() {
        let deletion = Sample.step(
            1,
            .deleteBackup(old, in: Sample.ireland, createdAt: Sample.now - .days(40)),
            post: .backupGone(old)
        )
        for step in [copy, deletion] {
            let fit = fit([step], now: [], in: group())
            #expect(fit.unread.count == 1 && fit.misfits.isEmpty && fit.doneCount == 0)
            #expect(!fit.isThrough)
        }
    }

    @Test func whatLiesInARegionThatWasNotReadIsNotDone() {
        let deletion = Sample.step(
            1,
            .deleteBackup(old, in: Sample.ireland, createdAt: Sample.now - .days(40)),
            post: .backupGone(old)
        )
        let unread = [Place(account: group().id.home.account, region: Sample.ireland)]
        let fit = PlanFit(
            PlanDocument(Sample.plan([deletion])),
            against: Plan(
                fleet: "acme",
                now: Sample.now,
                groups: [],
                unreadPlaces: [unread[0]: "the Region does not answer"]
            ),
            observed: [:],
            entries: [],
            use: .fresh
        )
        #expect(fit.misfits.isEmpty && fit.doneCount == 0 && !fit.isThrough)
        #expect(fit.unread.first?.contains("eu-west-1 was not read") == true)
    }

    @Test func whatHoldsAStepNowIsNamed() {
        let held = Note(.held, "copies", Reason(rule: "freeze", "nothing is changed", at: nil))
        let fit = fit([copy], now: [], notes: [held], in: group(backups: [Sample.readyBackup(old)]))
        #expect(fit.misfits.first?.hasSuffix("it is held now: nothing is changed") == true)
    }

    @Test func aClusterThatIsGoneFromThePlanFitsNoMore() {
        let fit = PlanFit(
            PlanDocument(Sample.plan([copy])),
            against: Plan(fleet: "acme", now: Sample.now, groups: []),
            observed: [:],
            entries: [],
            use: .fresh
        )
        #expect(fit.misfits.count == 1)
    }

    @Test func numbersMayChangeAndWhatTheyReferToMayNot() {
        let moved = [
            Sample.step(1, .tagCluster(tags: ["a": "b"], replacing: [:])),
            Sample.step(2, .addHSM(zone: zone, causesBackup: true)),
            Sample.step(3, .copyBackup(.caused(by: StepID(2)), to: Sample.ireland), after: [2]),
            Sample.step(
                4,
                .removeHSM(.added(by: StepID(2)), zone: zone, causesBackup: false),
                after: [2]
            ),
        ]
        let same = fit(cycle, now: moved, in: group())
        #expect(same.plan.groups.first?.steps.map(\.id.number) == [2, 3, 4])
        #expect(same.misfits.isEmpty)
        let otherwise = [
            moved[0], moved[1],
            Sample.step(3, .copyBackup(.known(old), to: Sample.ireland)), moved[3],
        ]
        #expect(fit(cycle, now: otherwise, in: group()).misfits.count == 1)
    }

    @Test func aStepBehindOneThatNobodyApprovedIsRefused() {
        let tag = Sample.step(1, .tagCluster(tags: ["a": "b"], replacing: [:]))
        let after = Sample.step(2, copy.action, after: [1])
        let fit = fit([copy], now: [tag, after])
        #expect(fit.misfits.first?.contains("nobody approved: tag a=b") == true)
    }

    @Test func whatLosesBackupsComesAfterEveryStepBeforeIt() {
        let delete = Action.deleteBackup(old, in: Sample.virginia, createdAt: Sample.now - .days(9))
        let tag = Action.tagCluster(tags: ["a": "b"], replacing: [:])
        let approved = [Sample.step(1, delete)]
        let behind = fit(approved, now: [Sample.step(1, tag), Sample.step(2, delete)])
        #expect(behind.misfits.first?.contains("nobody approved: tag a=b") == true)
        let before = fit(approved, now: [Sample.step(1, delete), Sample.step(2, tag)])
        #expect(before.misfits.isEmpty && before.plan.groups.first?.steps.count == 1)
    }

    @Test func aRunThatWasCutShortGoesOnWithWhatItsStepsMade() {
        let made = Sample.hsm("aaaaaaaaaa2")
        let fresh = Sample.readyBackup(Sample.backup("aaaaaaaaaa7"), at: Sample.now + .minutes(3))
        let left = [
            Sample.step(1, .copyBackup(.known(fresh.id), to: Sample.ireland)),
            Sample.step(2, .removeHSM(.known(made), zone: zone, causesBackup: false)),
        ]
        let fit = fit(
            cycle,
            now: left,
            in: group(backups: [fresh]),
            entries: [entry("CreateHsm", "us-east-1a", made: made.description)],
            use: .begun
        )
        #expect(fit.misfits.isEmpty, "\(fit.misfits)")
        #expect(fit.plan.groups.first?.steps.count == 2)
        #expect(fit.doneCount == 1)
    }

    @Test func whatIsUnderWayIsAwaited() {
        let fit = fit(
            cycle,
            now: [],
            in: group(busy: true),
            entries: [entry("CreateHsm", "us-east-1a", made: "hsm-aaaaaaaaaa2")],
            use: .begun
        )
        #expect(fit.misfits.isEmpty && fit.awaited.count == 3)
        #expect(!fit.isThrough && fit.mayMove)
    }

    @Test func nothingIsCarriedOutTwiceUnderOneApproval() {
        let backup = Sample.readyBackup(old)
        let delete = Sample.step(
            1,
            .deleteBackup(old, in: Sample.virginia, createdAt: Sample.now - .days(9)),
            post: .backupGone(old)
        )
        let fit = fit(
            [delete],
            now: [delete],
            in: group(backups: [backup]),
            entries: [entry("DeleteBackup", old.description)],
            use: .begun
        )
        #expect(fit.plan.groups.isEmpty)
        #expect(fit.misfits.first?.contains("carried out under this plan before") == true)
    }

    @Test func aCallThatWasNotDoneIsMadeAgain() {
        let fit = fit(
            [copy],
            now: [copy],
            in: group(backups: [Sample.readyBackup(old)]),
            entries: [
                entry("CopyBackupToRegion", old.description, .foundNotDone, to: Sample.ireland)
            ],
            use: .begun
        )
        #expect(fit.plan.groups.first?.steps.count == 1)
    }

    @Test func theMomentARecoveryPointIsRecordedByDoesNotMatter() {
        let steps = ["2026-11-23T21:00:00Z", "2026-11-23T22:00:00Z"].map { moment in
            Sample.step(
                1,
                .tagBackup(.known(old), tags: ["strongroom:recovery-point:q3": moment])
            )
        }
        #expect(fit([steps[0]], now: [steps[1]], in: group()).misfits.isEmpty)
        let documents = steps.map { PlanDocument(Sample.plan([$0]), boundBy: SampleBinding.now) }
        #expect(documents[0].approval != nil && documents[0].approval == documents[1].approval)
    }

    @Test func everyFactThatIsWrittenDownCanBeLookedUpAgain() {
        let facts: [Fact] = [
            .clusterExists, .clusterState(.active), .signingRequestShown, .clusterClaimed,
            .hsmsSettled, .presentHSMs(0), .healthyHSMs(in: zone, atLeast: 0),
            .healthyHSMsApart(from: .known(Sample.hsm("aaaaaaaaaa2")), atLeast: 0),
            .hsmGone(.known(Sample.hsm("aaaaaaaaaa3"))), .retention(.days(90)),
            .clusterTags([:]), .noHSMsListed, .hsmType(.hsm2mMedium),
            .readyBackupsApart(from: old, in: Sample.virginia, atLeast: 0),
            .readyContent(in: Sample.virginia, since: Sample.now, atLeast: 0),
            .backupReady(.known(old)), .notCopied(.known(old), to: Sample.ireland),
            .backupUnpinned(old), .backupTags(.known(old), [:]), .backupTagsAbsent(old, ["x"]),
            .newestBackup(old),
        ]
        let present = group(backups: [Sample.readyBackup(old)])
        for fact in facts where fact.holds(in: present, bindings: Bindings()) {
            let step = Sample.step(1, copy.action, post: fact)
            #expect(fit([step], now: [], in: present).isThrough, "\(fact)")
        }
        for fact in [Fact.clusterGone, .hsmDegraded(Sample.hsm("aaaaaaaaaa2")), .backupGone(old)] {
            let step = Sample.step(1, copy.action, post: fact)
            #expect(!fit([step], now: [], in: present).isThrough, "\(fact)")
        }
    }

    @Test func equalPlansHaveOneDigestAndARepetitionAnother() throws {
        let early = PlanDocument(Sample.plan([copy]), boundBy: SampleBinding.now)
        let later = Plan(
            fleet: "acme",
            now: Sample.now + .hours(2),
            groups: Sample.plan([copy]).groups
        )
        let binding = SampleBinding.binding(epoch: 9, at: later.now)
        let digest = try #require(early.approval)
        #expect(PlanDocument(later, boundBy: binding).approval == digest)
        #expect(
            PlanDocument.digest(of: later, boundBy: binding, apartFrom: []) == "sha256:\(digest)"
        )
        let again = PlanDocument(later, boundBy: binding, apartFrom: [digest])
        #expect(again.approval != digest && again.body.binding?.repetition == 1)
        #expect(try PlanDocument(json: again.json()) == again)
        let other = PlanDocument(Sample.plan([add]), boundBy: SampleBinding.now)
        #expect(other.approval != digest)
        #expect(PlanDocument(Sample.plan([]), boundBy: SampleBinding.now).approval == nil)
    }
}

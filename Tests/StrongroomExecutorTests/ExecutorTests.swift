import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Synchronization
import Testing

@Suite struct ExecutorTests {
    @Test func theIntentIsDurableBeforeTheCallAndTheOutcomeAfter() async throws {
        let service = ScriptedService([group()])
        let report = try await executor(service).run(try approved(tagging(1)))
        #expect(report.statuses == ["done"])
        #expect(
            await service.events
                == ["begin TagResource", "call TagResource", "end TagResource accepted"]
        )
    }

    @Test func anIntentSaysWhatIsAbout() async throws {
        let service = ScriptedService([group()])
        _ = try await executor(service).tick(
            try approved(adding(1), copying(2, .known(backupID(2))))
        )
        let intents = await service.intents
        #expect(intents.map(\.operation) == ["CreateHsm", "CopyBackupToRegion"])
        #expect(intents.map(\.target) == ["us-east-1a", "\(backupID(2))"])
        #expect(intents.map(\.destination) == [nil, ireland])
        #expect(intents.first?.hsmsBefore == ["eni-00000001", "eni-00000002"])
        #expect(Set(intents.map(\.id)).count == 2)
        let outcome = await service.outcomes["intent-1"]
        #expect(outcome?.made == "\(hsmID(901))")
    }

    @Test func withoutADurableIntentThereIsNoCall() async throws {
        let service = ScriptedService([group()])
        await service.set { $0.brokenJournal = ["begin"] }
        await #expect(throws: ScriptedService.Broken.self) {
            try await executor(service).run(try approved(tagging(1)))
        }
        #expect(await service.events.isEmpty)
    }

    @Test func anOutcomeThatCannotBeRecordedEndsTheRun() async throws {
        let service = ScriptedService([group()])
        await service.set { $0.brokenJournal = ["end"] }
        await #expect(throws: ScriptedService.Broken.self) {
            try await executor(service).run(try approved(tagging(1), tagging(2, "owner")))
        }
        #expect(await service.calls("TagResource") == 1)
    }

    @Test func whatIsDoneAlreadyIsNotAskedForAgain() async throws {
        let service = ScriptedService([group { $0.tags = ["cost": "1"] }])
        let report = try await executor(service).run(try approved(tagging(1)))
        #expect(report.statuses == ["done"])
        #expect(await service.events.isEmpty)
    }

    @Test func anHSMThatIsNotListedYetIsNotTakenForRemoved() async throws {
        let service = ScriptedService([group()])
        await service.set { $0.lag = .seconds(90) }
        let report = try await executor(service).run(
            try approved(adding(1), removing(2, .added(by: StepID(1)), leaving: 2, after: [1]))
        )
        #expect(report.statuses == ["done", "done"])
        #expect(await service.calls("DeleteHsm") == 1)
        #expect(await service.groups[groupID]?.cluster?.hsms.count == 2)
    }

    @Test func aRefusalStopsWhatDependsOnItAndNothingElse() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CreateHsm", .exception(.invalidRequest))
        let report = try await executor(service).run(
            try approved(
                adding(1),
                removing(2, .added(by: StepID(1)), leaving: 2, after: [1]),
                tagging(3)
            )
        )
        #expect(report.statuses == ["refused", "waiting", "done"])
        #expect(await service.calls("CreateHsm") == 1)
        #expect(await service.events.contains("end CreateHsm refused"))
    }

    @Test func aRefusalInOneGroupDoesNotStopAnother() async throws {
        let service = ScriptedService([group(1), group(2)])
        await service.react(to: "CreateHsm", .exception(.accessDenied))
        let report = try await executor(service, groupsAtOnce: 1).run(
            try approved([plan([adding(1)], of: 1), plan([tagging(1)], of: 2)])
        )
        #expect(report.statuses == ["refused", "done"])
    }

    @Test func theRunEndsOnceNothingCanBeDoneAnyMore() async throws {
        let stuck = backup(3, age: .days(9), .createInProgress)
        let service = ScriptedService([group(backups: [stuck])])
        await service.react(to: "CreateHsm", .exception(.invalidRequest))
        _ = try await executor(service).run(try approved(adding(1), tagging(2, after: [1])))
        #expect(await service.waits == 0)
    }

    @Test func preconditionsAreLookedUpJustBeforeTheCall() async throws {
        let service = ScriptedService([
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB, .createInProgress)])
        ])
        let report = try await executor(service).tick(try approved(adding(1)))
        #expect(report.statuses == ["waiting"])
        #expect(report.steps.first?.status.text.contains("no HSM is being created") == true)
        #expect(await service.events.isEmpty)
    }

    @Test func aLostProtectionRefusesTheStep() async throws {
        let service = ScriptedService([group(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)])])
        let report = try await executor(service).run(
            try approved(removing(1, .known(hsmID(1)), leaving: 1))
        )
        #expect(report.statuses == ["unsafe"])
        #expect(await service.events.isEmpty)
    }

    @Test func aProtectionThatMayStillComeIsAwaited() async throws {
        let service = ScriptedService([
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB)], backups: [backup(1, age: .days(1))])
        ])
        let report = try await executor(service).run(
            try approved(adding(1), removing(2, .known(hsmID(1)), leaving: 2, after: [1]))
        )
        #expect(report.statuses == ["done", "done"])
        let left = await service.groups[groupID]?.cluster?.hsms.map(\.id)
        #expect(left == [hsmID(2), hsmID(901)])
    }

    @Test func aFloorThatWasLostSinceThePlanKeepsTheDeletionBack() async throws {
        let service = ScriptedService([
            group(backups: [copy(11, of: 1, age: .days(60)), copy(12, of: 2, age: .days(1))])
        ])
        let report = try await executor(service).run(try approved(deleting(1, 11, floor: 2)))
        #expect(report.statuses == ["unsafe"])
        #expect(await service.calls("DeleteBackup") == 0)
    }

    @Test func whatDestroysWaitsForEverythingBeforeIt() async throws {
        let copies = [
            copy(11, of: 8, age: .days(60)), copy(12, of: 9, age: .days(59)),
            copy(13, of: 1, age: .days(2)),
        ]
        let service = ScriptedService([group(backups: copies + [backup(2, age: .days(1))])])
        let steps = try approved(copying(1, .known(backupID(2))), deleting(2, 11))
        let tick = try await executor(service).tick(steps)
        #expect(tick.statuses == ["started", "waiting"])
        #expect(await service.calls("DeleteBackup") == 0)
        let report = try await executor(service).run(steps)
        #expect(report.statuses == ["done", "done"])
        #expect(await service.calls("CopyBackupToRegion") == 1)
    }

    @Test func afterARefusalNothingIsDestroyed() async throws {
        let copies = [copy(11, of: 8, age: .days(60)), copy(12, of: 9, age: .days(1))]
        let service = ScriptedService([group(backups: copies)])
        await service.react(to: "TagResource", .exception(.tag))
        let report = try await executor(service).run(try approved(tagging(1), deleting(2, 11)))
        #expect(report.statuses == ["refused", "waiting"])
        #expect(await service.calls("DeleteBackup") == 0)
    }

    @Test func aShorterRetentionTakesNothingThatNobodyAgreedToLose() async throws {
        let backups = [40, 31, 2, 1].map { backup($0, age: .days($0)) }
        let service = ScriptedService([group(backups: backups)])
        let agreed = try await executor(service).run(
            try approved(shortening(1, to: 30, losing: [40]))
        )
        #expect(agreed.statuses == ["unsafe"])
        #expect(agreed.steps.first?.status.text.contains("\(backupID(31))") == true)
        let report = try await executor(service).run(
            try approved(shortening(1, to: 30, losing: [40, 31]))
        )
        #expect(report.statuses == ["done"])
    }

    @Test func aPinComesOffNothingThatRetentionTakesAtOnceUnlessThatWasAgreed() async throws {
        var kept = backup(1, age: .days(120))
        kept.neverExpires = true
        let service = ScriptedService([group(backups: [kept, backup(2, age: .days(1))])])
        let unpin = step(
            1,
            .unpinBackup(kept.id, expiresAt: start - .days(30), losing: []),
            [.backupPinned(.known(kept.id))],
            then: .backupUnpinned(kept.id)
        )
        let report = try await executor(service).run(try approved(unpin))
        #expect(report.statuses == ["unsafe"])
        #expect(await service.calls("ModifyBackupAttributes") == 0)
    }

    @Test func aRetentionThatChangedSinceThePlanIsLeftAlone() async throws {
        let service = ScriptedService([group { $0.retention = .days(60) }])
        let report = try await executor(service).run(
            try approved(shortening(1, to: 30, losing: []))
        )
        #expect(report.statuses == ["unsafe"])
    }

    @Test func aTickStartsWhatCanBeStartedAndReturns() async throws {
        let service = ScriptedService([group()])
        let report = try await executor(service).tick(
            try approved(
                tagging(1),
                adding(2),
                removing(3, .added(by: StepID(2)), leaving: 2, after: [2])
            )
        )
        #expect(report.statuses == ["started", "started", "waiting"])
        #expect(!report.wasStopped)
        #expect(await service.waits == 0)
    }

    @Test func aRunGivesUpWhenItsPatienceEnds() async throws {
        let service = ScriptedService([group()])
        await service.set { $0.lag = .hours(9) }
        let report = try await executor(service, patience: .minutes(10)).run(
            try approved(adding(1))
        )
        #expect(report.statuses == ["started"])
        #expect(report.endedAt == start + .minutes(10))
        #expect(await service.calls("CreateHsm") == 1)
    }

    @Test func aForcedBackupIsCopiedAlthoughItsCycleCausesASecond() async throws {
        let service = ScriptedService([group()])
        let added = StepID(1)
        var remove = removing(2, .added(by: added), leaving: 2, after: [1])
        remove = step(
            2,
            remove.action,
            remove.preconditions + [.freshBackup(causedBy: added)],
            then: remove.postcondition,
            after: [1]
        )
        let report = try await executor(service).run(
            try approved(adding(1), remove, copying(3, .caused(by: added), after: [1]))
        )
        #expect(report.statuses == ["done", "done", "done"])
        #expect(await service.calls("CopyBackupToRegion") == 1)
        let hsms = await service.groups[groupID]?.cluster?.hsms.map(\.id)
        #expect(hsms == [hsmID(1), hsmID(2)])
    }

    @Test func aNewClusterGetsItsFirstHSM() async throws {
        let service = ScriptedService([group { $0.tags = [OwnershipTag.cluster: "ledger"] }])
        let first = step(
            2,
            .addHSM(zone: zoneA, causesBackup: false),
            [.clusterState(.uninitialized), .presentHSMs(0)],
            then: .healthyHSMs(in: zoneA, atLeast: 1),
            after: [1]
        )
        let report = try await executor(service).run(try approved(creating(), first, of: nil))
        #expect(report.statuses == ["done", "done"])
        let made = await service.groups[GroupID(home: homePlace, cluster: clusterID(901))]
        #expect(made?.cluster?.tags[OwnershipTag.intent] == "intent-1")
        #expect(made?.cluster?.hsms.count == 1)
    }

    @Test func aPlanCarriedOutTwiceMakesNoSecondCluster() async throws {
        let service = ScriptedService()
        let plan = try approved(creating(), of: nil)
        #expect(try await executor(service).run(plan).statuses == ["done"])
        #expect(try await executor(service).run(plan).statuses == ["unsafe"])
        #expect(await service.calls("CreateCluster") == 1)
    }

    @Test func noClusterIsMadeWhereNotEverythingWasRead() async throws {
        let service = ScriptedService()
        await service.set { $0.unreadPlaces = [homePlace: "throttled"] }
        let report = try await executor(service).run(try approved(creating(), of: nil))
        #expect(report.statuses == ["not reached"])
        #expect(await service.calls("CreateCluster") == 0)
    }

    @Test func anHSMWhoseCreationFailedEndsItsStep() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CreateHsm", .failsLater)
        let report = try await executor(service).run(
            try approved(adding(1), removing(2, .known(hsmID(1)), leaving: 2, after: [1]))
        )
        #expect(report.statuses == ["refused", "waiting"])
        #expect(report.endedAt < start + .minutes(5))
    }

    @Test func aCopyThatFailedEndsItsStep() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CopyBackupToRegion", .failsLater)
        let report = try await executor(service).run(try approved(copying(1, .known(backupID(2)))))
        #expect(report.statuses == ["refused"])
        #expect(report.steps.first?.status.text == "the copy failed")
    }

    @Test func aGroupThatCannotBeReadForAMomentIsReadAgain() async throws {
        let service = ScriptedService([group(1), group(2)])
        await service.set { $0.unreadable = [groupID: 2] }
        let report = try await executor(service).run(
            try approved([plan([tagging(1)], of: 1), plan([tagging(1)], of: 2)])
        )
        #expect(report.statuses == ["done", "done"])
    }

    @Test func aNewClusterIsAskedForOnceItsPlaceCanBeReadAgain() async throws {
        let service = ScriptedService([group(1)])
        await service.set { $0.unreadPlaces = [homePlace: "throttled"] }
        await service.set {
            $0.onEvent = { service, event in
                if event == "call TagResource" { service.unreadPlaces = [:] }
            }
        }
        let report = try await executor(service, groupsAtOnce: 1).run(
            try approved([plan([creating()], of: nil), plan([tagging(1)], of: 1)])
        )
        #expect(report.statuses == ["done", "done"])
        #expect(await service.calls("CreateCluster") == 1)
    }

    @Test func whatIsListedIsDoneThoughAnotherRegionIsLostMeanwhile() async throws {
        let service = ScriptedService([group()])
        await service.set {
            $0.onEvent = { service, event in
                if event == "call CreateHsm" { service.lostRegions = [ireland] }
            }
        }
        let report = try await executor(service).run(
            try approved(adding(1), tagging(2, after: [1]))
        )
        #expect(report.statuses == ["done", "not reached"])
        #expect(report.steps.last?.status.text == "no answer")
        #expect(report.gaveUpAfter == nil)
        #expect(await service.calls("TagResource") == 0)
    }

    @Test func whatALostRegionMayHideIsNeitherDoneNorFailed() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CopyBackupToRegion", .failsLater)
        await service.set {
            $0.onEvent = { service, event in
                if event == "call CopyBackupToRegion" { service.lostRegions = [ireland] }
            }
        }
        let report = try await executor(service).run(try approved(copying(1, .known(backupID(2)))))
        #expect(report.statuses == ["started"])
        #expect(report.gaveUpAfter != nil)
    }

    @Test func aGroupThatStaysUnreadableDisturbsNoOther() async throws {
        let service = ScriptedService([group(1), group(2)])
        await service.set { $0.unreadable = [groupID: 99] }
        let report = try await executor(service).run(
            try approved([plan([tagging(1)], of: 1), plan([tagging(1)], of: 2)])
        )
        #expect(report.statuses == ["not reached", "done"])
        #expect(report.steps.first?.status.text == "Broken()")
        #expect(report.endedAt <= start + .minutes(3))
    }

    @Test(arguments: ["begin TagResource", "call TagResource", "end TagResource accepted"])
    func cancellationStopsBetweenSteps(_ moment: String) async throws {
        let service = ScriptedService([group()])
        let running = Mutex<Task<RunReport, any Error>?>(nil)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        await service.set {
            $0.onEvent = { _, event in
                if event == moment { running.withLock { $0?.cancel() } }
            }
        }
        let run = Task {
            for await _ in gate { break }
            return try await executor(service).run(try approved(tagging(1), tagging(2, "owner")))
        }
        running.withLock { $0 = run }
        opener.yield()
        let report = try await run.value
        #expect(report.wasStopped)
        // A call under way is seen through, one that was not sent yet is not sent; either way its
        // outcome is on record.
        let isSent = moment != "begin TagResource"
        #expect(report.statuses == [isSent ? "started" : "not reached", "not reached"])
        let outcome = isSent ? "accepted" : "notSent"
        #expect(await service.events.last == "end TagResource \(outcome)")
    }

    @Test func aCallIsUnderWayFromItsSendingToItsAnswer() async throws {
        let service = ScriptedService([group()])
        let underWay = CallsUnderWay()
        let seen = Mutex<[String]>([])
        await service.set {
            $0.onEvent = { _, event in
                if !underWay.isEmpty { seen.withLock { $0.append(event) } }
            }
        }
        _ = try await executor(service, underWay: underWay).run(try approved(tagging(1)))
        #expect(seen.withLock(\.self) == ["call TagResource"])
        #expect(underWay.isEmpty)
    }

    @Test func aRunThatIsStoppedBeforeItBeginsDoesNothing() async throws {
        let service = ScriptedService([group()])
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await executor(service).run(try approved(tagging(1)))
        }
        let report = try await run.value
        #expect(report.wasStopped)
        #expect(report.statuses == ["not reached"])
        #expect(await service.events.isEmpty)
    }

    @Test(arguments: [1, 3]) func groupsAreWorkedOnSideBySideUpToALimit(_ limit: Int) async throws {
        let numbers = 1...12
        let service = ScriptedService(numbers.map { group($0) })
        let report = try await executor(service, groupsAtOnce: limit).run(
            try approved(numbers.map { plan([tagging(1)], of: $0) })
        )
        #expect(report.statuses == Array(repeating: "done", count: 12))
        #expect(await service.mostAtOnce <= limit)
    }

    @Test func eventsComeInPlanOrder() async throws {
        let numbers = 1...6
        let service = ScriptedService(numbers.map { group($0) })
        var shown: [String] = []
        _ = try await executor(service).run(
            try approved(numbers.map { plan([tagging(1), tagging(2, "owner")], of: $0) })
        ) { report in
            let cluster = report.subject.cluster?.description.last ?? "?"
            shown.append("\(cluster)\(report.step.id) \(report.status.short)")
        }
        let each = { (status: String) in
            "bcdefg".flatMap { ["\($0)1 \(status)", "\($0)2 \(status)"] }
        }
        #expect(shown == each("started") + each("done"))
    }

    @Test func onlyWhatWasAgreedToIsApproved() throws {
        let plan = Plan(fleet: "acme", now: start, groups: [plan([deleting(1, 11)])])
        let refusal = #expect(throws: NotApproved.self) {
            try ApprovedPlan(plan, provedBy: taken(for: plan), approving: .losingAtMost(0))
        }
        #expect(refusal?.description.contains("loses 1 backups, but 0 were agreed to") == true)
        let approved = try ApprovedPlan(
            plan,
            provedBy: taken(for: plan),
            approving: .losingAtMost(1)
        )
        #expect(approved.plan == plan)
    }

    @Test func onlyWhatIsProvedIsApproved() throws {
        let deletion = plan([deleting(1, 11)])
        let plan = Plan(fleet: "acme", now: start, groups: [deletion])
        let finding = Proof.Finding(.floors, of: deletion.subject, "too few", steps: [StepID(1)])
        #expect(throws: NotApproved.notProved(finding)) {
            try ApprovedPlan(
                plan,
                provedBy: taken(for: plan, findings: [finding]),
                approving: .everything
            )
        }
        let nothing = Plan(fleet: "acme", now: start, groups: [])
        #expect(throws: NotApproved.otherPlan) {
            try ApprovedPlan(plan, provedBy: taken(for: nothing), approving: .everything)
        }
    }
}

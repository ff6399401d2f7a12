import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Testing

/// No call has an idempotency token: a lost answer is looked up, never repeated blindly.
@Suite struct LostAnswerTests {
    struct Loss: Sendable, CustomTestStringConvertible {
        let operation: String
        let step: Step
        let cluster: Int?
        var testDescription: String { operation }

        /// How often it is sent where the service answers once that it failed.
        var sendings: Int {
            ["CreateHsm", "CopyBackupToRegion", "CreateCluster"].contains(operation) ? 1 : 2
        }
    }

    static let losses = [
        Loss(operation: "CreateHsm", step: adding(1), cluster: 1),
        Loss(operation: "DeleteHsm", step: removing(1, .known(hsmID(2)), leaving: 1), cluster: 1),
        Loss(operation: "CopyBackupToRegion", step: copying(1, .known(backupID(2))), cluster: 1),
        Loss(operation: "DeleteBackup", step: deleting(1, 11), cluster: 1),
        Loss(operation: "ModifyCluster", step: shortening(1, to: 30, losing: []), cluster: 1),
        Loss(operation: "TagResource", step: tagging(1), cluster: 1),
        Loss(operation: "CreateCluster", step: creating(), cluster: nil),
    ]

    private func service() -> ScriptedService {
        let copies = [copy(11, of: 8, age: .days(60)), copy(12, of: 9, age: .days(59))]
        let own = [backup(1, age: .days(2)), backup(2, age: .days(1))]
        return ScriptedService([group(backups: own + copies)])
    }

    private func ends(of service: ScriptedService) async -> [String] {
        await service.events.filter { $0.hasPrefix("end") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    @Test(arguments: losses) func aCallThatWasDoneIsFoundAndNotRepeated(_ loss: Loss) async throws {
        let service = service()
        await service.react(to: loss.operation, .noAnswer(isDone: true))
        let report = try await executor(service).run(
            try approved([plan([loss.step], of: loss.cluster)])
        )
        #expect(report.statuses == ["done"])
        #expect(await service.calls(loss.operation) == 1)
        #expect(await ends(of: service) == ["foundDone"])
        #expect(report.endedAt < start + .minutes(17))
    }

    @Test(arguments: losses) func aCallThatShowsLateIsRepeatedOnlyIfThatBringsNothingNew(
        _ loss: Loss
    ) async throws {
        let service = service()
        await service.set { $0.lag = .minutes(2) }
        await service.react(to: loss.operation, .exception(.internalFailure, isDone: true))
        let report = try await executor(service).run(
            try approved([plan([loss.step], of: loss.cluster)])
        )
        #expect(report.statuses == ["done"])
        #expect(await service.calls(loss.operation) == loss.sendings)
    }

    @Test(arguments: losses)
    func aCallThatWasNotDoneIsRepeatedOnlyOnceThatIsCertain(_ loss: Loss) async throws {
        let service = service()
        await service.react(to: loss.operation, .noAnswer(isDone: false))
        let report = try await executor(service).run(
            try approved([plan([loss.step], of: loss.cluster)])
        )
        #expect(report.statuses == ["done"])
        #expect(await ends(of: service) == ["foundNotDone", "accepted"])
        let intents = await service.intents
        #expect(intents.map(\.id) == ["intent-1", "intent-2"])
        #expect(intents.allSatisfy { $0.id == "intent-1" || $0.writtenAt >= start + .minutes(17) })
    }

    @Test(arguments: losses) func whateverBreaksOnTheWayTheCallMayHaveHappened(_ loss: Loss)
        async throws
    {
        let service = service()
        await service.react(to: loss.operation, .breakage)
        let report = try await executor(service).tick(
            try approved([plan([loss.step], of: loss.cluster)])
        )
        #expect(report.statuses == ["in doubt"])
        #expect(await ends(of: service).isEmpty)
    }

    @Test func whileACallIsInDoubtNothingElseIsBegunInItsGroup() async throws {
        let service = ScriptedService([group(1), group(2)])
        await service.react(to: "CreateHsm", .noAnswer(isDone: false))
        let report = try await executor(service, groupsAtOnce: 1).tick(
            try approved([plan([adding(1), tagging(2)], of: 1), plan([tagging(1)], of: 2)])
        )
        #expect(report.statuses == ["in doubt", "waiting", "started"])
    }

    @Test func theHSMOfALostAnswerIsTheOneOnANewInterface() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CreateHsm", .noAnswer(isDone: true))
        // Meanwhile the service replaces other hardware: a new id on an interface that was there.
        await service.set { service in
            service.onEvent = { service, event in
                guard event == "call CreateHsm" else { return }
                service.change { group in
                    group.cluster?.hsms[0] = HSM(
                        id: hsmID(77),
                        zone: zoneA,
                        eni: ENIID("eni-00000001"),
                        state: .active
                    )
                }
            }
        }
        let report = try await executor(service).run(
            try approved(adding(1), removing(2, .added(by: StepID(1)), leaving: 2, after: [1]))
        )
        #expect(report.statuses == ["done", "done"])
        let left = await service.groups[groupID]?.cluster?.hsms.map(\.id)
        #expect(left == [hsmID(77), hsmID(2)])
    }

    @Test func anHSMThatCannotBeToldFromAnothersIsNotRemoved() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CreateHsm", .noAnswer(isDone: true))
        await service.set { service in
            service.onEvent = { service, event in
                guard event == "call CreateHsm" else { return }
                service.change { $0.cluster?.hsms.append(hsm(55, zoneA)) }
            }
        }
        let report = try await executor(service).run(
            try approved(adding(1), removing(2, .added(by: StepID(1)), leaving: 2, after: [1]))
        )
        #expect(report.statuses == ["done", "unsafe"])
        #expect(await service.calls("DeleteHsm") == 0)
    }
}

import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Synchronization
import Testing

/// What is sent again and what never is, and what a run does that lost its time or its lock.
@Suite struct SenderTests {
    private func ends(of service: ScriptedService) async -> [String] {
        await service.events.filter { $0.hasPrefix("end") }
    }

    @Test func aThrottledChangeIsSentAgainUnderTheSameIntent() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "TagResource", .exception(.throttling), .exception(.throttling))
        let report = try await executor(service).run(try approved(tagging(1)))
        #expect(report.statuses == ["done"])
        #expect(await service.intents.map(\.id) == ["intent-1"])
        #expect(await service.calls("TagResource") == 3)
        #expect(await ends(of: service) == ["end TagResource accepted"])
    }

    @Test func aChangeThatStaysThrottledIsTriedAgainInTheNextRound() async throws {
        let service = ScriptedService([group()])
        await service.set { service in
            for _ in 0..<4 { service.react(to: "TagResource", .exception(.throttling)) }
        }
        let report = try await executor(service).run(try approved(tagging(1)))
        #expect(report.statuses == ["done"])
        #expect(await service.intents.map(\.id) == ["intent-1", "intent-2"])
        #expect(
            await ends(of: service) == ["end TagResource refused", "end TagResource accepted"]
        )
    }

    @Test(arguments: ["CreateHsm", "CopyBackupToRegion"])
    func whatWouldMakeASecondThingIsSentOncePerIntent(operation: String) async throws {
        let service = ScriptedService([group()])
        await service.react(to: operation, .exception(.throttling))
        let step = operation == "CreateHsm" ? adding(1) : copying(1, .known(backupID(2)))
        let report = try await executor(service).run(try approved(step))
        #expect(report.statuses == ["done"])
        #expect(await service.calls(operation) == 2)
        #expect(await service.intents.map(\.id) == ["intent-1", "intent-2"])
    }

    @Test func aRefusalAfterAFailureDoesNotMeanThatNothingWasDone() async throws {
        let service = ScriptedService([group()])
        await service.react(
            to: "TagResource",
            .exception(.internalFailure, isDone: true),
            .exception(.invalidRequest)
        )
        let report = try await executor(service).run(try approved(tagging(1)))
        #expect(report.statuses == ["done"])
        #expect(await ends(of: service) == ["end TagResource foundDone"])
    }

    @Test func aCallThatWasTurnedAwayIsNotInDoubt() async throws {
        let service = ScriptedService([group()])
        await service.react(to: "CreateHsm", .turnedAway)
        let report = try await executor(service).run(try approved(adding(1)))
        #expect(report.statuses == ["done"])
        #expect(await ends(of: service) == ["end CreateHsm notSent", "end CreateHsm accepted"])
        #expect(await service.intents.map(\.id) == ["intent-1", "intent-2"])
    }

    @Test func whatWasSeenTooLongAgoIsNotActedOn() async throws {
        let service = ScriptedService([group()])
        // The machine slept between the look and the sending, once.
        let looks = Mutex(0)
        let slept = executor(service) {
            looks.withLock { looks in
                looks += 1
                return looks == 1 ? .zero : .minutes(20)
            }
        }
        let report = try await slept.run(try approved(adding(1)))
        #expect(report.statuses == ["done"])
        #expect(await ends(of: service) == ["end CreateHsm notSent", "end CreateHsm accepted"])
        #expect(await service.calls("CreateHsm") == 1)
    }

    @Test(arguments: 1...3) func aRunThatLostItsLockSendsAndWritesNothingMore(look: Int)
        async throws
    {
        let service = ScriptedService([group()])
        let lock = LockLost(atLook: look)
        await #expect(throws: LeaseLost.self) {
            try await executor(service, lease: lock).run(try approved(adding(1), tagging(2)))
        }
        // Looked at before the intent, before the sending, and before the outcome.
        let events = [["begin CreateHsm"], ["call CreateHsm"]].prefix(look - 1).flatMap(\.self)
        #expect(await service.events == events)
    }

    @Test func anIntentNamesTheTakingOfTheLockAndWhatWasSeen() async throws {
        let service = ScriptedService([group()])
        _ = try await executor(service).run(try approved(adding(1)))
        let intent = try #require(await service.intents.first)
        #expect(intent.epoch == 1)
        #expect(intent.preconditions?.contains { $0.contains("no HSM is being created") } == true)
    }
}

/// A lock that is lost at a look, counted from 1, and stays lost.
private final class LockLost: Lease {
    let epoch = 1
    private let first: Int
    private let looks = Mutex(0)

    init(atLook first: Int) {
        self.first = first
    }

    func check() throws {
        let look = looks.withLock { looks in
            looks += 1
            return looks
        }
        if look >= first { throw LeaseLost("somebody replaced it") }
    }
}

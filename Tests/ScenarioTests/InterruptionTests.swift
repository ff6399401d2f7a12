import CloudHSM
import StrongroomModel
import Synchronization
import Testing

/// Runs that break off, and the runs that go on from there.
@Suite("A run that broke off")
struct InterruptionTests {
    /// How a run ends before its end.
    enum Break: CaseIterable {
        /// The journal cannot be written before a call.
        case beforeTheCall
        /// The journal cannot be written after a call: whether it was made is not recorded.
        case afterTheCall
        /// Somebody asked it to stop.
        case cancellation
    }

    @Test("is gone on with to the end of a calm run", arguments: seeds(120))
    func goesOn(seed: UInt64) async throws {
        let scenario = try Scenario.of(seed)
        guard let calm = try await scenario.calmEnd() else { return }
        let whole = try scenario.play()
        try await whole.apply()
        let count = whole.journal.callCount
        guard count > 0 else { return }
        var chance = Chance(seed: seed)
        // Every call of a short run, some calls of a long one.
        let calls = count <= 4 ? Array(1...count) : [1, count, chance.number(2...(count - 1))]
        for call in calls {
            let way = chance.one(of: Break.allCases) ?? .cancellation
            let play = try scenario.play()
            try await play.breakOff(at: call, way)
            try await play.settle()
            let story: Comment = "broken off at call \(call): \(way), \(try play.story())"
            #expect(try play.isDone(), story)
            #expect(play.service.broken == [], story)
            #expect(try play.lastingEnd() == calm.mapValues(\.lasting), story)
        }
    }
}

/// Answers and requests that are lost on the way.
@Suite("Lost answers")
struct LostAnswerTests {
    @Test("make no call happen twice", arguments: seeds(200))
    func causeNothingTwice(seed: UInt64) async throws {
        let scenario = try Scenario.of(seed)
        guard let calm = try await scenario.calmEnd() else { return }
        var chance = Chance(seed: seed)
        let trouble = WatchedService.Trouble(
            lostRequests: chance.one(0, 10, 30),
            lostAnswers: chance.one(10, 30, 60),
            seed: seed
        )
        let play = try scenario.play(trouble)
        try await play.settle()
        let story = try play.story()
        #expect(try play.isDone(), story)
        #expect(play.service.broken == [], story)
        #expect(try play.lastingEnd() == calm.mapValues(\.lasting), story)
    }
}

extension Scenario {
    /// The end a calm run comes to; `nil` where time alone would bring new work within hours, so
    /// that no two runs can be compared.
    func calmEnd() async throws -> [String: End]? {
        let play = try play()
        try await play.settle()
        let end = try play.end()
        for _ in 0..<4 {
            guard try !play.hasSteps() else { return nil }
            try await play.service.wait(.hours(1))
        }
        return try play.end() == end ? end : nil
    }
}

extension Play {
    /// Applies until nothing is left to do, as a person would who comes back when told to wait.
    func settle() async throws {
        var quiet = 0
        for _ in 0..<20 where quiet < 2 {
            let report = try await apply()
            quiet = report.steps.isEmpty ? quiet + 1 : 0
            if quiet > 0 { try await service.wait(.minutes(20)) }
        }
    }

    /// Applies, and breaks off at a call.
    func breakOff(at call: Int, _ way: InterruptionTests.Break) async throws {
        switch way {
        case .beforeTheCall: journal.fail(.beginning(call))
        case .afterTheCall: journal.fail(.ending(call))
        case .cancellation: return try await cancel(after: call)
        }
        await #expect(throws: MemoryJournal.Broken.self) { try await apply() }
        journal.fail(.never)
    }

    private func cancel(after call: Int) async throws {
        let (start, starter) = AsyncStream.makeStream(of: Void.self)
        let run = Task {
            for await _ in start { break }
            return try await apply()
        }
        service.tell { if $0 == call { run.cancel() } }
        starter.yield()
        starter.finish()
        let report = try await run.value
        service.tell { _ in }
        #expect(report.wasStopped || report.steps.allSatisfy { $0.status == .done })
    }
}

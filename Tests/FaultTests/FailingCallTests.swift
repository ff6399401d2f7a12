import Testing

extension Faults {
    /// A run whose system calls fail, once or from then on.
    @Suite("F02: a run whose calls fail")
    struct FailingCallTests {
        @Test(
            "says so and is made up for by the next, or ends as if nothing had been",
            .enabled(if: Needs.strace("F02"))
        )
        func failingCallIsNeverSuccess() async throws {
            let scenes = [
                try await Scene.growth.value, try await Scene.beginning.value,
                try await Scene.tick.value,
            ]
            let large = Torture.isFull ? [try await Scene.everything.value] : []
            let faults = try await CallLog.points(of: scenes + large).flatMap(FailingCall.all)
            var chance = Chance(Torture.seed, for: "F02")
            let figure = Torture.figure(full: 5_000, normal: 500)
            // Some calls are not come to again, so more are chosen than are needed.
            let chosen = chance.spread(figure + figure / 4, over: faults).shuffled(using: &chance)
            let tally = Tally("F02")
            try await Lanes.forEach(chosen) { index, fault in
                guard await tally.faults < figure else { return }
                let isThorough = Torture.isFull || index.isMultiple(of: 4)
                guard let harms = try await fault.harms(asksAgain: isThorough) else { return }
                await tally.count("\(fault)", harms)
            }
            #expect(await tally.faults >= figure, "too few of the calls were met")
            await tally.close(
                "injections",
                [.falseSuccess, .unclear, .lost, .corrupt, .duplicate, .unfinished, .crash]
            )
        }
    }
}

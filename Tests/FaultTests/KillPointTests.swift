import Testing

extension Faults {
    /// A run that is killed before any system call that touches its state.
    @Suite("F01: a run killed at any call")
    struct KillPointTests {
        @Test(
            "ends, run again, where a calm run ends",
            .enabled(if: Needs.strace("F01"))
        )
        func killedRunIsMadeUpFor() async throws {
            let scenes = [
                try await Scene.growth.value, try await Scene.beginning.value,
                try await Scene.tick.value, try await Scene.passing.value,
            ]
            let large = Torture.isFull ? [try await Scene.everything.value] : []
            let points = try await CallLog.points(of: scenes + large)
                .filter { !CallLog.reading.contains($0.call) }
            var chance = Chance(Torture.seed, for: "F01")
            let figure = Torture.figure(full: 2_000, normal: 200)
            // Some calls are not come to again, so more are chosen than are needed.
            let chosen = chance.spread(figure + figure / 4, over: points).enumerated()
                .map { (threads: $0.offset < points.count ? "1" : "0", point: $0.element) }
                .shuffled(using: &chance)
            let tally = Tally("F01")
            try await Lanes.forEach(chosen) { index, choice in
                guard await tally.faults < figure else { return }
                let point = choice.point
                let tree = try point.scene.tree()
                let log = tree.folder.file("calls")
                // What has been tried once is tried again with the threads of a real run.
                let threads = choice.threads
                let ended = try await Program.run(
                    point.scene.command,
                    in: tree.folder.url,
                    under: try point.wrapper(.kill, log: log, tree: tree),
                    environment: ["LIBDISPATCH_COOPERATIVE_POOL_STRICT": threads]
                )
                guard ended.wasKilled else { return }
                let aftermath = Aftermath(tree: tree, scene: point.scene)
                let harms = try aftermath.wrongAtOnce(after: ended)
                let inTheEnd = try await aftermath.wrongInTheEnd(
                    asksAgain: Torture.isFull || index.isMultiple(of: 4)
                )
                await tally.count("\(point)", harms + inTheEnd)
            }
            #expect(await tally.faults >= figure, "too few of the points were met")
            await tally.close("points", [.lost, .corrupt, .duplicate, .unfinished])
        }
    }
}

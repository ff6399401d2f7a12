import Synchronization
import Testing

extension Faults {
    /// A sync that fails once and then goes well, as on a disk with a bad moment.
    @Suite("F05: a sync that fails once")
    struct FailingSyncTests {
        @Test(
            "is never called success without all bytes being written again",
            .enabled(if: Needs.strace("F05"))
        )
        func failedSyncIsNeverBelieved() async throws {
            let scenes = [
                try await Scene.growth.value, try await Scene.beginning.value,
                try await Scene.tick.value, try await Scene.passing.value,
            ]
            let syncs = try await CallLog.points(of: scenes).filter { $0.call == "fsync" }
            var chance = Chance(Torture.seed, for: "F05")
            let figure = Torture.figure(full: 200, normal: 20)
            let chosen = chance.spread(figure + figure / 4, over: syncs).shuffled(using: &chance)
            let directories = Atomic(0)
            let tally = Tally("F05")
            try await Lanes.forEach(chosen) { _, point in
                guard await tally.faults < figure else { return }
                let fault = FailingCall(point: point, error: "EIO", persists: false)
                guard let harms = try await fault.harms() else { return }
                if point.isByPath { directories.add(1, ordering: .relaxed) }
                await tally.count("\(fault)", harms)
            }
            #expect(await tally.faults >= figure, "too few of the syncs were met")
            await tally.close(
                "failed syncs",
                [.falseSuccess, .unclear, .lost, .corrupt, .duplicate, .unfinished, .crash],
                and: [
                    (
                        name: "of directories and journals",
                        value: directories.load(ordering: .relaxed)
                    )
                ]
            )
        }
    }
}

import Foundation
import Testing

extension Faults {
    /// Four runners on one state directory, killed again and again.
    @Suite("F06: a storm of kills")
    struct KillStormTests {
        @Test("does nothing twice, loses nothing, and leaves the lock free")
        func stormDoesNothingTwice() async throws {
            let figure = Torture.figure(full: 1_000, normal: 100)
            let tally = Tally("F06")
            var chance = Chance(Torture.seed, for: "F06")
            var round = 0
            var kills = 0
            var takers = 0
            var holders = 0
            while kills < figure {
                let large = round.isMultiple(of: 4)
                let scene = try await large ? Scene.everything.value : Scene.growth.value
                let storm = Storm(tree: try scene.tree(), scene: scene)
                let runners = (0..<4).map { _ in chance.next() }
                let killed = try await storm.rage(runners, kills: large ? 16 : 8)
                let free = try await storm.lockIsFreeAtOnce(&chance)
                kills += killed.kills + free.kills
                takers += free.kills
                holders += killed.holders + free.holders
                await tally.count(
                    "round \(round)",
                    killed.harms + free.harms + (try await storm.calm())
                )
                round += 1
            }
            await tally.close(
                "rounds",
                [.lost, .corrupt, .duplicate, .unfinished, .lockKept, .crash],
                and: [
                    (name: "kills", value: kills),
                    (name: "of them holding the lock", value: holders),
                    (name: "takers at once after a kill", value: takers),
                ]
            )
        }
    }
}

/// A state directory that several runners want at once.
private struct Storm {
    let tree: Tree
    let scene: Scene

    /// What a runner of its own does: again and again one of these.
    private static let commands = [
        ["apply", "tree", "--yes", "--lock-timeout", "600"],
        ["reconcile", "tree", "--lock-timeout", "600"],
        ["reconcile", "tree"],
        ["simulate", "advance", "1m", "tree"],
    ]

    struct Result {
        var kills = 0
        var holders = 0
        var harms: [Harm] = []
        var said = ""
    }

    /// Lets runners run and kills them, until so many were killed.
    ///
    /// - Parameters:
    ///   - seeds: One for each runner.
    ///   - kills: How many kills to make.
    /// - Returns: How many were made, and what was wrong at once.
    /// - Throws: When a run cannot be started.
    func rage(_ seeds: [UInt64], kills: Int) async throws -> Result {
        let share = kills / seeds.count
        let results = try await withThrowingTaskGroup(of: Result.self) { group in
            for seed in seeds { group.addTask { try await run(seed: seed, kills: share) } }
            return try await group.reduce(into: [Result]()) { $0.append($1) }
        }
        let said = results.map(\.said).joined()
        let all = Ended(status: 0, out: "", err: said)
        let atOnce = try Aftermath(tree: tree, scene: scene).wrongAtOnce(after: all)
        return Result(
            kills: results.map(\.kills).reduce(0, +),
            holders: results.map(\.holders).reduce(0, +),
            harms: results.flatMap(\.harms) + atOnce
        )
    }

    /// One runner: it begins again after every kill and every end.
    private func run(seed: UInt64, kills: Int) async throws -> Result {
        var chance = Chance(seed, for: "runner")
        var result = Result()
        while result.kills < kills {
            guard let command = Self.commands.randomElement(using: &chance) else { break }
            let running = try Program.start(
                command,
                in: tree.folder.url,
                environment: ["LIBDISPATCH_COOPERATIVE_POOL_STRICT": "0"]
            )
            // Most are killed while they hold the lock, some wherever they are.
            if Int.random(in: 0..<4, using: &chance) > 0 {
                while !holds(running), !running.isStopped {
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...80, using: &chance)))
            running.signal(SIGKILL)
            let ended = try await running.end()
            // Who comes next writes a note of its own, so some are not counted.
            if ended.wasKilled, holds(running) { result.holders += 1 }
            result.said += ended.err
            if ended.wasKilled {
                result.kills += 1
            } else if ![0, 4, 75].contains(ended.status) {
                // A call that a killed run left without an outcome is held, 4, until it is decided.
                let text = "\(command) ended with \(ended.status): \(ended.err)"
                result.harms.append(Harm(kind: .crash, text: text))
            }
        }
        return result
    }

    /// Kills the holder of the lock; who comes next has to get it without waiting.
    func lockIsFreeAtOnce(_ chance: inout Chance) async throws -> Result {
        var result = Result()
        let holder = try Program.start(Scene.recovery, in: tree.folder.url)
        while !holds(holder), !holder.isStopped { try await Task.sleep(for: .milliseconds(1)) }
        holder.signal(SIGKILL)
        guard try await holder.end().wasKilled else { return result }
        result.kills = 1
        result.holders = 1
        let next = try await Program.run(
            ["reconcile", "tree", "--lock-timeout", "0"],
            in: tree.folder.url
        )
        if next.status == 75 { result.harms.append(Harm(kind: .lockKept, text: next.err)) }
        return result
    }

    private func holds(_ running: Running) -> Bool {
        let note = try? String(
            contentsOf: tree.state.appendingPathComponent("lock.owner"),
            encoding: .utf8
        )
        return note?.contains("\"pid\" : \(running.pid)") ?? false
    }

    /// What is wrong once the storm is over and calm runs have been through.
    func calm() async throws -> [Harm] {
        try await Aftermath(tree: tree, scene: scene).wrongInTheEnd()
    }
}

import Foundation
import Testing

extension Faults {
    /// A runner that is stopped while it holds the lock, and goes on later.
    @Suite("F09: frozen runners")
    struct FrozenRunnerTests {
        @Test("keep others out, who change nothing, and go on where they were")
        func frozenRunnersKeepOthersOut() async throws {
            let figure = Torture.figure(full: 200, normal: 20)
            let tally = Tally("F09")
            var chance = Chance(Torture.seed, for: "F09")
            var refusals = 0
            var stops = 0
            var runs = 0
            while stops < figure {
                let large = runs.isMultiple(of: 2)
                let scene = try await large ? Scene.everything.value : Scene.growth.value
                let frozen = try Frozen(tree: scene.tree(), scene: scene)
                let result = try await frozen.run(&chance)
                refusals += result.refusals
                stops += result.stops
                runs += 1
                await tally.count("run \(runs)", result.harms)
            }
            await tally.close(
                "runs",
                [.staleCommit, .lost, .corrupt, .duplicate, .unfinished, .crash],
                and: [(name: "stops", value: stops), (name: "refusals", value: refusals)]
            )
        }
    }
}

/// A run that is stopped and let go on.
private struct Frozen {
    let tree: Tree
    let scene: Scene

    struct Result {
        var stops = 0
        var refusals = 0
        var harms: [Harm] = []
    }

    private static let others = [
        ["apply", "tree", "--yes"],
        ["reconcile", "tree", "--lock-timeout", "0"],
        ["simulate", "advance", "1m", "tree"],
    ]

    func run(_ chance: inout Chance) async throws -> Result {
        var result = Result()
        let running = try Program.start(scene.command, in: tree.folder.url)
        while !holdsLock(running), !running.isStopped {
            try await Task.sleep(for: .milliseconds(1))
        }
        for _ in 0..<6 {
            guard running.signal(SIGSTOP) else { break }
            while !running.isStopped { try await Task.sleep(for: .milliseconds(1)) }
            // Stopped in its last moments, it may have let go of the lock already.
            if holdsLock(running) {
                result.stops += 1
                try await others(&result)
            }
            running.signal(SIGCONT)
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...12, using: &chance)))
        }
        let ended = try await running.end()
        if ended.status != 0 {
            result.harms.append(Harm(kind: .unfinished, text: "\(ended.status): \(ended.text)"))
        }
        let aftermath = Aftermath(tree: tree, scene: scene)
        result.harms += aftermath.differences(in: try tree.look())
        return result
    }

    private func holdsLock(_ running: Running) -> Bool {
        let file = tree.state.appendingPathComponent("lock.owner")
        let note = try? String(contentsOf: file, encoding: .utf8)
        return note?.contains("\"pid\" : \(running.pid)") ?? false
    }

    /// The others come while the holder is stopped.
    private func others(_ result: inout Result) async throws {
        let before = try tree.look(afterFault: true).contents
        for other in Self.others {
            let ended = try await Program.run(other, in: tree.folder.url)
            if ended.status == 75 {
                result.refusals += 1
            } else {
                let text = "\(other) ended with \(ended.status) beside a stopped run: \(ended.text)"
                result.harms.append(Harm(kind: .staleCommit, text: text))
            }
        }
        if try tree.look(afterFault: true).contents != before {
            let text = "something was changed beside a stopped run"
            result.harms.append(Harm(kind: .staleCommit, text: text))
        }
    }
}

import Foundation

/// What a fault did that must never happen.
struct Harm: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// A file cannot be read, or only in part.
        case corrupt
        /// What was told to be there is not.
        case lost
        /// Something was done more often than in a calm run.
        case duplicate = "duplicates"
        /// Two runs later the end is another than a calm run's.
        case unfinished
        /// Success was reported of something that is not durable.
        case falseSuccess = "false successes"
        /// It ended by a signal of its own.
        case crash = "crashes"
        /// A lock was not free although its holder was dead.
        case lockKept = "locks kept"
        /// Something was written beside a run that holds the lock.
        case staleCommit = "stale commits"
        /// Something outside the state directory was written to.
        case outside = "written outside"
        /// Others than the owner may read or write.
        case tooOpen = "too open"
        /// What cannot be trusted was gone on with.
        case unrefused = "not refused"
        /// A message does not say which file or which error.
        case unclear = "unclear messages"
    }

    let kind: Kind
    let text: String
}

/// Looks after a run that a fault met: at once, and when the next runs are through.
struct Aftermath {
    let tree: Tree
    let scene: Scene

    /// What is wrong at once after the fault: nothing may be torn, nothing told may be lost.
    func wrongAtOnce(after ended: Ended) throws -> [Harm] {
        let look = try tree.look(afterFault: true)
        var harms = look.faults.map { Harm(kind: .corrupt, text: $0) }
        let before = Set(scene.before.journal.intents.map(\.id))
        let begun = look.journal.intents.filter { !before.contains($0.id) }
        let told = Told(ended)
        if begun.count < told.started {
            let text = "\(told.started) steps were told to be started, \(begun.count) are recorded"
            harms.append(Harm(kind: .lost, text: text))
        }
        for path in scene.before.world.keys.sorted()
        where look.world[path] == nil && !StateLook.isTemporary(path) {
            harms.append(Harm(kind: .lost, text: "\(path) is gone"))
        }
        return harms
    }

    /// Lets a run come, and if it leaves anything, another after the wait that decides a call in
    /// doubt; compares their end with a calm one.
    ///
    /// - Parameter asksAgain: Whether a plan has to say that nothing is left even where the world is
    ///   a calm run's, for which a plan has said so.
    /// - Returns: The harms.
    /// - Throws: When a run cannot be started.
    func wrongInTheEnd(asksAgain: Bool = true) async throws -> [Harm] {
        let first = try await Program.run(Scene.recovery, in: tree.folder.url)
        if first.status == 0, try differences(in: tree.look()).isEmpty {
            return asksAgain ? try await wrongPlan(after: first) : []
        }
        try await tree.done(["simulate", "advance", "1h", "tree"])
        let second = try await Program.run(Scene.recovery, in: tree.folder.url)
        let unplanned = try await wrongPlan(after: second)
        return unplanned + differences(in: try tree.look())
    }

    private func wrongPlan(after last: Ended) async throws -> [Harm] {
        let plan = try await Program.run(Scene.plan, in: tree.folder.url)
        guard last.status != 0 || !plan.hasNothingToDo else { return [] }
        let text = "the next runs end with \(last.status), a plan with \(plan.status):\n"
        return [Harm(kind: .unfinished, text: text + last.err + plan.text)]
    }

    /// How an end differs from a calm run's.
    func differences(in look: StateLook) -> [Harm] {
        var harms = look.faults.map { Harm(kind: .corrupt, text: $0) }
        harms += look.contents.keys.filter(StateLook.isTemporary).sorted()
            .map { Harm(kind: .unfinished, text: "\($0) was left") }
        for intent in look.journal.open {
            harms.append(Harm(kind: .unfinished, text: "\(intent.need) has no outcome"))
        }
        let calm = scene.calm.journal.met
        // A call that sets a value may be sent again before it can be seen, and is left out once it
        // can: the facts below show that the value is set.
        let repeatable = Set(look.journal.intents.filter(\.setsValue).map(\.need))
        for (need, count) in look.journal.met.sorted(by: { $0.key < $1.key })
        where count > calm[need, default: 0] && !repeatable.contains(need) {
            let text = "\(need): \(count) times, calmly \(calm[need, default: 0])"
            harms.append(Harm(kind: .duplicate, text: text))
        }
        for (need, count) in calm.sorted(by: { $0.key < $1.key })
        where look.journal.met[need, default: 0] < count && !repeatable.contains(need) {
            let text = "\(need): \(look.journal.met[need, default: 0]) times, calmly \(count)"
            harms.append(Harm(kind: .lost, text: text))
        }
        let difference = look.facts.difference(from: scene.calm.facts)
        harms += difference.insertions.map { change in
            Harm(kind: .duplicate, text: "more than calmly: \(change.text)")
        }
        harms += difference.removals.map { change in
            Harm(kind: .lost, text: "less than calmly: \(change.text)")
        }
        return harms
    }
}

/// What a run told of its steps.
struct Told {
    /// How many it said to have started.
    let started: Int

    init(_ ended: Ended) {
        started = ended.err.split(separator: "\n").count { $0.hasSuffix("  started") }
    }
}

extension CollectionDifference.Change where ChangeElement == String {
    /// The line that is there or not.
    fileprivate var text: String {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}

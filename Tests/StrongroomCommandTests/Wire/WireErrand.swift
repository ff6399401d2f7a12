import Foundation
import Testing

/// Carrying out what a story asks for, while the wire fails by a plan.
struct WireErrand: Sendable {
    /// What cannot be repeated: a second one makes a second thing.
    static let unrepeatable = ["CreateCluster", "CreateHsm", "CopyBackupToRegion"]

    /// How it ended.
    struct End: Sendable {
        /// How each run ended.
        var runs: [Program.Ended] = []
        /// How often each operation that changes something was carried out.
        var effects: [String: Int] = [:]
        /// The same after each run.
        var effectsSoFar: [[String: Int]] = []
        /// What there is afterwards, at rest.
        var rest: [String] = []
        /// Every call that came by.
        var passages: [WireProxy.Passage] = []
        /// How many followed a redirect.
        var trapped = 0

        /// The exit code of the last run.
        var status: Int32? { runs.last?.status }

        /// How many runs changed something.
        var actingRuns: Int {
            zip([[:]] + effectsSoFar, effectsSoFar).count { $0 != $1 }
        }

        /// How many calls were lost, failed or refused on the way.
        var faults: Int { passages.count { $0.fault != nil } }

        /// How many of them were throttled.
        var throttled: Int { passages.count { $0.fault == .throttled } }
    }

    let story: WireStory

    /// Whether faults of a plan that goes on are over after the first run.
    var healsAfterFirstRun = false

    /// How far the world goes on when its clock is waited for.
    var stride = "120s"

    /// Carries it out as nobody disturbs it, until a run finds nothing to do.
    func calm() async throws -> End {
        try await run({ _ in nil }, atMost: 4) { end in
            !story.goesOn || end.actingRuns < end.runs.count
        }
    }

    /// Carries it out by a plan of faults, in as many runs as undisturbed and two more.
    ///
    /// - Parameters:
    ///   - plan: The faults.
    ///   - calm: How it ends undisturbed.
    /// - Returns: How it ended.
    /// - Throws: When the world cannot be begun or looked at.
    func run(_ plan: @escaping WireProxy.Plan, until calm: End) async throws -> End {
        try await run(plan, atMost: calm.actingRuns + 2) { end in
            end.status == calm.status && end.rest == calm.rest
        }
    }

    private func run(
        _ plan: @escaping WireProxy.Plan,
        atMost count: Int,
        isDone: (End) -> Bool
    ) async throws -> End {
        let world = try await EmulatedWorld(for: story, stride: stride)
        let observed = try await world.run("observe")
        try #require(observed.status == 0, "\(observed.err)")
        try await story.begin(world)
        let before = try world.effects()
        world.proxy.follow(plan)
        var end = End()
        while end.runs.count < count {
            if end.runs.count == 1, healsAfterFirstRun { world.proxy.follow { _ in nil } }
            end.runs.append(try await world.apply())
            end.effects = try world.effects().merging(before) { $0 - $1 }.filter { $0.value > 0 }
            end.effectsSoFar.append(end.effects)
            end.rest = try await world.rest()
            if isDone(end) { break }
        }
        end.passages = world.proxy.passages
        end.trapped = world.proxy.trapped
        return end
    }
}

/// How stories end undisturbed, found out once.
actor CalmErrands {
    static let shared = CalmErrands()

    private var ends: [WireStory: Task<WireErrand.End, any Error>] = [:]

    /// How a story ends undisturbed.
    func end(of story: WireStory) async throws -> WireErrand.End {
        let known = ends[story] ?? Task { try await WireErrand(story: story).calm() }
        ends[story] = known
        return try await known.value
    }
}

/// Does many things, so many at a time.
func inLanes<Item: Sendable, Value: Sendable>(
    _ width: Int,
    _ items: [Item],
    _ body: @escaping @Sendable (Item) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        var rest = items.makeIterator()
        for _ in 0..<width {
            guard let item = rest.next() else { break }
            group.addTask { try await body(item) }
        }
        var values: [Value] = []
        while let value = try await group.next() {
            values.append(value)
            if let item = rest.next() { group.addTask { try await body(item) } }
        }
        return values
    }
}

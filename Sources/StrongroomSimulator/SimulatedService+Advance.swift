public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// What happened while the simulated clock was put forward.
public struct AdvanceSummary: Hashable, Sendable {
    /// Where the clock stood.
    public let from: Timestamp

    /// Where it stands now.
    public let to: Timestamp

    /// How many groups changed.
    public internal(set) var changedGroups = 0

    /// How often each kind of event happened, by its name in words.
    public internal(set) var counts: [String: Int] = [:]

    /// The earliest events, in order of time.
    public internal(set) var events: [SimulatedEvent] = []

    /// The groups that could not be read and stay as they are, and why.
    public internal(set) var unreadGroups: [GroupID: UnreadReason] = [:]

    /// How many events happened in all; ``events`` may hold fewer.
    public var eventCount: Int { counts.values.reduce(0, +) }

    mutating func take(_ new: [SimulatedEvent], keeping limit: Int) {
        for event in new { counts[event.kind.name, default: 0] += 1 }
        events += new.prefix(limit)
        // Sorted now and then, so that millions of events need room for few.
        if events.count > 4 * limit { trim(to: limit) }
    }

    mutating func trim(to limit: Int) {
        events.sort()
        events.removeLast(max(0, events.count - limit))
    }

    mutating func join(_ other: AdvanceSummary) {
        changedGroups += other.changedGroups
        counts.merge(other.counts, uniquingKeysWith: +)
        events += other.events
        unreadGroups.merge(other.unreadGroups) { first, _ in first }
    }
}

extension SimulatedService {
    /// Puts the clock forward and lets everything happen meanwhile in every group.
    ///
    /// The clock is kept first: were the run to end in between, the groups that were not reached
    /// are brought to the same moment when they are next looked at. A group that cannot be read
    /// keeps no other from going on.
    ///
    /// - Parameters:
    ///   - span: How far, zero or more.
    ///   - limit: How many events the summary holds at most, the earliest ones.
    ///   - width: How many groups are worked on at once, 1 or more.
    /// - Returns: What happened.
    /// - Throws: What the store throws when the list of groups cannot be read or something cannot
    ///   be kept; `CancellationError` if the task was cancelled.
    public func advance(
        by span: Duration,
        listing limit: Int = 1_000,
        width: Int = 4
    ) async throws -> AdvanceSummary {
        try Task.checkCancellation()
        let (from, world) = try state.withLock { state in
            let from = state.record.now
            state.record.now = from + max(span, .zero)
            state.isClockSaved = false
            try saveClock(in: &state)
            return (from, state.record)
        }
        let ids = try store.groupIDs()
        let lanes = max(1, min(width, ids.count))
        var summary = AdvanceSummary(from: from, to: world.now)
        try await withThrowingTaskGroup(of: AdvanceSummary.self) { tasks in
            for lane in 0..<lanes {
                tasks.addTask {
                    let share = stride(from: lane, to: ids.count, by: lanes).map { ids[$0] }
                    return try self.advance(share, in: world, from: from, listing: limit)
                }
            }
            for try await part in tasks { summary.join(part) }
        }
        summary.trim(to: limit)
        return summary
    }

    private func advance(
        _ ids: [GroupID],
        in world: WorldRecord,
        from: Timestamp,
        listing limit: Int
    ) throws -> AdvanceSummary {
        var summary = AdvanceSummary(from: from, to: world.now)
        for id in ids {
            try Task.checkCancellation()
            let touched = state.withLock { $0.touched[id] }
            var group: SimulatedGroup
            do {
                group = try touched ?? load(id, in: world)
            } catch {
                summary.unreadGroups[id] = UnreadReason(of: error)
                continue
            }
            let events = group.advance(to: world.now, under: world.settings)
            guard !events.isEmpty else { continue }
            summary.take(events, keeping: limit)
            summary.changedGroups += 1
            try keep(group, unlessTouchedSince: touched)
        }
        summary.trim(to: limit)
        return summary
    }

    /// Keeps a group that was worked on beside the lock; a call that came in between goes first.
    private func keep(
        _ group: SimulatedGroup,
        unlessTouchedSince before: SimulatedGroup?
    ) throws {
        try state.withLock { state in
            let id = group.group.id
            let isTouched = state.touched[id] != nil
            guard state.touched[id] == before else { return }
            try save(group, in: &state)
            if !isTouched { state.touched[id] = nil }
        }
    }
}

public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// A group as reads show it, and how long they will.
public struct StandingGroup: Hashable, Sendable {
    /// The group as a read shows it now; a lost Region is left out.
    public let group: ProtectionGroup

    /// The first moment at which a read may show something else although nobody called; `nil` if
    /// nothing is to come.
    public let until: Timestamp?
}

/// What somebody needs who serves the simulated world to many readers.
extension SimulatedService {
    /// Lets the world's clock come to a moment, as the time of day passes.
    ///
    /// - Parameters:
    ///   - moment: The moment; one in the past changes nothing.
    ///   - isKept: Whether the moment is to be durable at once; otherwise it is so from the next
    ///     call on that changes something.
    /// - Throws: What the store throws, or threw when it could not keep something.
    public func proceed(to moment: Timestamp, keeping isKept: Bool) throws {
        try state.withLock { state in
            try state.requireStore()
            if moment > state.record.now {
                state.record.now = moment
                state.isClockSaved = false
            }
            if isKept { try saveClock(in: &state) }
        }
    }

    /// One group as the service shows it now, and how long that holds; nothing is written.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group, and until when nothing happens in it by itself.
    /// - Throws: As ``observe(_:)`` does.
    public func standing(_ id: GroupID) throws -> StandingGroup {
        let (world, touched) = try state.withLock { state in
            try state.requireStore()
            return (state.record, state.touched[id])
        }
        var group = try touched ?? load(id, in: world)
        group.advance(to: world.now, under: world.settings)
        let seen = group.memory.unseen.lazy.map(\.until).filter { $0 > world.now }.min()
        return StandingGroup(
            group: group.view.apart(from: world.lostRegions),
            until: [group.nextMoment(), seen].compactMap(\.self).min()
        )
    }

    /// Every group the store has, in order of id, also one of a Region that does not answer.
    ///
    /// - Returns: The groups.
    /// - Throws: What the store throws.
    public func groupIDs() throws -> [GroupID] { try store.groupIDs() }

    /// The Regions that do not answer at present.
    public var lostRegions: Set<Region> { state.withLock { $0.record.lostRegions } }
}

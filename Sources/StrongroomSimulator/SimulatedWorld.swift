public import CloudHSM
public import StrongroomModel

/// CloudHSM without AWS: a pure value with a clock.
///
/// The same settings, groups and calls give the same answers and the same ids, to the byte. Nothing
/// happens but by ``perform(_:at:)``, ``advance(to:)`` and the stand-ins for what happens outside
/// the API.
public struct SimulatedWorld: Hashable, Sendable {
    /// The service's clock.
    public internal(set) var now: Timestamp

    /// How the world behaves.
    public let settings: SimulatorSettings

    /// Everything there is, each group brought to ``now`` where it was last looked at.
    public internal(set) var groups: [GroupID: SimulatedGroup]

    /// Begins an empty world.
    ///
    /// - Parameters:
    ///   - now: What its clock shows.
    ///   - settings: How it behaves.
    public init(beginningAt now: Timestamp, settings: SimulatorSettings = SimulatorSettings()) {
        self.now = now
        self.settings = settings
        groups = [:]
    }

    /// Takes a group in that was not made here, as a settled one; it replaces one of the same id.
    ///
    /// - Parameter group: The group, such as one written down from AWS.
    public mutating func adopt(_ group: ProtectionGroup) {
        groups[group.id] = SimulatedGroup(adopting: group, at: now, under: settings)
    }

    /// A group as a read shows it now; calls of the last moments may not show yet.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group, or `nil` if there is none of that id.
    public func observe(_ id: GroupID) -> ProtectionGroup? {
        guard var group = groups[id] else { return nil }
        group.advance(to: now, under: settings)
        return group.view
    }

    /// Lets time pass up to a moment; a moment in the past changes nothing.
    ///
    /// - Parameter moment: The moment to come to.
    /// - Returns: What the service did by itself, in order of time.
    @discardableResult
    public mutating func advance(to moment: Timestamp) -> [SimulatedEvent] {
        guard moment >= now else { return [] }
        now = moment
        var events: [SimulatedEvent] = []
        for id in groups.keys.sorted() {
            events += groups[id]?.advance(to: moment, under: settings) ?? []
        }
        return events.sorted()
    }
}

public import CloudHSM
public import StrongroomModel

/// Why the simulated service cannot go on.
public enum SimulatedServiceError: Error, Hashable, Sendable {
    /// The store has no simulated world yet.
    case notBegun
    /// The store has a simulated world already.
    case alreadyBegun(clock: Timestamp)
    /// The simulated clock never runs backwards.
    case clockStandsLater(clock: Timestamp, asked: Timestamp)
    /// A group has been brought further than the world's clock.
    case groupIsAhead(GroupID, asOf: Timestamp, clock: Timestamp)
    /// What was kept of a group cannot be read.
    case unreadableGroup(GroupID, SimulatorFormatError)
    /// A group's home does not answer, and no other Region shows anything of it.
    case silentHome(GroupID)
    /// What was kept of the world cannot be read.
    case unreadableWorld(SimulatorFormatError)
}

extension SimulatedServiceError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .notBegun:
            """
            simulator.json is not there, and in it are the simulated service's clock and settings; \
            restore it, for example from version control; \
            without a copy, begin anew in another directory with "strongroom init"
            """
        case .alreadyBegun(let clock):
            "a simulated world has begun already, and its clock shows \(clock)"
        case .clockStandsLater(let clock, let asked):
            """
            the simulated clock stands at \(clock), later than \(asked); \
            leave the moment out or name a later one
            """
        case .groupIsAhead(let id, let asOf, let clock):
            """
            \(id.cluster) was brought to \(asOf), but the simulated clock shows \(clock); \
            restore both files from the same revision
            """
        case .silentHome(let id):
            "\(id.home.region) does not answer, and nothing of \(id.cluster) is seen elsewhere"
        case .unreadableGroup(let id, let error): "cannot read \(id.cluster): \(error)"
        case .unreadableWorld(let error):
            "cannot read the simulated world in simulator.json: \(error)"
        }
    }
}

extension SimulatedServiceError: ReadingFailure {
    /// Why a group could not be read: the simulated service's memory is our own state directory.
    public var unreadReason: UnreadReason {
        switch self {
        case .silentHome: UnreadReason("\(self)")
        case .notBegun, .alreadyBegun, .clockStandsLater, .groupIsAhead, .unreadableGroup,
            .unreadableWorld:
            UnreadReason("\(self)", from: .ownState)
        }
    }
}

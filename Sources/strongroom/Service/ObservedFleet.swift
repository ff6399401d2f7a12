import CloudHSM
import StrongroomModel
import StrongroomObservation

/// One reading of a whole fleet, as a view to plan from.
struct ObservedFleet: FleetView {
    private let reading: FleetObservation

    init(_ reading: FleetObservation) { self.reading = reading }

    func inventory() -> Inventory { reading.inventory }

    func observe(_ id: GroupID) throws -> ProtectionGroup {
        if let reason = reading.unreadGroups[id] { throw NotReadAsOne(unreadReason: reason) }
        guard let group = reading.group(id) else {
            throw NotReadAsOne(unreadReason: "it was not listed")
        }
        return group
    }

    /// A group whose pages do not fit together.
    struct NotReadAsOne: ReadingFailure, CustomStringConvertible {
        let unreadReason: UnreadReason
        var description: String { "\(unreadReason)" }
    }
}

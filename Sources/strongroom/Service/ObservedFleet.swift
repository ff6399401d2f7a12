import CloudHSM
import StrongroomModel
import StrongroomObservation

/// One reading of a whole fleet, as a view to plan from.
struct ObservedFleet: FleetView {
    private let reading: FleetObservation
    private let groups: [GroupID: ProtectionGroup]

    init(_ reading: FleetObservation) {
        self.reading = reading
        groups = Dictionary(uniqueKeysWithValues: reading.groups.map { ($0.id, $0) })
    }

    func inventory() -> Inventory { reading.inventory }

    func observe(_ id: GroupID) throws -> ProtectionGroup {
        if let reason = reading.unreadGroups[id] { throw NotReadAsOne(unreadReason: reason) }
        guard let group = groups[id] else { throw NotReadAsOne(unreadReason: "it was not listed") }
        return group
    }

    /// A group whose pages do not fit together.
    struct NotReadAsOne: ReadingFailure, CustomStringConvertible {
        let unreadReason: UnreadReason
        var description: String { "\(unreadReason)" }
    }
}

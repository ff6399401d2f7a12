package import CloudHSM

extension Cluster {
    /// Why an HSM that is to be removed is no longer the one that was meant.
    ///
    /// When the service replaces failed hardware, a new id stands on the interface of the old one
    /// (domain page, "Identity"): the interface tells which HSM is which.
    ///
    /// - Parameters:
    ///   - id: The HSM that is to be removed.
    ///   - interface: The interface it was on when that was decided.
    /// - Returns: The reason in words; `nil` if it is there as it was, or gone.
    package func replacement(of id: HSMID, on interface: ENIID) -> String? {
        let present = hsms.filter(\.state.isPresent)
        if let same = present.first(where: { $0.id == id }) {
            guard same.eni != interface else { return nil }
            let found = same.eni.map { "is on \($0)" } ?? "is listed without an interface"
            return "\(id) was on \(interface), and now \(found)"
        }
        if let other = present.first(where: { $0.eni == interface }) {
            return "\(id) was on \(interface); the service replaced the hardware, and "
                + "\(other.id) is there now"
        }
        let unknown = present.first { $0.eni == nil && $0.state != .createInProgress }
        return unknown.map {
            "\(id) is not listed, and \($0.id) is listed without an interface, so nobody can tell "
                + "whether it stands in its place"
        }
    }
}

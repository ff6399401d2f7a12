/// A look at a group in which a place was not read whole: what was read of it is real, and what is
/// missing from it was perhaps only not read.
///
/// Something that is listed may be taken from it as seen; nothing is planned or sent because of it.
public struct PartlyRead: ReadingFailure, Hashable {
    /// What was read; ``ProtectionGroup/unreadRegions`` names every Region that was not read whole.
    public let group: ProtectionGroup

    /// The first place that was not read whole.
    public let place: Place

    /// Why it was not.
    public let unreadReason: UnreadReason

    /// Shows what was read.
    ///
    /// - Parameters:
    ///   - group: What was read, with the Regions that were not read whole.
    ///   - place: The first place that was not read whole.
    ///   - unreadReason: Why it was not.
    public init(_ group: ProtectionGroup, without place: Place, because unreadReason: UnreadReason)
    {
        self.group = group
        self.place = place
        self.unreadReason = unreadReason
    }
}

extension PartlyRead: CustomStringConvertible {
    /// Which place was not read, and why.
    public var description: String { "\(place) was not read whole: \(unreadReason)" }
}

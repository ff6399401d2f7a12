public import CloudHSM
public import StrongroomModel

/// When an account and Region were last observed, and whether every page was read.
public struct PlaceObservation: Hashable, Sendable {
    /// The account and Region.
    public let place: Place

    /// When, by the service's clock.
    public let observedAt: Timestamp

    /// Why it could not be read whole; `nil` if it was.
    public let gap: String?

    /// Describes an observation.
    ///
    /// - Parameters:
    ///   - place: The account and Region.
    ///   - observedAt: When, by the service's clock.
    ///   - gap: Why it could not be read whole; `nil` if it was.
    public init(of place: Place, at observedAt: Timestamp, gap: String? = nil) {
        self.place = place
        self.observedAt = observedAt
        self.gap = gap
    }

    /// Whether every page was read.
    public var isComplete: Bool { gap == nil }
}

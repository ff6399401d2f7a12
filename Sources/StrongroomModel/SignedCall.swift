public import CloudHSM

/// A call ready to be sent once, these bytes and no others.
///
/// Signing comes before the last look at the lock and sending after it, so that a run that was
/// stopped for long sends nothing under a lock it no longer has (`execution.md`, section 2.4).
public struct SignedCall: Hashable, Sendable {
    /// What is asked.
    public let call: Call

    /// The account and Region it goes to.
    public let place: Place

    /// The group it concerns; `nil` where a cluster is to be made.
    public let group: GroupID?

    /// When it was signed, by the service's clock.
    public let signedAt: Timestamp

    /// What goes over the wire; empty where there is none.
    public let bytes: [UInt8]

    /// Joins a call and its signature.
    ///
    /// - Parameters:
    ///   - call: What is asked.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns.
    ///   - signedAt: When it was signed, by the service's clock.
    ///   - bytes: What goes over the wire.
    public init(
        _ call: Call,
        at place: Place,
        in group: GroupID?,
        signedAt: Timestamp,
        bytes: [UInt8] = []
    ) {
        self.call = call
        self.place = place
        self.group = group
        self.signedAt = signedAt
        self.bytes = bytes
    }
}

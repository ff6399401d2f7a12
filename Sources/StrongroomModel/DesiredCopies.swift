public import CloudHSM

/// What a manifest says of the copies in one Region.
public struct DesiredCopies: Sendable {
    /// The Region.
    public let region: Located<Region>

    /// How old the content of the newest READY copy may become.
    public var maxAge: Located<Duration>?

    /// After how many days of content age a copy is removed; absent means never.
    public var retentionDays: Located<Int>?

    /// How many READY copies there must always be; absent means 1.
    public var keepAtLeast: Located<Int>?

    /// Manages nothing in a Region.
    ///
    /// - Parameter region: The Region.
    public init(region: Located<Region>) {
        self.region = region
    }

    /// How many READY copies must always be left, at least 1.
    public var floor: Int { max(keepAtLeast?.value ?? 1, 1) }
}

import StrongroomModel

/// Whether this machine's clock and the service's agree well enough to destroy anything.
struct ClockDoubt {
    /// How far they may differ (`execution.md`, section 4, row 24).
    static let tolerance = Duration.seconds(60)

    /// How far this machine's clock runs ahead of the service's; negative if it is behind.
    let skew: Duration

    /// Why nothing may be destroyed; `nil` if the clocks agree.
    var text: String? {
        guard skew > Self.tolerance || skew < .zero - Self.tolerance else { return nil }
        let side = skew > .zero ? "ahead of" : "behind"
        let seconds = abs(skew.components.seconds)
        return
            "this machine's clock is \(seconds) s \(side) the service's, and nothing is destroyed "
            + "beyond \(Self.tolerance.components.seconds) s: set it right, then run again"
    }
}

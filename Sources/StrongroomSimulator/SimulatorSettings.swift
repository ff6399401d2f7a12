public import CloudHSM

/// How a simulated world behaves; fixed when it begins.
public struct SimulatorSettings: Hashable, Sendable {
    /// Decides ids, addresses and how far reads lag: worlds with the same seed are the same.
    public var seed: UInt64

    /// How long things take.
    public var latencies: Latencies

    /// The longest time a read may show a group as it was before a call; zero shows every call.
    ///
    /// Source: fact sheet, section 17 (reads are eventually consistent).
    public var readLag: Duration

    /// What every account may have in every Region.
    public var quotas: Quotas

    /// Describes a world.
    ///
    /// - Parameters:
    ///   - seed: Decides ids, addresses and how far reads lag.
    ///   - latencies: How long things take.
    ///   - readLag: The longest time a read may show what was before a call, zero or more.
    ///   - quotas: What every account may have in every Region.
    public init(
        seed: UInt64 = 1,
        latencies: Latencies = .usual,
        readLag: Duration = .seconds(30),
        quotas: Quotas = .serviceDefault
    ) {
        self.seed = seed
        self.latencies = latencies
        self.readLag = readLag
        self.quotas = quotas
    }

    /// A world in which everything happens at once and every read shows everything.
    ///
    /// - Parameters:
    ///   - seed: Decides ids and addresses.
    ///   - quotas: What every account may have in every Region.
    /// - Returns: The settings.
    public static func immediate(
        seed: UInt64 = 1,
        quotas: Quotas = .serviceDefault
    ) -> SimulatorSettings {
        SimulatorSettings(seed: seed, latencies: .zero, readLag: .zero, quotas: quotas)
    }
}

package import CloudHSM

/// What the simulated service keeps for the whole fleet.
package struct WorldRecord: Hashable, Sendable {
    /// When the world began: groups without a memory count from then.
    package let began: Timestamp

    /// Its clock.
    package var now: Timestamp

    /// How it behaves.
    package let settings: SimulatorSettings

    /// The Regions that do not answer at present.
    package internal(set) var lostRegions: Set<Region>

    /// How far the machine's clock is taken to run ahead of the world's.
    var skew = Duration.zero

    /// Keeps what is given; every Region answers that is not named.
    package init(
        began: Timestamp,
        now: Timestamp,
        settings: SimulatorSettings,
        lostRegions: Set<Region> = []
    ) {
        self.began = began
        self.now = now
        self.settings = settings
        self.lostRegions = lostRegions
    }
}

extension WorldRecord {
    /// The record as the state directory holds it.
    package var json: JSONValue {
        let latencies = Latencies.named.map { name, path in
            (name, JSONValue.integer(settings.latencies[keyPath: path].wholeMilliseconds))
        }
        let lost = lostRegions.sorted().map { JSONValue.string($0.description) }
        var members: [String: JSONValue] = [
            "began": began.json,
            "clock": now.json,
            // As text: JSON numbers of other programs end at 53 bits.
            "seed": .string(String(settings.seed)),
            "readLagMilliseconds": .integer(settings.readLag.wholeMilliseconds),
            "latencyMilliseconds": .object(Dictionary(latencies) { first, _ in first }),
            "quotas": .object([
                "clusters": .integer(Int64(settings.quotas.clusters)),
                "hsms": .integer(Int64(settings.quotas.hsms)),
            ]),
        ]
        if !lost.isEmpty { members["lostRegions"] = .array(lost) }
        if skew != .zero { members["skewMilliseconds"] = .integer(skew.wholeMilliseconds) }
        return .object(members)
    }

    /// Reads what the state directory holds.
    package init(json: JSONValue) throws(SimulatorFormatError) {
        var reader = try ObjectReader(json, at: "")
        began = try reader.requiredMoment("began")
        now = try reader.requiredMoment("clock")
        let seed = try reader.requiredText("seed", as: UInt64.self)
        let lag = try reader.span("readLagMilliseconds")
        var spans = try ObjectReader(
            reader.required("latencyMilliseconds"),
            at: "latencyMilliseconds"
        )
        var latencies = Latencies.usual
        for (name, path) in Latencies.named { latencies[keyPath: path] = try spans.span(name) }
        try spans.end()
        var quotas = try ObjectReader(reader.required("quotas"), at: "quotas")
        settings = SimulatorSettings(
            seed: seed,
            latencies: latencies,
            readLag: lag,
            quotas: Quotas(
                clusters: Int(try quotas.requiredInteger("clusters")),
                hsms: Int(try quotas.requiredInteger("hsms"))
            )
        )
        try quotas.end()
        lostRegions = Set(try reader.regions("lostRegions"))
        skew = .milliseconds(try reader.integer("skewMilliseconds") ?? 0)
        try reader.end()
        guard began <= now else { throw reader.problem("stands before \"began\"", at: "clock") }
    }
}

extension ObjectReader {
    /// A member that lists Regions; an absent one is empty.
    fileprivate mutating func regions(_ key: String) throws(SimulatorFormatError) -> [Region] {
        var regions: [Region] = []
        for value in try array(key) {
            guard case .string(let text) = value, let region = Region(text) else {
                throw problem("names something that is no Region", at: key)
            }
            regions.append(region)
        }
        return regions
    }

    fileprivate mutating func span(_ key: String) throws(SimulatorFormatError) -> Duration {
        let milliseconds = try requiredInteger(key)
        guard milliseconds >= 0 else { throw problem("is negative", at: key) }
        return .milliseconds(milliseconds)
    }
}

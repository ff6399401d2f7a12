import ArgumentParser
import CloudHSM
import StrongroomSimulator
import StrongroomState

/// Which world is simulated, and how it behaves.
struct WorldOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the world in this state directory, which is made if it is not there.",
            discussion: """
                Its parent must exist. The "strongroom" command can open it afterwards; while the \
                emulator runs, it holds the directory's lock. Without a directory the world is in \
                memory, and gone when the emulator ends.
                """,
            valueName: "dir"
        ),
        completion: .directory
    )
    var state: String?

    @Flag(help: "Take a state directory that may not last: on tmpfs, or in a container's layer.")
    var allowVolatileState = false

    @Option(help: "How many seconds pass in the world in one real second, such as 600.")
    var speed = 1.0

    @Option(
        help: ArgumentHelp(
            "What the world's clock shows at the start, such as 2026-11-23T09:00:00Z.",
            discussion: """
                Otherwise the present, or where the clock of a state directory stands if that is \
                later. It cannot go back.
                """,
            valueName: "moment"
        ),
        transform: { text in
            guard let moment = Timestamp(text) else {
                throw ValidationError("'\(text)' is not a moment; write 2026-11-23T09:00:00Z")
            }
            return moment
        }
    )
    var start: Timestamp?

    @Flag(help: "A new world does everything at once, and every read shows every call.")
    var instant = false

    @Option(
        help: ArgumentHelp(
            "How long at most a new world's reads may not show a call yet, such as 0s or 30s.",
            discussion: "The service is eventually consistent too. Usually 30s.",
            valueName: "span"
        ),
        transform: span
    )
    var readLag: Duration?

    @Option(help: "How many clusters an account may have in a Region of a new world.")
    var clusterQuota = Quotas.serviceDefault.clusters

    @Option(help: "How many HSMs an account may have in a Region of a new world.")
    var hsmQuota = Quotas.serviceDefault.hsms

    @Option(help: "Decides the ids of a new world, and which calls the faults meet.")
    var seed: UInt64 = 1

    @Flag(help: "Activate clusters as soon as they are initialised, as their officer would.")
    var autoActivate = false

    @Option(
        name: .customLong("subnet"),
        help: ArgumentHelp(
            "The zone of a subnet; may be repeated.",
            discussion: """
                The API names only subnets; their zones are EC2's. Subnets not given get the \
                Region's zones a, b, c and so on in the order in which CreateCluster names them.
                """,
            valueName: "subnet-…=zone"
        ),
        transform: { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard
                parts.count == 2, let subnet = SubnetID(parts[0]),
                let zone = AvailabilityZone(parts[1])
            else { throw ValidationError("write it like subnet-0a1b2c3d=us-east-1a") }
            return (subnet, zone)
        }
    )
    var subnets: [(SubnetID, AvailabilityZone)] = []

    @Option(
        help: ArgumentHelp(
            "Begin a new world with clusters at rest in so many Regions, for benchmarks.",
            valueName: "regions"
        )
    )
    var fill: Int?

    @Option(help: "How many clusters --fill makes in each Region.")
    var fillClusters = 40

    @Option(help: "How many backups --fill makes of each cluster, copies included.")
    var fillBackups = 100

    func validate() throws {
        guard speed.isFinite, speed > 0, speed <= 1_000_000 else {
            throw ValidationError("--speed takes a number above 0, up to 1000000")
        }
        guard clusterQuota >= 0, hsmQuota >= 0 else {
            throw ValidationError("quotas are 0 or more")
        }
        guard !instant || readLag == nil || readLag == .zero else {
            throw ValidationError("with --instant, reads show everything: leave --read-lag out")
        }
        if let fill, !(1...SeededFleet.regions.count).contains(fill) {
            throw ValidationError("--fill takes 1 to \(SeededFleet.regions.count) Regions")
        }
        guard (1...10_000).contains(fillClusters), (1...10_000).contains(fillBackups) else {
            throw ValidationError("--fill-clusters and --fill-backups take 1 to 10000")
        }
    }

    private static func span(_ text: String) throws -> Duration {
        guard let span = Span.duration(text) else {
            throw ValidationError("'\(text)' is not a span; write it like 0s, 30s or 2m")
        }
        return span
    }
}

extension WorldOptions {
    /// How a new world behaves.
    var settings: SimulatorSettings {
        let quotas = Quotas(
            clusters: fill == nil ? clusterQuota : max(clusterQuota, fillClusters),
            hsms: fill == nil ? hsmQuota : max(hsmQuota, 2 * fillClusters)
        )
        if instant { return .immediate(seed: seed, quotas: quotas) }
        var settings = SimulatorSettings(seed: seed, quotas: quotas)
        settings.readLag = readLag ?? settings.readLag
        return settings
    }

    /// Opens or begins the world.
    ///
    /// - Parameter account: The account that `--fill` fills.
    /// - Returns: The world's store.
    /// - Throws: What the state directory and the simulated service throw.
    func open(filling account: AccountID) throws -> WorldStore {
        let start = start
        let fleet = fill.map { regions in
            SeededFleet(
                regionCount: regions,
                clustersPerRegion: fillClusters,
                backupsPerCluster: fillBackups,
                account: account,
                seed: seed
            )
        }
        let groups = fleet?.groups(at: start ?? .present) ?? []
        guard let state else {
            return try .inMemory(groups, from: start, settings: settings)
        }
        return try .inDirectory(
            state,
            beginningWith: groups,
            from: start,
            settings: settings,
            storage: allowVolatileState ? .any : .lasting
        )
    }
}

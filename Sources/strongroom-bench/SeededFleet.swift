import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// A fleet that follows from its sizes and a seed, and from nothing else.
struct SeededFleet: Hashable, Sendable {
    /// Decides every id.
    let seed: UInt64

    /// How many protection groups there are.
    let groups: Int

    /// How many backups each has, copies included.
    let backupsPerGroup: Int

    /// Its name.
    static let name = "bench"

    /// How many days the manifests have the service keep backups for.
    static let retentionDays = 90

    /// Every how many groups one is changed.
    static let groupsPerChange = 100

    /// What every account may have in a Region: as many clusters as AWS gives without asking.
    static let quotas = Quotas(clusters: 4, hsms: 12)

    /// The Regions, one after the other in each account.
    let regions: [Region]

    /// What the simulated service's clock shows.
    let now: Timestamp

    init(seed: UInt64, groups: Int, backupsPerGroup: Int) {
        self.seed = seed
        self.groups = groups
        self.backupsPerGroup = backupsPerGroup
        regions = [
            "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1",
            "eu-central-1", "ap-northeast-1", "ap-southeast-1", "sa-east-1",
        ].compactMap { Region($0) }
        // Any moment would do; a fixed one gives the same bytes in every run.
        now = Timestamp(milliseconds: 1_795_424_400_000)
    }

    /// How the simulated service behaves.
    var settings: SimulatorSettings { SimulatorSettings(seed: seed, quotas: Self.quotas) }

    /// The accounts, so many that the quotas hold.
    var accounts: [SeededAccount] {
        let clustersPerAccount = regions.count * Self.quotas.clusters
        return (0..<(groups + clustersPerAccount - 1) / clustersPerAccount).map(SeededAccount.init)
    }

    /// One cluster of the fleet.
    ///
    /// - Parameter number: From 0 to ``groups`` - 1.
    /// - Returns: The cluster.
    func cluster(_ number: Int) -> SeededCluster {
        let place = number / Self.quotas.clusters
        return SeededCluster(
            number: number,
            account: SeededAccount(number: place / regions.count),
            region: regions[place % regions.count],
            copyRegion: regions[(place + 1) % regions.count],
            seed: seed
        )
    }
}

/// An account of a seeded fleet.
struct SeededAccount: Hashable, Sendable {
    let number: Int

    /// The name manifests call it by.
    var name: String { "account-\(padded(number, to: 4))" }

    /// Its id.
    var id: String { padded(111_000_000_000 + number, to: 12) }
}

/// A cluster of a seeded fleet: where it is, and the bits everything else of it is made from.
struct SeededCluster: Hashable, Sendable {
    let number: Int
    let account: SeededAccount
    let region: Region
    let copyRegion: Region
    let seed: UInt64

    /// The manifest's name for it.
    var name: String { "cluster-\(padded(number, to: 6))" }

    /// The team that owns it.
    var team: String { "team-\(number % 37)" }

    /// The zones it has HSMs in, each with its subnet.
    var subnets: [(zone: String, subnet: String)] {
        [("\(region)a", "subnet-0a1b2c3d4e"), ("\(region)b", "subnet-1a2b3c4d5e")]
    }

    /// The tags its manifest names.
    var tags: [(key: String, value: String)] {
        [("cost-center", padded(number % 10_000, to: 5)), ("owner", team)]
    }

    /// Bits that no other cluster of the fleet has.
    var bits: SeededBits { SeededBits(seed: seed &* 0x9E37_79B9 &+ UInt64(number)) }

    /// What is changed in one cluster of a hundred, if anything is in this one.
    var change: SeededChange? {
        guard number % SeededFleet.groupsPerChange == 0 else { return nil }
        return number / SeededFleet.groupsPerChange % 2 == 0 ? .anotherHSM : .longerRetention
    }
}

/// A change in a manifest.
enum SeededChange: Hashable, Sendable {
    /// Three HSMs instead of two.
    case anotherHSM
    /// Backups kept for 30 days more.
    case longerRetention
}

/// SplitMix64: the same bits on every machine and in every run.
struct SeededBits: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A number with zeros before it.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

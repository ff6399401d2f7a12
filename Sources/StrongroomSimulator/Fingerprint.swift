internal import CloudHSM
internal import StrongroomModel

/// Bits that follow from what was put in, and from nothing else.
///
/// FNV-1a over the bytes, then the finaliser of SplitMix64: the same on every machine and in every
/// run, unlike `Hasher`.
struct Fingerprint: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Begins with a world's seed.
    init(seed: UInt64) {
        mix(seed)
    }

    /// Begins with a world's seed and one of its groups.
    init(seed: UInt64, group: GroupID) {
        self.init(seed: seed)
        mix(group.home)
        mix(group.cluster.description)
    }

    mutating func mix(_ number: UInt64) {
        for shift in stride(from: 0, to: UInt64(64), by: 8) {
            mix(byte: UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func mix(_ text: String) {
        for byte in text.utf8 { mix(byte: byte) }
        mix(byte: 0xFF)
    }

    mutating func mix(_ place: Place) {
        mix(place.account.description)
        mix(place.region.description)
    }

    /// The bits.
    var bits: UInt64 {
        var mixed = state &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Seventeen hexadecimal digits, as the ids of EC2 have.
    var hexadecimal: String {
        let digits = String(bits, radix: 16)
        return "0" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func mix(byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}

extension Fingerprint {
    /// The bits of a request to make a cluster, so that equal requests in equal worlds make equal
    /// ids, whatever else happens at the same time.
    init(seed: UInt64, request: CreateCluster, at home: Place) {
        self.init(seed: seed)
        mix(home)
        mix(request.hsmType.description)
        mix(request.mode.rawValue)
        mix(request.networkType.rawValue)
        mix(UInt64(request.retention.days))
        mix(request.sourceBackup?.description ?? "")
        for (zone, subnet) in request.subnets.sorted(by: { $0.key < $1.key }) {
            mix(zone.description)
            mix(subnet.description)
        }
        for (key, value) in request.tags.sorted(by: { $0.key < $1.key }) {
            mix(key)
            mix(value)
        }
    }
}

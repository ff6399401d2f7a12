import CloudHSM

/// Seeded chance: the same seed always gives the same messages.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// Any 64 bits (SplitMix64).
    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(bits() % UInt64(range.count))
    }

    /// Heads or tails.
    mutating func coin() -> Bool { bits() & 1 == 1 }

    /// One of some.
    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[number(0...(elements.count - 1))]
    }

    /// Something or nothing.
    mutating func maybe<Value>(_ value: (inout Chance) -> Value) -> Value? {
        coin() ? value(&self) : nil
    }

    /// A text of the letters given.
    mutating func text(_ letters: String, _ length: ClosedRange<Int>) -> String {
        let letters = Array(letters)
        return String((0..<number(length)).map { _ in one(of: letters) })
    }
}

extension Chance {
    mutating func cluster() -> ClusterID { ClusterID(bits: bits()) }
    mutating func backup() -> BackupID { BackupID(bits: bits()) }
    mutating func hsm() -> HSMID { HSMID(bits: bits()) }

    mutating func region() -> Region {
        one(
            of: ["us-east-1", "eu-west-1", "us-gov-west-1", "ap-southeast-2"].compactMap(
                Region.init
            )
        )
    }

    mutating func account() -> AccountID? { AccountID(text("0123456789", 12...12)) }

    /// A moment with any milliseconds, from 1970 to 2090.
    mutating func moment() -> Timestamp {
        Timestamp(milliseconds: Int64(number(0...3_786_912_000_000)))
    }

    mutating func hexadecimal(_ prefix: String) -> String {
        prefix + text("0123456789abcdef", 8...17)
    }

    mutating func address() -> String {
        (0..<4).map { _ in "\(number(0...255))" }.joined(separator: ".")
    }

    /// Tags as the service takes them, non-ASCII letters among them.
    mutating func tags(_ count: ClosedRange<Int>) -> [String: String] {
        let letters = "abcXYZ019 _.:/=+-@äß日"
        var tags: [String: String] = [:]
        for _ in 0..<number(count) { tags[text(letters, 1...128)] = text(letters, 0...256) }
        return tags
    }

    mutating func type() -> HSMType { coin() ? .hsm1Medium : .hsm2mMedium }
}

/// The id of a cluster, an HSM or a backup, checked once and held in twelve bytes.
///
/// The service writes `cluster-`, `hsm-` or `backup-` and then 11 to 16 of `[2-7a-zA-Z]`.
/// Source: botocore service model cloudhsmv2/2017-04-28 (`API`), patterns of the three ids.
public struct ResourceID<Kind: ResourceKind>: Hashable, Sendable {
    /// The sixteen letters, six bits each, the first ones highest: 64 of the 96 bits.
    private let head: UInt64

    /// The remaining 32 bits.
    private let tail: UInt32

    /// Reads an id.
    ///
    /// It is `nil` if the service would never write it so.
    ///
    /// - Parameter text: The whole id, prefix included.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        guard let id = copy.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = id
    }

    /// Reads an id from bytes without making a string, for readers of large files.
    ///
    /// It is `nil` if the service would never write it so.
    ///
    /// - Parameter utf8: The whole id, prefix included.
    public init?(utf8: UnsafeBufferPointer<UInt8>) {
        let prefix = Kind.prefix
        guard
            (prefix.utf8CodeUnitCount + 11...prefix.utf8CodeUnitCount + 16).contains(utf8.count)
        else { return nil }
        for index in 0..<prefix.utf8CodeUnitCount where prefix.utf8Start[index] != utf8[index] {
            return nil
        }
        let suffix = UnsafeBufferPointer(rebasing: utf8[prefix.utf8CodeUnitCount...])
        guard let letters = SuffixLetters(suffix) else { return nil }
        (head, tail) = letters.packed
    }

    /// Makes an id of the published sample length from bits: eleven of `[a-z2-7]`.
    ///
    /// - Parameter bits: Any bits; the lowest 55 decide the id.
    public init(bits: UInt64) {
        let letters = (0..<11).map { place in
            SuffixAlphabet.base32[Int(bits >> UInt64(5 * place) & 31)]
        }
        (head, tail) = letters.withUnsafeBufferPointer { SuffixLetters($0)?.packed ?? (0, 0) }
    }

    /// The characters behind the prefix.
    public var suffix: String {
        let codes = SuffixLetters(head: head, tail: tail).codes
        return String(decoding: codes.map(SuffixAlphabet.letter(of:)), as: UTF8.self)
    }
}

extension ResourceID: Comparable {
    /// Orders as the written ids do.
    public static func < (left: Self, right: Self) -> Bool {
        (left.head, left.tail) < (right.head, right.tail)
    }
}

extension ResourceID: CustomStringConvertible {
    /// The id as the service writes it.
    public var description: String { "\(Kind.prefix)\(suffix)" }
}

extension ResourceID: TextCodable {}

/// What an id names.
public protocol ResourceKind: Sendable {
    /// What ids of the kind begin with, hyphen included.
    static var prefix: StaticString { get }
}

/// Names the kind of ``ClusterID``.
public enum ClusterKind: ResourceKind {
    /// What a cluster's id begins with.
    public static var prefix: StaticString { "cluster-" }
}

/// Names the kind of ``HSMID``.
public enum HSMKind: ResourceKind {
    /// What an HSM's id begins with.
    public static var prefix: StaticString { "hsm-" }
}

/// Names the kind of ``BackupID``.
public enum BackupKind: ResourceKind {
    /// What a backup's id begins with.
    public static var prefix: StaticString { "backup-" }
}

/// The id of a cluster.
public typealias ClusterID = ResourceID<ClusterKind>

/// The id of an HSM; it changes when the service replaces the hardware (``HSM/isSameHSM(as:)``).
public typealias HSMID = ResourceID<HSMKind>

/// The id of a backup or of a copy.
public typealias BackupID = ResourceID<BackupKind>

/// Up to sixteen letters of an id's suffix by number: two halves of eight, six bits each.
private struct SuffixLetters {
    private let first: UInt64
    private let second: UInt64

    init(head: UInt64, tail: UInt32) {
        first = head >> 16
        second = (head & 0xFFFF) << 32 | UInt64(tail)
    }

    /// Reads 8 to 16 letters; `nil` if one is not of the alphabet.
    init?(_ suffix: UnsafeBufferPointer<UInt8>) {
        var halves: (UInt64, UInt64) = (0, 0)
        for place in 0..<8 {
            guard let code = SuffixAlphabet.code(of: suffix[place]) else { return nil }
            halves.0 = halves.0 << 6 | UInt64(code)
        }
        for place in 8..<suffix.count {
            guard let code = SuffixAlphabet.code(of: suffix[place]) else { return nil }
            halves.1 = halves.1 << 6 | UInt64(code)
        }
        first = halves.0
        second = halves.1 << UInt64(6 * (16 - suffix.count))
    }

    /// The numbers up to the first zero, which stands for no letter.
    var codes: [UInt8] {
        (0..<16).map { place in
            let half = place < 8 ? first : second
            return UInt8(truncatingIfNeeded: half >> UInt64(42 - 6 * (place & 7)) & 63)
        }.prefix { $0 > 0 }.map { $0 }
    }

    var packed: (head: UInt64, tail: UInt32) {
        (first << 16 | second >> 32, UInt32(truncatingIfNeeded: second))
    }
}

/// The letters of an id's suffix, numbered from 1 in the order of ASCII, so that ids sort as text.
private enum SuffixAlphabet {
    static let base32 = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func code(of letter: UInt8) -> UInt8? {
        switch letter {
        case 0x32...0x37: letter - 0x32 + 1
        case 0x41...0x5A: letter - 0x41 + 7
        case 0x61...0x7A: letter - 0x61 + 33
        default: nil
        }
    }

    static func letter(of code: UInt8) -> UInt8 {
        switch code {
        case 1...6: code - 1 + 0x32
        case 7...32: code - 7 + 0x41
        default: code - 33 + 0x61
        }
    }
}

/// A Region of the service, held in four bytes.
///
/// Written `[a-z]{2}(-gov)?-` + one or two of east, west, north, south, central + `-digit`.
/// Source: botocore service model (`API`), pattern of `Region`.
public struct Region: Hashable, Sendable {
    /// 0 is no Region; otherwise country (10 bits), gov (1), direction (5), digit (4), plus 1.
    let code: UInt32

    init?(code: UInt32) {
        guard code > 0 else { return nil }
        self.code = code
    }

    /// Reads a Region's name.
    ///
    /// It is `nil` if no Region could be called so.
    ///
    /// - Parameter text: For example `us-east-1`.
    public init?(_ text: String) {
        var text = text
        guard let region = text.withUTF8({ Region(utf8: $0) }) else { return nil }
        self = region
    }

    /// Reads a Region's name from bytes without making a string.
    ///
    /// It is `nil` if no Region could be called so.
    ///
    /// - Parameter utf8: For example the bytes of `us-east-1`.
    public init?(utf8: UnsafeBufferPointer<UInt8>) {
        guard utf8.count >= 9, utf8.count <= 24, utf8[2] == Self.hyphen else { return nil }
        let letters = 0x61...0x7A as ClosedRange<UInt8>
        guard letters.contains(utf8[0]), letters.contains(utf8[1]) else { return nil }
        var rest = utf8[3...]
        let isGov = rest.starts(with: "gov-".utf8)
        if isGov { rest = rest.dropFirst(4) }
        guard
            let digit = rest.last, (0x30...0x39).contains(digit),
            rest.dropLast().last == Self.hyphen,
            let direction = Self.directions.firstIndex(where: { $0.elementsEqual(rest.dropLast(2)) }
            )
        else { return nil }
        let country = UInt32(utf8[0] - 0x61) << 5 | UInt32(utf8[1] - 0x61)
        code =
            (country << 10 | (isGov ? 1 : 0) << 9 | UInt32(direction) << 4 | UInt32(digit - 0x30))
            + 1
    }

    /// The partition the Region belongs to.
    ///
    /// The ARN pattern admits only `aws` and `aws-us-gov`; other partitions have no CloudHSM
    /// endpoint. Source: `API`, `GR` ("China, EU sovereign, ISO partitions").
    public var partition: Partition? {
        let name = description
        if (code - 1) >> 9 & 1 == 1 { return name.hasPrefix("us-gov-") ? .awsUSGov : nil }
        return name.hasPrefix("cn-") ? nil : .aws
    }

    private static let hyphen: UInt8 = 0x2D

    /// Every direction the pattern admits, in an order that never changes.
    private static let directions: [[UInt8]] = {
        let words = ["central", "east", "north", "south", "west"]
        let all = words + words.flatMap { first in words.map { first + $0 } }
        return all.sorted().map { Array($0.utf8) }
    }()
}

extension Region: LosslessStringConvertible, TextCodable {
    /// The Region's name.
    public var description: String {
        let bits = code - 1
        var bytes: [UInt8] = [
            UInt8(bits >> 15 & 31) + 0x61, UInt8(bits >> 10 & 31) + 0x61, Self.hyphen,
        ]
        if bits >> 9 & 1 == 1 { bytes += Array("gov-".utf8) }
        bytes += Self.directions[Int(bits >> 4 & 31)]
        bytes += [Self.hyphen, UInt8(bits & 15) + 0x30]
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Region: Comparable {
    /// Orders by country, then gov after the others, then direction and digit.
    public static func < (left: Region, right: Region) -> Bool { left.code < right.code }
}

/// A set of Regions that share nothing with the others; backups are never copied across.
public enum Partition: String, Sendable, Codable {
    /// The commercial Regions.
    case aws
    /// AWS GovCloud (US).
    case awsUSGov = "aws-us-gov"
}

/// An Availability Zone: a Region and one letter, never a Local Zone.
///
/// Source: botocore service model (`API`), pattern of `ExternalAz`.
public struct AvailabilityZone: Hashable, Sendable, LosslessStringConvertible, TextCodable {
    /// The Region the zone lies in.
    public let region: Region

    private let letter: UInt8

    /// Reads a zone's name.
    ///
    /// - Parameter text: For example `us-east-1a`.
    public init?(_ text: String) {
        guard
            let letter = text.utf8.last, (0x61...0x7A).contains(letter),
            let region = Region(String(text.dropLast()))
        else { return nil }
        self.region = region
        self.letter = letter
    }

    /// The zone's name.
    public var description: String { "\(region)\(Character(UnicodeScalar(letter)))" }
}

extension AvailabilityZone: Comparable {
    /// Orders by Region, then letter.
    public static func < (left: AvailabilityZone, right: AvailabilityZone) -> Bool {
        (left.region, left.letter) < (right.region, right.letter)
    }
}

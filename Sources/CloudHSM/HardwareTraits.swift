/// The type of an HSM.
///
/// At most 32 characters: optional `p`, then `hsm`, one digit, lower-case letters or dots, a dot,
/// letters. Source: `API`, pattern of `HsmType`; real values per `UG+:hsm-types`.
public struct HSMType: Hashable, Sendable, LosslessStringConvertible, TextCodable {
    /// The first type: FIPS only; new clusters are refused since April 2025 (`FIELD`, `UG+`).
    public static let hsm1Medium = HSMType(verbatim: "hsm1.medium")

    /// Today's type (`UG+:hsm-types`).
    public static let hsm2mMedium = HSMType(verbatim: "hsm2m.medium")

    /// The type as the service writes it.
    public let description: String

    /// Reads a type.
    ///
    /// - Parameter text: For example `hsm2m.medium`.
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if rest.first == 0x70 { rest = rest.dropFirst() }
        guard text.utf8.count <= 32, rest.starts(with: "hsm".utf8) else { return nil }
        rest = rest.dropFirst(3)
        guard let digit = rest.popFirst(), (0x30...0x39).contains(digit) else { return nil }
        let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte) }
        guard
            let dot = rest.lastIndex(of: 0x2E), dot + 1 < rest.endIndex,
            rest[(dot + 1)...].allSatisfy(isLetter),
            rest[..<dot].allSatisfy({ isLetter($0) || $0 == 0x2E })
        else { return nil }
        description = text
    }

    private init(verbatim: String) {
        description = verbatim
    }
}

/// What a type can do.
///
/// Source: fact sheet, section 15 (`UG+:hsm-types`, `UG+:cluster-hsm-types`, `UG+:limits`).
extension HSMType {
    /// When the service stops supporting the type; `nil` where no end is announced.
    ///
    /// Source: `UG+:compliance-dep-notif`; an earlier notice said 2025-12-01.
    public var endOfSupport: Timestamp? {
        self == .hsm1Medium ? Timestamp("2026-03-31T00:00:00Z") : nil
    }

    /// Whether CreateCluster takes the type; hsm1.medium is refused since April 2025 (`FIELD`).
    public var isOffered: Bool { self == .hsm2mMedium }

    /// The modes its clusters can have.
    public var modes: Set<ClusterMode> { self == .hsm1Medium ? [.fips] : [.fips, .nonFIPS] }

    /// Whether its clusters can have IPv6 addresses beside IPv4 ones.
    public var supportsDualStack: Bool { self != .hsm1Medium }

    /// Whether a backup taken on this type can be restored on another.
    ///
    /// - Parameter other: The type of the new cluster.
    /// - Returns: Whether they fit; never from a newer type to an older one.
    public func restores(on other: HSMType) -> Bool {
        self == other || (self == .hsm1Medium && other == .hsm2mMedium)
    }

    /// How much one cluster holds; `nil` for a type this version does not know.
    public var capacity: HSMCapacity? {
        switch self {
        case .hsm1Medium: HSMCapacity(keys: 3_300, asymmetricKeys: 3_300, users: 250)
        case .hsm2mMedium: HSMCapacity(keys: 16_666, asymmetricKeys: 3_333, users: 1_024)
        default: nil
        }
    }
}

/// How many keys and users a cluster holds.
public struct HSMCapacity: Hashable, Sendable {
    /// Keys in all.
    public let keys: Int

    /// Asymmetric keys among them.
    public let asymmetricKeys: Int

    /// Users; an older page says 1,024 for hsm1.medium, too.
    public let users: Int
}

/// Whether a cluster accepts only FIPS-validated keys and algorithms; fixed at creation.
///
/// Source: `API`, enum `ClusterMode`; `UG+:cluster-hsm-types`.
public enum ClusterMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// FIPS-validated keys and algorithms only.
    case fips = "FIPS"
    /// Any key and algorithm; hsm2m.medium only.
    case nonFIPS = "NON_FIPS"
}

/// The addresses of a cluster's interfaces; fixed at creation.
///
/// Source: `API`, enum `NetworkType`.
public enum NetworkType: String, Hashable, Sendable, Codable, CaseIterable {
    /// IPv4 only, the service's default.
    case ipv4 = "IPV4"
    /// IPv4 and IPv6; the VPC and subnets need IPv6, and the type must be hsm2m.medium.
    case dualStack = "DUALSTACK"
}

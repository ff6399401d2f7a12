/// The id of a subnet: `subnet-` and 8 to 17 hexadecimal digits.
///
/// Source: botocore service model (`API`), pattern of `SubnetId`.
public struct SubnetID: Hashable, Sendable, Comparable, LosslessStringConvertible, TextCodable {
    /// The id as the service writes it.
    public let description: String

    /// Reads a subnet's id.
    ///
    /// - Parameter text: The whole id.
    public init?(_ text: String) {
        guard isHexID(text, prefix: "subnet-") else { return nil }
        description = text
    }

    /// Orders as text.
    public static func < (left: SubnetID, right: SubnetID) -> Bool {
        left.description < right.description
    }
}

/// The id of a network interface: `eni-` and 8 to 17 hexadecimal digits.
///
/// An HSM keeps its interface when the service replaces its hardware.
/// Source: botocore service model (`API`); terraform-provider-aws pull request 12435.
public struct ENIID: Hashable, Sendable, Comparable, LosslessStringConvertible, TextCodable {
    /// The id as the service writes it.
    public let description: String

    /// Reads an interface's id.
    ///
    /// - Parameter text: The whole id.
    public init?(_ text: String) {
        guard isHexID(text, prefix: "eni-") else { return nil }
        description = text
    }

    /// Orders as text.
    public static func < (left: ENIID, right: ENIID) -> Bool {
        left.description < right.description
    }
}

/// An AWS account: twelve digits.
public struct AccountID: Hashable, Sendable, Comparable, LosslessStringConvertible, TextCodable {
    /// The account used where a fleet names none: only the simulated service knows it.
    public static let simulated = AccountID(number: 0)

    private let number: UInt64

    private init(number: UInt64) {
        self.number = number
    }

    /// Reads an account id.
    ///
    /// - Parameter text: Exactly twelve digits.
    public init?(_ text: String) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(text)
        else { return nil }
        self.number = number
    }

    /// The twelve digits.
    public var description: String {
        let digits = String(number)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// Orders by number, which is as text.
    public static func < (left: AccountID, right: AccountID) -> Bool { left.number < right.number }
}

private func isHexID(_ text: String, prefix: String) -> Bool {
    guard text.hasPrefix(prefix) else { return false }
    let digits = text.utf8.dropFirst(prefix.utf8.count)
    return (8...17).contains(digits.count)
        && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

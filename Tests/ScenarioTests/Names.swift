import CloudHSM
import StrongroomModel

/// A value written down; a wrong one stops the test.
func value<Value: LosslessStringConvertible>(_ text: String) -> Value {
    guard let value = Value(text) else { preconditionFailure("\(text) is none") }
    return value
}

/// Where the random worlds lie.
enum Geography {
    static let account: AccountID = value("111122223333")
    static let regions: [Region] = ["us-east-1", "eu-west-1", "ap-south-1"].map { value($0) }

    /// The zones of a Region that clusters have subnets in.
    static func zones(of region: Region) -> [AvailabilityZone] {
        ["a", "b", "c"].map { value("\(region)\($0)") }
    }

    /// A subnet for each of so many zones.
    static func subnets(in region: Region, count: Int) -> [AvailabilityZone: SubnetID] {
        let pairs = zones(of: region).prefix(count).enumerated().map { index, zone in
            (zone, value("subnet-0a1b2c3\(index)") as SubnetID)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

extension Located {
    /// A value of which nobody asks where it was written.
    static func somewhere(_ value: Value, line: Int = 1) -> Located {
        Located(value, at: SourceLocation(file: "fleet.yaml", line: line, column: 1))
    }
}

/// The moment every world begins at.
let beginning: Timestamp = value("2026-11-02T09:00:00Z")

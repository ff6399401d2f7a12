import CloudHSM
import StrictJSON

/// The members that the objects of a listing have, and what is refused of them in a file.
///
/// Over the wire an unknown member is a newer service's. A file may have passed through somebody's
/// hands: there a member that is a letter off is a slip, and one that is passed over can lose a
/// backup, such as `NeverExpire`.
struct ListingShape {
    private let members: [String]
    private let moments: Set<String>
    private let counts: Set<String>
    private let inner: [String: ListingShape]

    private init(
        _ members: [String],
        moments: Set<String> = [],
        counts: Set<String> = [],
        inner: [String: ListingShape] = [:]
    ) {
        self.members = members + moments + counts + inner.keys
        self.moments = moments
        self.counts = counts
        self.inner = inner
    }

    /// Something in a listing that is refused.
    struct Fault {
        let reason: JSONRefusal.Reason
        let path: JSONPath
        let part: JSONInspection.Part
    }

    /// The first thing in a value that is refused.
    ///
    /// - Parameters:
    ///   - tree: An object of this shape, or a list of them.
    ///   - path: Where it stands.
    /// - Returns: The fault; `nil` if there is none.
    func firstFault(in tree: JSONTree, at path: JSONPath = JSONPath()) -> Fault? {
        switch tree {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let fault = firstFault(in: element, at: path.index(index)) { return fault }
            }
        case .object(let object):
            for member in object.members {
                if let fault = fault(of: member, at: path.key(member.key)) { return fault }
            }
        case .null, .bool, .number, .string: break
        }
        return nil
    }

    private func fault(of member: JSONObject.Member, at path: JSONPath) -> Fault? {
        if let near = KeySpelling.near(member.key, among: members) {
            let reason = JSONRefusal.Reason.unknownKey(member.key, near: near)
            return Fault(reason: reason, path: path, part: .key)
        }
        if let shape = inner[member.key] { return shape.firstFault(in: member.value, at: path) }
        let words =
            moments.contains(member.key)
            ? Self.words(againstMoment: member.value)
            : counts.contains(member.key) ? Self.words(againstCount: member.value) : nil
        return words.map { Fault(reason: .wrongValue($0), path: path, part: .value) }
    }

    /// A time without a zone is another moment for every reader.
    private static func words(againstMoment value: JSONTree) -> String? {
        switch value {
        case .string(let text):
            Timestamp(text) == nil && Timestamp("\(text)Z") != nil
                ? "the time \"\(text)\" has no time zone; write \"\(text)Z\" if it is UTC" : nil
        case .number(let number): words { () throws(JSONNumber.Fault) in _ = try number.decimal() }
        case .null, .bool, .array, .object: nil
        }
    }

    private static func words(againstCount value: JSONTree) -> String? {
        switch value {
        case .string(let text):
            Int(text).map { "\($0)" != text } == true
                ? "\"\(text)\" is not how a number is written here" : nil
        case .number(let number): words { () throws(JSONNumber.Fault) in _ = try number.count() }
        case .null, .bool, .array, .object: nil
        }
    }

    private static func words(_ check: () throws(JSONNumber.Fault) -> Void) -> String? {
        do throws(JSONNumber.Fault) {
            try check()
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Source: `API`, the output shapes of DescribeClusters and DescribeBackups.
extension ListingShape {
    /// A listing of clusters.
    static let clusters = ListingShape(["NextToken"], inner: ["Clusters": cluster])

    /// A listing of backups.
    static let backups = ListingShape(["NextToken"], inner: ["Backups": backup])

    /// A listing that does not say of what.
    static let any = ListingShape(["Backups", "Clusters", "NextToken"])

    private static let cluster = ListingShape(
        [
            "BackupPolicy", "ClusterId", "HsmType", "Mode", "NetworkType", "PreCoPassword",
            "SecurityGroup", "SourceBackupId", "State", "StateMessage", "SubnetMapping", "VpcId",
        ],
        moments: ["CreateTimestamp", "HsmTypeRollbackExpiration"],
        inner: [
            "BackupRetentionPolicy": ListingShape(["Type"], counts: ["Value"]),
            "Certificates": certificates, "Hsms": hsm, "TagList": tag,
        ]
    )

    private static let hsm = ListingShape([
        "AvailabilityZone", "ClusterId", "EniId", "EniIp", "EniIpV6", "HsmId", "HsmType", "State",
        "StateMessage", "SubnetId",
    ])

    private static let certificates = ListingShape([
        "AwsHardwareCertificate", "ClusterCertificate", "ClusterCsr", "HsmCertificate",
        "ManufacturerHardwareCertificate",
    ])

    private static let backup = ListingShape(
        [
            "BackupArn", "BackupId", "BackupState", "ClusterId", "HsmType", "Mode", "NeverExpires",
            "SourceBackup", "SourceCluster", "SourceRegion",
        ],
        moments: ["CopyTimestamp", "CreateTimestamp", "DeleteTimestamp"],
        inner: ["TagList": tag]
    )

    private static let tag = ListingShape(["Key", "Value"])
}

internal import CSimdJSON
internal import CloudHSM

/// Reads a cluster in the API's names.
///
/// `PreCoPassword`, a secret the service can return, is passed over and never kept.
final class ClusterReader {
    private enum Key: Int, RecordKey {
        case backupPolicy, retention, certificates, id, createdAt, hsmType, rollback, hsms, mode
        case networkType, secret, securityGroup, sourceBackup, state, stateMessage, subnets, tags
        case vpc

        static let names: [StaticString] = [
            "BackupPolicy", "BackupRetentionPolicy", "Certificates", "ClusterId",
            "CreateTimestamp", "HsmType", "HsmTypeRollbackExpiration", "Hsms", "Mode",
            "NetworkType", "PreCoPassword", "SecurityGroup", "SourceBackupId", "State",
            "StateMessage", "SubnetMapping", "TagList", "VpcId",
        ]
    }

    private let record = JSONRecord<Key>()
    private let retention = RetentionReader()
    private let hsms = HSMReader()
    private let tagList = TagListReader()

    /// Reads a cluster.
    ///
    /// - Parameters:
    ///   - slot: The object.
    ///   - id: The cluster the file belongs to.
    /// - Returns: The cluster.
    /// - Throws: For another cluster, and for a field that is missing, twice there or unfit.
    func read(_ slot: csj_slot, as id: ClusterID) throws(JSONFault) -> Cluster {
        try record.read(slot)
        let found: ClusterID = try record.require(
            .id,
            try record.id(.id, expected: "a cluster id")
        )
        guard found == id else {
            let problem = StateError.ContentProblem.otherCluster(
                found: found.description,
                expected: id.description
            )
            throw JSONFault("ClusterId", problem)
        }
        var cluster = Cluster(
            id: id,
            state: try record.require(.state, try record.text(.state, expected: "a state")),
            hsmType: try record.require(
                .hsmType,
                try record.text(.hsmType, expected: "an HSM type")
            ),
            subnets: try subnets(),
            retention: try retention.read(record[.retention])
        )
        cluster.stateMessage = try record.string(.stateMessage)
        cluster.typeRollbackExpiration = try record.timestamp(.rollback)
        cluster.mode = try record.word(.mode)
        cluster.networkType = try record.word(.networkType)
        cluster.vpc = try record.string(.vpc)
        cluster.securityGroup = try record.string(.securityGroup)
        cluster.sourceBackup = try record.id(.sourceBackup, expected: "a backup id")
        cluster.createdAt = try record.timestamp(.createdAt)
        cluster.certificates = try JSONTree.strings(record[.certificates], at: "Certificates")
        cluster.tags = try tagList.read(record[.tags])
        cluster.hsms = try hsms.read(record[.hsms], of: id)
        cluster.unknownFields = try unknownFields()
        return cluster
    }

    private func subnets() throws(JSONFault) -> [AvailabilityZone: SubnetID] {
        var subnets: [AvailabilityZone: SubnetID] = [:]
        let names = try JSONTree.strings(record[.subnets], at: "SubnetMapping")
        for (name, text) in names.sorted(by: { $0.key < $1.key }) {
            guard let zone = AvailabilityZone(name) else {
                throw JSONFault("SubnetMapping.\(name)", .unknownKey)
            }
            guard let subnet = SubnetID(text) else {
                let problem = StateError.ContentProblem.unexpected(
                    found: "\"\(text.printable(upTo: 60))\"",
                    expected: "a subnet id"
                )
                throw JSONFault("SubnetMapping.\(name)", problem)
            }
            subnets[zone] = subnet
        }
        return subnets
    }

    /// What this version does not know, and a backup policy other than the only documented one.
    private func unknownFields() throws(JSONFault) -> [String: JSONValue] {
        var fields = try record.unknownFields()
        if let policy = try record.string(.backupPolicy), policy != ClusterWriter.backupPolicy {
            fields["BackupPolicy"] = .string(policy)
        }
        return fields
    }
}

/// Reads retention policies: Value is a string as documented, or a number, or missing.
///
/// Source: fact sheet, section 8: support can switch the policy off, and absent is not 90.
private final class RetentionReader {
    private enum Key: Int, RecordKey {
        case type, value
        static let names: [StaticString] = ["Type", "Value"]
    }

    private let record = JSONRecord<Key>()

    func read(_ slot: csj_slot) throws(JSONFault) -> RetentionPolicy {
        guard slot.type != .absent else { return .unmanaged }
        do throws(JSONFault) {
            try record.readClosed(slot)
            if let type = try record.string(.type), type != "DAYS" {
                throw record.unexpected(.type, expected: "\"DAYS\"")
            }
            return try days()
        } catch {
            throw error.under("BackupRetentionPolicy")
        }
    }

    private func days() throws(JSONFault) -> RetentionPolicy {
        let value = record[.value]
        guard value.type != .absent else { return .unmanaged }
        let days = value.type == .integer ? Int(value.integer) : value.string.flatMap(Self.whole)
        guard let days, (1...Self.mostDays).contains(days) else {
            throw record.unexpected(.value, expected: "a number of days, 1 to \(Self.mostDays)")
        }
        return .days(days)
    }

    /// A number only as it would be written: 090 and +90 are read differently by others.
    private static func whole(_ text: String) -> Int? {
        Int(text).flatMap { "\($0)" == text ? $0 : nil }
    }

    /// The API's pattern has three digits; four leave room for clusters older than the feature.
    private static let mostDays = 9_999
}

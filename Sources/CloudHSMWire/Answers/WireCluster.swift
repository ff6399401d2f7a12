internal import CloudHSM

/// A cluster as answers hold it.
///
/// `PreCoPassword`, a secret, is known and never read.
struct WireCluster: WireItem {
    static let memberName: WireKey = "Cluster"
    static let listName: WireKey = "Clusters"

    let cluster: Cluster

    private static let known: Set<WireKey> = [
        "BackupPolicy", "BackupRetentionPolicy", "Certificates", "ClusterId", "CreateTimestamp",
        "HsmType", "HsmTypeRollbackExpiration", "Hsms", "Mode", "NetworkType", "PreCoPassword",
        "SecurityGroup", "SourceBackupId", "State", "StateMessage", "SubnetMapping", "TagList",
        "VpcId",
    ]

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        var cluster = Cluster(
            id: try fields.required("ClusterId"),
            state: try fields.required("State"),
            hsmType: try fields.required("HsmType"),
            subnets: try Self.subnets(fields),
            retention: try fields.value("BackupRetentionPolicy", as: WireRetention.self)?.policy
                ?? .unmanaged
        )
        cluster.stateMessage = try fields.value("StateMessage")
        cluster.typeRollbackExpiration = try fields.moment("HsmTypeRollbackExpiration")
        cluster.mode = try fields.word("Mode")
        cluster.networkType = try fields.word("NetworkType")
        cluster.vpc = try fields.value("VpcId")
        cluster.securityGroup = try fields.value("SecurityGroup")
        cluster.sourceBackup = try fields.value("SourceBackupId")
        cluster.createdAt = try fields.moment("CreateTimestamp")
        cluster.certificates =
            try fields.value("Certificates", as: [String: String?].self)?.compactMapValues(\.self)
            ?? [:]
        cluster.tags = try fields.value("TagList", as: WireTags.self)?.tags ?? [:]
        cluster.hsms = try fields.value("Hsms", as: [WireHSM].self)?.map(\.hsm) ?? []
        cluster.unknownFields = try fields.unknown(apartFrom: Self.known)
        if let policy: String = try fields.value("BackupPolicy"), policy != "DEFAULT" {
            cluster.unknownFields["BackupPolicy"] = .string(policy)
        }
        self.cluster = cluster
    }

    private static func subnets(_ fields: WireFields) throws -> [AvailabilityZone: SubnetID] {
        var subnets: [AvailabilityZone: SubnetID] = [:]
        let mapping = try fields.value("SubnetMapping", as: [String: SubnetID].self) ?? [:]
        for (name, subnet) in mapping {
            guard let zone = AvailabilityZone(name) else {
                throw fields.fault("SubnetMapping", "\"\(name)\" is no Availability Zone")
            }
            subnets[zone] = subnet
        }
        return subnets
    }
}

/// A retention policy: Value is text as documented, or a number, or missing.
///
/// Source: fact sheet, section 8: support can switch the policy off, and absent is not 90.
private struct WireRetention: Decodable {
    let policy: RetentionPolicy

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        if let type: String = try fields.value("Type"), type != "DAYS" {
            throw fields.fault("Type", "\"\(type)\" is not DAYS")
        }
        guard let value = try fields.value("Value", as: JSONValue.self) else {
            policy = .unmanaged
            return
        }
        guard let days = Self.days(value), (1...Self.mostDays).contains(days) else {
            throw fields.fault("Value", "it is no number of days")
        }
        policy = .days(days)
    }

    private static func days(_ value: JSONValue) -> Int? {
        switch value {
        case .string(let text): Int(text)
        case .integer(let number): Int(number)
        case .null, .bool, .number, .array, .object: nil
        }
    }

    /// The API's pattern has three digits; four leave room for clusters older than the feature.
    private static let mostDays = 9_999
}

/// An HSM as answers hold it; its cluster is the one it is listed in.
struct WireHSM: WireItem {
    static let memberName: WireKey = "Hsm"
    static let listName: WireKey = "Hsms"

    let hsm: HSM

    private static let known: Set<WireKey> = [
        "AvailabilityZone", "ClusterId", "EniId", "EniIp", "EniIpV6", "HsmId", "HsmType", "State",
        "StateMessage", "SubnetId",
    ]

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        hsm = HSM(
            id: try fields.required("HsmId"),
            zone: try fields.value("AvailabilityZone"),
            subnet: try fields.value("SubnetId"),
            eni: try fields.value("EniId"),
            address: try fields.value("EniIp"),
            address6: try fields.value("EniIpV6"),
            type: try fields.value("HsmType"),
            // Only the id is required; an HSM whose state is not said counts as present.
            state: try fields.value("State") ?? .unrecognised(""),
            stateMessage: try fields.value("StateMessage"),
            unknownFields: try fields.unknown(apartFrom: Self.known)
        )
    }
}

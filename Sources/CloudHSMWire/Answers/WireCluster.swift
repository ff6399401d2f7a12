internal import CloudHSM

/// A cluster as answers hold it.
///
/// `PreCoPassword`, a secret, is known and passed over.
struct WireCluster: WireObject {
    private var id: ClusterID?
    private var state: ClusterState?
    private var hsmType: HSMType?
    private var subnets: [AvailabilityZone: SubnetID] = [:]
    private var retention = RetentionPolicy.unmanaged
    private var stateMessage: String?
    private var rollback: Timestamp?
    private var mode: ClusterMode?
    private var networkType: NetworkType?
    private var vpc: String?
    private var securityGroup: String?
    private var sourceBackup: BackupID?
    private var hsms: [WireHSM] = []
    private var certificates: [String: String] = [:]
    private var createdAt: Timestamp?
    private var tags: [String: String] = [:]
    private var unknown: [String: JSONValue] = [:]

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "BackupPolicy":
            let policy = try reader.text()
            if policy != "DEFAULT" { unknown["BackupPolicy"] = .string(policy) }
        case "BackupRetentionPolicy":
            retention = try reader.object(WireRetention.self).policy()
        case "Certificates": certificates = try reader.strings()
        case "ClusterId": id = try reader.text("a cluster's id") { ClusterID(utf8: $0) }
        case "CreateTimestamp": createdAt = try reader.moment()
        case "HsmType": hsmType = try reader.parsed("an HSM type")
        case "HsmTypeRollbackExpiration": rollback = try reader.moment()
        case "Hsms": hsms = try reader.objects()
        case "Mode": mode = try reader.word()
        case "NetworkType": networkType = try reader.word()
        case "PreCoPassword": try reader.skip()
        case "SecurityGroup": securityGroup = try reader.text()
        case "SourceBackupId":
            sourceBackup = try reader.text("a backup's id") { BackupID(utf8: $0) }
        case "State": state = try reader.parsed("a state")
        case "StateMessage": stateMessage = try reader.text()
        case "SubnetMapping": subnets = try Self.subnets(try reader.strings())
        case "TagList": tags = try reader.tags()
        case "VpcId": vpc = try reader.text()
        default: try reader.keep(name, in: &unknown)
        }
    }

    private static func subnets(
        _ mapping: [String: String]
    ) throws(WireError) -> [AvailabilityZone: SubnetID] {
        var subnets: [AvailabilityZone: SubnetID] = [:]
        for (name, text) in mapping {
            guard let zone = AvailabilityZone(name) else {
                throw WireError(name, "is no Availability Zone")
            }
            guard let subnet = SubnetID(text) else { throw WireError(name, "is no subnet's id") }
            subnets[zone] = subnet
        }
        return subnets
    }

    /// The cluster.
    func cluster() throws(WireError) -> Cluster {
        var cluster = Cluster(
            id: try id.required("ClusterId"),
            state: try state.required("State"),
            hsmType: try hsmType.required("HsmType"),
            subnets: subnets,
            retention: retention
        )
        cluster.stateMessage = stateMessage
        cluster.typeRollbackExpiration = rollback
        cluster.mode = mode
        cluster.networkType = networkType
        cluster.vpc = vpc
        cluster.securityGroup = securityGroup
        cluster.sourceBackup = sourceBackup
        cluster.certificates = certificates
        cluster.createdAt = createdAt
        cluster.tags = tags
        cluster.unknownFields = unknown
        for (index, hsm) in hsms.enumerated() {
            do throws(WireError) {
                cluster.hsms.append(try hsm.hsm())
            } catch {
                throw error.under("[\(index)]").under("Hsms")
            }
        }
        return cluster
    }
}

/// A retention policy: Value is text as documented, or a number, or missing.
///
/// Source: fact sheet, section 8: support can switch the policy off, and absent is not 90.
private struct WireRetention: WireObject {
    private var type = "DAYS"
    private var value: JSONValue?

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "Type": type = try reader.text()
        case "Value": value = try reader.value()
        default: try reader.skip()
        }
    }

    func policy() throws(WireError) -> RetentionPolicy {
        guard type == "DAYS" else { throw WireError("Type", "is not DAYS") }
        guard let value else { return .unmanaged }
        guard let days = Self.days(value), (1...Self.mostDays).contains(days) else {
            throw WireError("Value", "is no number of days")
        }
        return .days(days)
    }

    private static func days(_ value: JSONValue) -> Int? {
        switch value {
        // Only as it would be written: 090 and +90 are read differently by others.
        case .string(let text): Int(text).flatMap { "\($0)" == text ? $0 : nil }
        case .integer(let number): Int(number)
        case .null, .bool, .number, .array, .object: nil
        }
    }

    /// The API's pattern has three digits; four leave room for clusters older than the feature.
    private static let mostDays = 9_999
}

/// An HSM as answers hold it; its cluster is the one it is listed in.
struct WireHSM: WireObject {
    private var id: HSMID?
    private var zone: AvailabilityZone?
    private var subnet: SubnetID?
    private var eni: ENIID?
    private var address: String?
    private var address6: String?
    private var type: HSMType?
    private var state: HSMState?
    private var stateMessage: String?
    private var unknown: [String: JSONValue] = [:]

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "AvailabilityZone": zone = try reader.parsed("an Availability Zone")
        case "ClusterId": try reader.skip()
        case "EniId": eni = try reader.parsed("a network interface's id")
        case "EniIp": address = try reader.text()
        case "EniIpV6": address6 = try reader.text()
        case "HsmId": id = try reader.text("an HSM's id") { HSMID(utf8: $0) }
        case "HsmType": type = try reader.parsed("an HSM type")
        case "State": state = try reader.parsed("a state")
        case "StateMessage": stateMessage = try reader.text()
        case "SubnetId": subnet = try reader.parsed("a subnet's id")
        default: try reader.keep(name, in: &unknown)
        }
    }

    /// The HSM.
    func hsm() throws(WireError) -> HSM {
        HSM(
            id: try id.required("HsmId"),
            zone: zone,
            subnet: subnet,
            eni: eni,
            address: address,
            address6: address6,
            type: type,
            // Only the id is required; an HSM whose state is not said counts as present.
            state: state ?? .unrecognised(""),
            stateMessage: stateMessage,
            unknownFields: unknown
        )
    }
}

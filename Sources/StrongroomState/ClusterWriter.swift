internal import CloudHSM

/// Writes a cluster in the API's names.
enum ClusterWriter {
    /// The only backup policy there is (`API`, enum `BackupPolicy`).
    static let backupPolicy = "DEFAULT"

    /// A cluster; whatever it carries, never a `PreCoPassword`.
    static func json(_ cluster: Cluster) -> JSONValue {
        var fields = cluster.unknownFields
        fields["PreCoPassword"] = nil
        fields["BackupPolicy"] = fields["BackupPolicy"] ?? .string(backupPolicy)
        fields["BackupRetentionPolicy"] = retention(cluster.retention)
        fields["Certificates"] = object(cluster.certificates)
        fields.set("ClusterId", cluster.id)
        fields.set("CreateTimestamp", cluster.createdAt)
        fields.set("HsmType", cluster.hsmType)
        fields.set("HsmTypeRollbackExpiration", cluster.typeRollbackExpiration)
        fields["Hsms"] = .array(cluster.hsms.map { json($0, of: cluster.id) })
        fields.set("Mode", cluster.mode?.rawValue)
        fields.set("NetworkType", cluster.networkType?.rawValue)
        fields.set("SecurityGroup", cluster.securityGroup)
        fields.set("SourceBackupId", cluster.sourceBackup)
        fields.set("State", cluster.state)
        fields.set("StateMessage", cluster.stateMessage)
        fields["SubnetMapping"] = .object(
            Dictionary(
                uniqueKeysWithValues: cluster.subnets.map {
                    ($0.key.description, .string($0.value.description))
                }
            )
        )
        fields.set("TagList", tags: cluster.tags)
        fields.set("VpcId", cluster.vpc)
        return .object(fields)
    }

    private static func json(_ hsm: HSM, of cluster: ClusterID) -> JSONValue {
        var fields = hsm.unknownFields
        fields.set("AvailabilityZone", hsm.zone)
        fields.set("ClusterId", cluster)
        fields.set("EniId", hsm.eni)
        fields.set("EniIp", hsm.address)
        fields.set("EniIpV6", hsm.address6)
        fields.set("HsmId", hsm.id)
        fields.set("HsmType", hsm.type)
        fields.set("State", hsm.state)
        fields.set("StateMessage", hsm.stateMessage)
        fields.set("SubnetId", hsm.subnet)
        return .object(fields)
    }

    /// Value is a string, as the API has it.
    private static func retention(_ policy: RetentionPolicy) -> JSONValue? {
        switch policy {
        case .days(let days): .object(["Type": .string("DAYS"), "Value": .string("\(days)")])
        case .unmanaged: nil
        }
    }

    private static func object(_ strings: [String: String]) -> JSONValue? {
        strings.isEmpty ? nil : .object(strings.mapValues { .string($0) })
    }
}

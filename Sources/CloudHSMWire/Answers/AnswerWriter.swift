internal import CloudHSM

/// Writes answers in the API's names.
struct AnswerWriter {
    let arns: BackupARN

    /// The members of an answer's body.
    func fields(of answer: Answer) -> [String: JSONValue] {
        switch answer {
        case .cluster(let cluster): return ["Cluster": json(cluster)]
        case .clusters(let clusters, let token):
            return page(["Clusters": .array(clusters.map { json($0) })], token)
        case .initialization(let state, let message):
            var fields: [String: JSONValue] = ["State": .string(state.description)]
            fields.set("StateMessage", message)
            return fields
        case .hsm(let hsm): return ["Hsm": json(hsm, of: nil)]
        case .hsmID(let id): return ["HsmId": .string(id.description)]
        case .backup(let backup): return ["Backup": json(backup)]
        case .backups(let backups, let token):
            return page(["Backups": .array(backups.map { json($0) })], token)
        case .destinationBackup(let backup): return ["DestinationBackup": json(backup)]
        case .tags(let tags, let token): return page(["TagList": .tagList(tags)], token)
        case .resourcePolicy(let policy, let resource):
            var fields: [String: JSONValue] = [:]
            fields.set("Policy", policy)
            fields.set("ResourceArn", resource)
            return fields
        case .empty: return [:]
        }
    }

    private func page(_ fields: [String: JSONValue], _ token: String?) -> [String: JSONValue] {
        var fields = fields
        fields.set("NextToken", token)
        return fields
    }

    private func json(_ cluster: Cluster) -> JSONValue {
        var fields = cluster.unknownFields
        fields["PreCoPassword"] = nil
        fields["BackupPolicy"] = fields["BackupPolicy"] ?? .string("DEFAULT")
        if case .days(let days) = cluster.retention {
            fields["BackupRetentionPolicy"] = .retention(days: days)
        }
        if !cluster.certificates.isEmpty {
            fields["Certificates"] = .object(cluster.certificates.mapValues(JSONValue.string))
        }
        fields.set("ClusterId", cluster.id)
        fields.set("CreateTimestamp", moment: cluster.createdAt)
        fields["Hsms"] = .array(cluster.hsms.map { json($0, of: cluster.id) })
        fields.set("HsmType", cluster.hsmType)
        fields.set("HsmTypeRollbackExpiration", moment: cluster.typeRollbackExpiration)
        fields.set("Mode", cluster.mode?.rawValue)
        fields.set("NetworkType", cluster.networkType?.rawValue)
        fields.set("SecurityGroup", cluster.securityGroup)
        fields.set("SourceBackupId", cluster.sourceBackup)
        fields.set("State", cluster.state)
        fields.set("StateMessage", cluster.stateMessage)
        let subnets = cluster.subnets.map {
            ($0.key.description, JSONValue.string($0.value.description))
        }
        fields["SubnetMapping"] = .object(Dictionary(uniqueKeysWithValues: subnets))
        fields["TagList"] = .tagList(cluster.tags)
        fields.set("VpcId", cluster.vpc)
        return .object(fields)
    }

    private func json(_ hsm: HSM, of cluster: ClusterID?) -> JSONValue {
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

    private func json(_ listed: ListedBackup) -> JSONValue {
        let backup = listed.backup
        let details = backup.details
        var fields = details?.unknownFields ?? [:]
        fields.set("BackupArn", details?.unusualARN ?? arns.text(of: backup.id))
        fields.set("BackupId", backup.id)
        fields.set("BackupState", backup.state)
        fields.set("CreateTimestamp", moment: backup.createdAt)
        fields.set("DeleteTimestamp", moment: backup.deletesAt)
        fields.set("HsmType", backup.hsmType)
        fields.set("Mode", backup.mode?.rawValue)
        fields["NeverExpires"] = .bool(backup.neverExpires)
        fields["TagList"] = .tagList(backup.tags)
        // A copy belongs to no cluster (fact sheet, section 10, `SIM:`).
        let namesCluster = !backup.isCopy || details?.copyNamesCluster == true
        fields.set("ClusterId", namesCluster ? listed.cluster : nil)
        fields.set("CopyTimestamp", moment: backup.origin?.copiedAt)
        fields.set("SourceBackup", backup.origin?.backup)
        fields.set("SourceCluster", backup.isCopy ? listed.cluster : nil)
        fields.set("SourceRegion", backup.origin?.region)
        return .object(fields)
    }

    private func json(_ copy: DestinationBackup) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        fields.set("CreateTimestamp", moment: copy.createdAt)
        fields.set("SourceBackup", copy.sourceBackup)
        fields.set("SourceCluster", copy.sourceCluster)
        fields.set("SourceRegion", copy.sourceRegion)
        return .object(fields)
    }
}

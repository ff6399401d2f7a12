internal import CloudHSM

extension Call {
    /// The members of the request's body.
    var fields: [String: JSONValue] {
        switch self {
        case .createCluster(let call): call.fields
        case .describeClusters(let call): call.fields
        case .initializeCluster(let call): call.fields
        case .modifyCluster(let call): call.fields
        case .deleteCluster(let call): ["ClusterId": .string(call.cluster.description)]
        case .createHSM(let call): call.fields
        case .deleteHSM(let call): call.fields
        case .describeBackups(let call): call.fields
        case .modifyBackupAttributes(let call): call.fields
        case .deleteBackup(let call): ["BackupId": .string(call.backup.description)]
        case .restoreBackup(let call): ["BackupId": .string(call.backup.description)]
        case .copyBackup(let call): call.fields
        case .tagResource(let call):
            ["ResourceId": .string(call.resource.description), "TagList": .tagList(call.tags)]
        case .untagResource(let call): call.fields
        case .listTags(let call): call.fields
        case .putResourcePolicy(let call):
            [
                "Policy": .string(call.policy),
                "ResourceArn": .string(call.resource.description),
            ]
        case .getResourcePolicy(let call): ["ResourceArn": .string(call.resource.description)]
        case .deleteResourcePolicy(let call): ["ResourceArn": .string(call.resource.description)]
        }
    }
}

extension CreateCluster {
    fileprivate var fields: [String: JSONValue] {
        let subnets = subnets.sorted { $0.key < $1.key }.map(\.value.description)
        var fields: [String: JSONValue] = [
            "BackupRetentionPolicy": .retention(days: retention.days),
            "HsmType": .string(hsmType.description),
            "Mode": .string(mode.rawValue),
            "NetworkType": .string(networkType.rawValue),
            "SubnetIds": .array(subnets.map(JSONValue.string)),
        ]
        fields.set("SourceBackupId", sourceBackup)
        if !tags.isEmpty { fields["TagList"] = .tagList(tags) }
        return fields
    }
}

extension DescribeClusters {
    fileprivate var fields: [String: JSONValue] {
        var fields = pageFields(of: maxResults, token: nextToken)
        fields["Filters"] = filterField(filters.map { ($0.key.rawValue, $0.value) })
        return fields
    }
}

extension DescribeBackups {
    fileprivate var fields: [String: JSONValue] {
        var fields = pageFields(of: maxResults, token: nextToken)
        fields["Filters"] = filterField(filters.map { ($0.key.rawValue, $0.value) })
        fields["SortAscending"] = sortAscending.map(JSONValue.bool)
        if listsShared { fields["Shared"] = .bool(true) }
        return fields
    }
}

extension InitializeCluster {
    fileprivate var fields: [String: JSONValue] {
        [
            "ClusterId": .string(cluster.description),
            "SignedCert": .string(signedCertificate),
            "TrustAnchor": .string(trustAnchor),
        ]
    }
}

extension ModifyCluster {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["ClusterId": .string(cluster.description)]
        switch change {
        case .retention(let period):
            fields["BackupRetentionPolicy"] = .retention(days: period.days)
        case .hsmType(let type): fields.set("HsmType", type)
        }
        return fields
    }
}

extension CreateHSM {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "AvailabilityZone": .string(zone.description),
            "ClusterId": .string(cluster.description),
        ]
        fields.set("IpAddress", address)
        return fields
    }
}

extension DeleteHSM {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["ClusterId": .string(cluster.description)]
        switch target {
        case .id(let id): fields.set("HsmId", id)
        case .interface(let interface): fields.set("EniId", interface)
        case .address(let address): fields.set("EniIp", address)
        }
        return fields
    }
}

extension ModifyBackupAttributes {
    fileprivate var fields: [String: JSONValue] {
        ["BackupId": .string(backup.description), "NeverExpires": .bool(neverExpires)]
    }
}

extension CopyBackup {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "BackupId": .string(backup.description),
            "DestinationRegion": .string(destination.description),
        ]
        // An empty list is refused by the service; left out, it would copy the source's tags.
        fields["TagList"] = tags.map(JSONValue.tagList)
        return fields
    }
}

extension UntagResource {
    fileprivate var fields: [String: JSONValue] {
        [
            "ResourceId": .string(resource.description),
            "TagKeyList": .array(keys.map(JSONValue.string)),
        ]
    }
}

extension ListTags {
    fileprivate var fields: [String: JSONValue] {
        var fields = pageFields(of: maxResults, token: nextToken)
        fields.set("ResourceId", resource)
        return fields
    }
}

private func pageFields(of size: Int?, token: String?) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [:]
    fields["MaxResults"] = size.map { .integer(Int64($0)) }
    fields.set("NextToken", token)
    return fields
}

private func filterField(_ filters: [(String, [String])]) -> JSONValue? {
    guard !filters.isEmpty else { return nil }
    let members = filters.map { ($0.0, JSONValue.array($0.1.map(JSONValue.string))) }
    return .object(Dictionary(uniqueKeysWithValues: members))
}

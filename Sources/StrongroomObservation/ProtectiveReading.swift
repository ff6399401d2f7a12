package import CloudHSM

// The same thing listed twice and not alike: pages are read one after another, and the world goes on
// meanwhile. Neither is believed where believing it could do harm. The group counts as not read, so
// nothing is planned for it; what is joined here is shown, and counts for quotas and budgets.
//
// | of a backup     | what stands                  | because                                        |
// | --------------- | ---------------------------- | ---------------------------------------------- |
// | state           | an unknown one, naming both  | it counts for no floor and is not deleted      |
// |                 |                              | again, and no step is taken for done by it     |
// | content time    | the later                    | nothing is too old because of it               |
// | DeleteTimestamp | the earlier                  | a rescue is more urgent                        |
// | pin             | pinned if either is          | what is pinned is not deleted                  |
// | tags            | all; of two values the first | marks of ownership and of recovery points hold |
// | origin          | the first in order           | it never changes: one of them is wrong         |
//
// | of a cluster    | what stands                  | because                                        |
// | --------------- | ---------------------------- | ---------------------------------------------- |
// | state           | an unknown one, naming both  | it exists, so it is not made again, and is     |
// |                 |                              | busy, so nothing is asked of it                |
// | HSMs            | those of both                | none is made because it seems missing          |
// | an HSM's state  | an unknown one, naming both  | it bills, and is not counted as in service     |
// | retention       | the shorter                  | what may expire is expected to                 |
// | tags            | as a backup's                |                                                |
// | anything else   | what is said; of two values  | it plays no part in a decision about data      |
// |                 | the first in order           |                                                |

extension Backup {
    /// What two readings of the same backup give together.
    ///
    /// - Parameter other: The other reading.
    /// - Returns: The reading under which least harm is done; the same in either order.
    package func joined(with other: Backup) -> Backup {
        var joined = Backup(
            id: id,
            region: region,
            createdAt: max(createdAt, other.createdAt),
            state: state,
            deletesAt: lesser(deletesAt, other.deletesAt),
            origin: origin == other.origin ? origin : first(origin, other.origin),
            mode: first(mode, other.mode),
            neverExpires: neverExpires || other.neverExpires,
            details: details.map { $0.joined(with: other.details) } ?? other.details
        )
        joined.state = state.joined(with: other.state)
        return joined
    }
}

extension BackupDetails {
    fileprivate func joined(with other: BackupDetails?) -> BackupDetails {
        guard let other, other != self else { return self }
        return BackupDetails(
            tags: union(tags, other.tags),
            hsmType: first(hsmType, other.hsmType),
            unusualARN: lesser(unusualARN, other.unusualARN),
            copyNamesCluster: copyNamesCluster || other.copyNamesCluster,
            unknownFields: union(unknownFields, other.unknownFields)
        )
    }
}

extension Cluster {
    /// What two readings of the same cluster give together.
    ///
    /// - Parameter other: The other reading.
    /// - Returns: The reading under which least harm is done; the same in either order.
    package func joined(with other: Cluster) -> Cluster {
        guard self != other else { return self }
        var joined = self
        joined.state = state.joined(with: other.state)
        joined.stateMessage = lesser(stateMessage, other.stateMessage)
        joined.hsmType = first(hsmType, other.hsmType) ?? hsmType
        joined.typeRollbackExpiration = lesser(
            typeRollbackExpiration,
            other.typeRollbackExpiration
        )
        joined.mode = first(mode, other.mode)
        joined.networkType = first(networkType, other.networkType)
        joined.vpc = lesser(vpc, other.vpc)
        joined.subnets = union(subnets, other.subnets)
        joined.securityGroup = lesser(securityGroup, other.securityGroup)
        joined.retention = retention.shorter(other.retention)
        joined.sourceBackup = first(sourceBackup, other.sourceBackup)
        joined.hsms = HSM.joined(hsms, other.hsms)
        joined.certificates = union(certificates, other.certificates)
        joined.createdAt = lesser(createdAt, other.createdAt)
        joined.tags = union(tags, other.tags)
        joined.unknownFields = union(unknownFields, other.unknownFields)
        return joined
    }
}

extension HSM {
    /// The HSMs of two readings of a cluster, in order of id.
    fileprivate static func joined(_ some: [HSM], _ others: [HSM]) -> [HSM] {
        Dictionary((some + others).map { ($0.id, $0) }) { $0.joined(with: $1) }.values
            .sorted { $0.id < $1.id }
    }

    private func joined(with other: HSM) -> HSM {
        HSM(
            id: id,
            zone: first(zone, other.zone),
            subnet: first(subnet, other.subnet),
            eni: first(eni, other.eni),
            address: lesser(address, other.address),
            address6: lesser(address6, other.address6),
            type: first(type, other.type),
            state: state.joined(with: other.state),
            stateMessage: lesser(stateMessage, other.stateMessage),
            unknownFields: union(unknownFields, other.unknownFields)
        )
    }
}

extension ServiceState {
    /// The state itself if both are alike, else one that nothing acts upon.
    fileprivate func joined(with other: Self) -> Self {
        guard self != other else { return self }
        let names = [self, other].flatMap { $0.description.split(separator: "/") }
        return .unrecognised(Set(names).sorted().joined(separator: "/"))
    }
}

extension RetentionPolicy {
    fileprivate func shorter(_ other: RetentionPolicy) -> RetentionPolicy {
        guard let lifetime else { return other }
        guard let otherLifetime = other.lifetime else { return self }
        return lifetime <= otherLifetime ? self : other
    }
}

private func lesser<Value: Comparable>(_ one: Value?, _ other: Value?) -> Value? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}

/// The value that is said, or of two the first by its text.
private func first<Value>(_ one: Value?, _ other: Value?) -> Value? {
    guard let one, let other else { return one ?? other }
    return String(describing: one) <= String(describing: other) ? one : other
}

private func union<Key, Value>(_ one: [Key: Value], _ other: [Key: Value]) -> [Key: Value] {
    one.merging(other) { first($0, $1) ?? $0 }
}

internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// The group of a cluster that is being created.
    ///
    /// - Parameters:
    ///   - request: A legal request.
    ///   - id: The new group.
    ///   - source: The group of the backup to clone.
    ///   - now: The world's clock.
    ///   - settings: The world's.
    init(
        creating request: CreateCluster,
        as id: GroupID,
        from source: SimulatedGroup?,
        at now: Timestamp,
        under settings: SimulatorSettings
    ) {
        var bits = Fingerprint(seed: settings.seed, group: id)
        var cluster = Cluster(
            id: id.cluster,
            state: .createInProgress,
            hsmType: request.hsmType,
            subnets: request.subnets,
            retention: .days(request.retention.days)
        )
        cluster.mode = request.mode
        cluster.networkType = request.networkType
        cluster.securityGroup = "sg-\(bits.hexadecimal)"
        bits.mix(request.subnets.values.min()?.description ?? "")
        cluster.vpc = "vpc-\(bits.hexadecimal)"
        cluster.sourceBackup = request.sourceBackup
        cluster.certificates = source?.lineageCertificates ?? [:]
        cluster.createdAt = now
        cluster.tags = request.tags
        group = ProtectionGroup(id: id, cluster: cluster)
        let cloned = request.sourceBackup.flatMap { source?.material(in: $0) }
        memory = SimulatorMemory(
            asOf: now,
            materials: [
                MaterialChange(
                    material: cloned ?? Material(cluster: id.cluster, number: 0),
                    since: Timestamp(milliseconds: .min)
                )
            ]
        )
        memory.source = source?.group.id
        memory.schedule(.clusterCreated, at: now + settings.latencies.clusterCreate)
    }

    /// The certificates that clusters with a common backup history share (`KMS:create-keystore`).
    private var lineageCertificates: [String: String] {
        group.cluster?.certificates ?? memory.legacy?.certificates ?? [:]
    }

    mutating func perform(
        _ call: InitializeCluster,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: group.cluster) { throw refusal }
        let request = group.cluster?.signingRequest ?? ""
        if let refusal = SimulatedCertificate.refusal(of: call.signedCertificate, for: request) {
            throw refusal
        }
        group.cluster?.state = .initializeInProgress
        group.cluster?.certificates["ClusterCsr"] = nil
        group.cluster?.certificates["ClusterCertificate"] = call.signedCertificate
        memory.schedule(.clusterInitialized, at: asOf + settings.latencies.initialize)
        return .initialization(state: .initializeInProgress, message: nil)
    }

    mutating func perform(
        _ call: ModifyCluster,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: group.cluster, at: asOf) { throw refusal }
        guard let cluster = group.cluster else { throw .notFound(call.cluster) }
        switch call.change {
        case .retention(let period): group.cluster?.retention = .days(period.days)
        case .hsmType(let type):
            let isRollback = call.isRollback(to: type, of: cluster, at: asOf)
            beginTypeChange(of: cluster, isRollback: isRollback, under: settings)
        }
        return .cluster(group.cluster ?? cluster)
    }

    mutating func perform(
        _ call: DeleteCluster,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: group.cluster) { throw refusal }
        guard var cluster = group.cluster else { throw .notFound(call.cluster) }
        cluster.state = .deleteInProgress
        group.cluster = cluster
        memory.schedule(.clusterDeleted, at: asOf + settings.latencies.clusterDelete)
        return .cluster(cluster)
    }
}

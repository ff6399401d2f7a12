internal import CloudHSM
internal import StrongroomModel

extension Call {
    /// The resource the call names, as a journal keeps it.
    var target: String {
        switch self {
        case .createCluster: "a new cluster"
        case .initializeCluster(let call): call.cluster.description
        case .modifyCluster(let call): call.cluster.description
        case .deleteCluster(let call): call.cluster.description
        case .createHSM(let call): call.zone.description
        case .deleteHSM(let call): call.target.description
        case .modifyBackupAttributes(let call): call.backup.description
        case .deleteBackup(let call): call.backup.description
        case .restoreBackup(let call): call.backup.description
        case .copyBackup(let call): call.backup.description
        case .tagResource(let call): call.resource.description
        case .untagResource(let call): call.resource.description
        case .listTags(let call): call.resource.description
        case .putResourcePolicy(let call): call.resource.description
        case .getResourcePolicy(let call): call.resource.description
        case .deleteResourcePolicy(let call): call.resource.description
        case .describeClusters, .describeBackups: "a list"
        }
    }

    /// Where a copy goes; `nil` for every other call.
    var destination: Region? {
        if case .copyBackup(let call) = self { return call.destination }
        return nil
    }

    /// The call with the intent's mark, where the service keeps tags from the first moment on:
    /// by it a cluster is found again if the answer is lost.
    func marked(by intent: Intent) -> Call {
        if case .copyBackup(let request) = self { return .copyBackup(request.marked(by: intent)) }
        guard case .createCluster(let request) = self else { return self }
        return .createCluster(
            CreateCluster(
                hsmType: request.hsmType,
                subnets: request.subnets,
                mode: request.mode,
                networkType: request.networkType,
                retention: request.retention,
                sourceBackup: request.sourceBackup,
                tags: request.tags.merging([OwnershipTag.intent: intent.id]) { _, own in own }
            )
        )
    }
}

extension CopyBackup {
    fileprivate func marked(by intent: Intent) -> CopyBackup {
        let marks = [OwnershipTag.intent: intent.id]
        return CopyBackup(
            backup: backup,
            to: destination,
            tags: (tags ?? [:]).merging(marks) { _, own in own }
        )
    }
}

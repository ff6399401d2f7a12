internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// Does what was pending.
    mutating func carryOut(
        _ change: PendingChange.Change,
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) {
        switch change {
        case .clusterCreated:
            let isClone = group.cluster?.sourceBackup != nil
            enter(isClone ? .active : .uninitialized, telling: &happenings)
        case .clusterInitialized: enter(.initialized, telling: &happenings)
        case .clusterDeleted:
            enter(.deleted, telling: &happenings)
            memory.schedule(.clusterUnlisted, at: asOf + settings.latencies.listingOfDeleted)
        case .clusterUnlisted:
            unlistCluster()
            happenings.add(.clusterUnlisted, at: asOf)
        case .typeChanged: finishTypeChange(telling: &happenings)
        case .typeRolledBack: finishRollback(telling: &happenings)
        case .hsmReady(let id):
            putInService(id, under: settings)
            happenings.add(.hsmActive(id), at: asOf)
        case .hsmFailed(let id):
            fail(id)
            happenings.add(.hsmFailed(id), at: asOf)
        case .hsmGone(let id):
            group.cluster?.hsms.removeAll { $0.id == id }
            showSigningRequest(under: settings)
            happenings.add(.hsmGone(id), at: asOf)
        case .hsmReplaced(let id): replaceHSM(id, under: settings, telling: &happenings)
        case .hsmTypeChanged(let id):
            changeType(of: id, under: settings, telling: &happenings)
        case .backupReady(let id):
            group.change(id) { $0.state = .ready }
            let copy = group.backup(id).flatMap { $0.isCopy ? $0.region : nil }
            happenings.add(copy.map { .copyReady(id, in: $0) } ?? .backupReady(id), at: asOf)
        case .backupUnlisted(let id):
            group.backups.removeAll { $0.id == id }
            memory.policies[id] = nil
            happenings.add(.backupUnlisted(id), at: asOf)
        }
    }

    private mutating func enter(_ state: ClusterState, telling happenings: inout Happenings) {
        group.cluster?.state = state
        happenings.add(.clusterState(state), at: asOf)
    }

    private mutating func unlistCluster() {
        guard let cluster = group.cluster else { return }
        memory.legacy = SimulatorMemory.Legacy(
            retention: cluster.retention,
            certificates: cluster.certificates
        )
        group.cluster = nil
    }
}

extension SimulatedGroup {
    /// Changes one HSM in place; nothing happens if it is not listed.
    mutating func change(_ id: HSMID, _ edit: (inout HSM) -> Void) {
        guard let index = group.cluster?.hsms.firstIndex(where: { $0.id == id }) else { return }
        let wasInService = group.cluster?.isInService == true
        group.cluster.mutate { edit(&$0.hsms[index]) }
        if !wasInService, group.cluster?.isInService == true { memory.inServiceSince = asOf }
    }

    private mutating func putInService(_ id: HSMID, under settings: SimulatorSettings) {
        change(id) {
            $0.state = .active
            $0.stateMessage = nil
        }
        showSigningRequest(under: settings)
    }

    private mutating func fail(_ id: HSMID) {
        change(id) {
            $0.state = .degraded
            $0.stateMessage = "The HSM could not be created. Delete it and try again."
        }
    }

    /// Puts other hardware where an HSM stood: another id on the same interface and address.
    ///
    /// Source: terraform-provider-aws pull request 12435 (`TF`).
    mutating func replaceHSM(
        _ id: HSMID,
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) {
        guard group.cluster?.hsms.contains(where: { $0.id == id }) == true else { return }
        let new = HSMID(bits: newBits(.hsm, under: settings))
        change(id) {
            $0.id = new
            $0.state = .active
            $0.stateMessage = nil
        }
        memory.cancel { $0.hsm == id }
        showSigningRequest(under: settings)
        happenings.add(.hsmReplaced(id, by: new), at: asOf)
    }

    /// Shows the signing request of the HSM that is ready in an unclaimed cluster; another HSM has
    /// another one, and without an HSM there is none.
    ///
    /// Source: aws-cloudhsm-cloudformation-template issue 15 (`CFN`).
    mutating func showSigningRequest(under settings: SimulatorSettings) {
        guard let cluster = group.cluster, cluster.state == .uninitialized else { return }
        guard let hsm = cluster.hsms.first(where: { $0.state == .active }) else {
            group.cluster?.certificates = [:]
            return
        }
        var bits = Fingerprint(seed: settings.seed, group: group.id)
        bits.mix(hsm.id.description)
        let shown = SimulatedCertificate.ofUnclaimedCluster(bits)
        // What came from elsewhere is kept: it belongs to the HSM that is there.
        guard cluster.signingRequest == nil || memory.idsMade > 0 else { return }
        group.cluster?.certificates = shown
    }
}

extension Optional {
    /// Changes the value in place, if there is one.
    mutating func mutate(_ edit: (inout Wrapped) -> Void) {
        guard var value = self else { return }
        self = nil
        edit(&value)
        self = value
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// What happens beside the runs.
extension Storm {
    /// A kill, a freeze, a lost lock, a request to stop, a Region that falls silent.
    func mishap() async throws {
        guard let process = chance.one(of: live) else { return }
        outcome.tally.faults += 1
        switch chance.number(1...100) {
        case ...35: await kill(process, "by somebody")
        case ...65:
            let span = chance.one(.seconds(20), .minutes(2), .minutes(10), .minutes(25)) as Duration
            processes[process]?.frozenUntil = now + span
            tell("run \(process) is frozen until \(now + span)")
        case ...85:
            lock.free(of: process)
            processes[process]?.frozenUntil = now + chance.span(minutes: 0...30)
            tell("run \(process) loses its lock and is frozen")
        case ...93:
            processes[process]?.task.cancel()
            tell("run \(process) is asked to stop")
        default:
            let region = chance.one(StormWorld.home, StormWorld.elsewhere)
            try world.service.loseRegion(region)
            tell("\(region) falls silent")
        }
    }

    /// What a person does, or the service by itself.
    func outsiderActs() throws {
        try regainRegions()
        guard let resident = chance.one(of: world.residents) else { return }
        let group = try world.service.truth(resident.id)
        switch chance.number(1...100) {
        case ...22:
            let index = chance.number(0...(editions.count - 1))
            editions[index] = manifests.edition()
            tell("manifest \(index) is edited")
        case ...34: try addHSM(to: group)
        case ...44: try removeHSM(from: group)
        case ...58: try deleteBackup(of: group)
        case ...68: try restoreBackup(of: group)
        case ...76: try copyBackup(of: group)
        case ...84:
            let hsms = group.cluster?.healthyHSMs ?? []
            if let hsm = chance.one(of: hsms) { try replace(hsm, group) }
        case ...91:
            let hsms = group.cluster?.healthyHSMs ?? []
            // The last one's failure is a case for people: nothing is planned for it.
            if hsms.count > 1, let hsm = chance.one(of: hsms) {
                try world.service.degradeHSM(hsm.id)
                tell("\(hsm.id) is DEGRADED")
            }
        case ...95:
            let making = group.backups.filter { $0.state == .createInProgress }
            if let backup = chance.one(of: making) {
                try world.service.failBackup(backup.id)
                tell("\(backup.id) fails")
            }
        default:
            let days = chance.one(7, 12, 30)
            guard let period = RetentionPeriod(days: days), group.livingCluster != nil else {
                return
            }
            let request = ModifyCluster(cluster: group.id.cluster, change: .retention(period))
            perform(.modifyCluster(request), on: group)
        }
    }

    /// Lets every Region answer again.
    func regainRegions() throws {
        for region in [StormWorld.home, StormWorld.elsewhere] {
            try world.service.regainRegion(region)
        }
    }

    private func replace(_ hsm: HSM, _ group: ProtectionGroup) throws {
        let new = try world.service.replaceHSM(hsm.id)
        tell("the service replaces \(hsm.id) by \(new)")
    }

    /// A person's call; refusals are part of life.
    @discardableResult
    private func perform(_ call: Call, on group: ProtectionGroup, in region: Region? = nil) -> Bool
    {
        let home = group.id.home
        let place = Place(account: home.account, region: region ?? home.region)
        let isDone = (try? world.service.perform(call, at: place, in: group.id)) != nil
        tell("a person's \(call.operation) of \(group.id.cluster): \(isDone ? "done" : "refused")")
        return isDone
    }

    private func addHSM(to group: ProtectionGroup) throws {
        guard
            let cluster = group.livingCluster, cluster.presentHSMs.count < 4,
            let zone = chance.one(of: cluster.subnets.keys.sorted())
        else { return }
        let old = Set(cluster.hsms.map(\.id))
        perform(.createHSM(CreateHSM(cluster: cluster.id, zone: zone)), on: group)
        for hsm in try world.service.truth(group.id).cluster?.hsms ?? []
        where !old.contains(hsm.id) {
            ledger.hsmsOfOthers.insert(hsm.place)
        }
    }

    private func removeHSM(from group: ProtectionGroup) throws {
        let hsms = group.cluster?.healthyHSMs ?? []
        guard hsms.count > 1, let hsm = chance.one(of: hsms) else { return }
        perform(.deleteHSM(DeleteHSM(cluster: group.id.cluster, hsm: hsm.id)), on: group)
    }

    private func deleteBackup(of group: ProtectionGroup) throws {
        let ready = group.backups.filter(\.isReady)
        guard ready.count > 1, let backup = chance.one(of: ready) else { return }
        perform(.deleteBackup(DeleteBackup(backup: backup.id)), on: group, in: backup.region)
        tell("it was \(backup.id) in \(backup.region)")
    }

    private func restoreBackup(of group: ProtectionGroup) throws {
        let deleted = group.backups.filter { $0.state == .pendingDeletion }
        guard let backup = chance.one(of: deleted) else { return }
        let request = RestoreBackup(backup: backup.id)
        guard perform(.restoreBackup(request), on: group, in: backup.region) else { return }
        tell("it was \(backup.id) in \(backup.region)")
        ledger.restored(backup.id)
    }

    private func copyBackup(of group: ProtectionGroup) throws {
        let own = group.backups.filter { $0.isReady && !$0.isCopy }
        guard let backup = chance.one(of: own) else { return }
        let old = Set(group.backups.map(\.id))
        let request = CopyBackup(backup: backup.id, to: StormWorld.elsewhere)
        guard perform(.copyBackup(request), on: group) else { return }
        for copy in try world.service.truth(group.id).backups where !old.contains(copy.id) {
            ledger.copiesOfOthers.insert(copy.id)
        }
    }
}

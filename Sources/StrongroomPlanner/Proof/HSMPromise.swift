internal import CloudHSM
internal import StrongroomModel

/// Promise 4: healthy HSMs never fall below the smaller of what is there and what is asked.
///
/// The service may turn any HSM DEGRADED at any moment, so only what is looked up just before the
/// call keeps the promise.
struct HSMPromise {
    let scene: Scene

    /// ACTIVE HSMs at the start.
    var healthy: Int { scene.cluster?.healthyHSMs.count ?? 0 }

    /// How many must be left.
    var bar: Int {
        if scene.isAbsent { return 0 }
        return min(healthy, scene.desired.hsms?.value.count ?? healthy - temporary)
    }

    /// HSMs the journal says were added for a backup: they are ours to remove.
    private var temporary: Int {
        guard let cluster = scene.cluster, !scene.entries.isEmpty else { return 0 }
        let made = Set(
            scene.entries.filter { $0.intent.operation == "CreateHsm" }.compactMap(\.outcome?.made)
        )
        return cluster.healthyHSMs.contains { made.contains($0.id.description) } ? 1 : 0
    }

    var reading: Reading {
        var reading = Reading()
        for (position, step) in scene.steps.enumerated() {
            guard case .removeHSM(let reference, _, _) = step.action else { continue }
            weigh(Removal(reference, position, scene), &reading)
        }
        weighReplacement(&reading)
        return reading
    }

    private func weigh(_ removal: Removal, _ reading: inout Reading) {
        weighBackup(removal, &reading)
        guard removal.isPossible else { return }
        let step = removal.step
        if removal.mayBeActive {
            let left = removal.healthyApart
            let bar = removal.makesRoom ? max(bar - 1, 2) : bar
            let text =
                "\(left) ACTIVE HSMs are certain when step \(step.id) removes one; "
                + "\(bar) must be left"
            if left < bar { reading.find(.healthyHSMs, text, [step.id], in: scene) }
            reading.weigh(
                .healthyHSMs,
                text,
                [step.id],
                margin: Proof.Margin(
                    left - bar,
                    .healthyHSM,
                    in: scene.home.region,
                    of: scene.plan.subject
                ),
                in: scene
            )
        }
        guard removal.mayBeLast, !removal.leavesBackup, !removal.leavesNothing else { return }
        reading.find(
            .healthyHSMs,
            "step \(step.id) may remove the last HSM without a backup of what it holds",
            [step.id],
            in: scene
        )
    }

    /// An HSM that was added for a backup goes only when that backup is READY.
    private func weighBackup(_ removal: Removal, _ reading: inout Reading) {
        guard case .added(let adding) = removal.reference else { return }
        let text =
            "the backup of step \(adding) is READY when step \(removal.step.id) "
            + "removes its HSM"
        if removal.step.preconditions.contains(.freshBackup(causedBy: adding)) {
            reading.weigh(.replacements, text, [adding, removal.step.id], in: scene)
        } else {
            reading.find(
                .replacements,
                "it is not certain that " + text,
                [adding, removal.step.id],
                in: scene
            )
        }
    }

    /// Keys made while an HSM joins reach it at an undocumented interval (fact sheet, section 12).
    private func weighReplacement(_ reading: inout Reading) {
        guard healthy > 0, bar > 0, let cluster = scene.cluster else { return }
        var steps: [StepID] = []
        var removed: Set<HSMID> = []
        for step in scene.steps {
            guard case .removeHSM(.known(let id), _, _) = step.action else { continue }
            steps.append(step.id)
            removed.insert(id)
        }
        guard !steps.isEmpty, cluster.healthyHSMs.allSatisfy({ removed.contains($0.id) }) else {
            return
        }
        reading.find(
            .healthyHSMs,
            "all \(healthy) ACTIVE HSMs would be replaced in one run",
            steps,
            in: scene
        )
    }
}

/// One removal of an HSM, and what its guards say.
private struct Removal {
    let reference: HSMReference
    let step: Step
    private let scene: Scene
    private let position: Int
    private let cluster: Cluster?

    init(_ reference: HSMReference, _ position: Int, _ scene: Scene) {
        self.reference = reference
        self.position = position
        self.scene = scene
        step = scene.steps[position]
        cluster = scene.cluster
    }

    /// Whether the HSM is there to be removed.
    var isPossible: Bool {
        switch reference {
        case .known(let id):
            guard cluster?.hsms.contains(where: { $0.id == id && $0.state != .deleted }) == true
            else { return false }
        case .added(let adding):
            guard scene.positions[adding] != nil else { return false }
        }
        guard needed < (present ?? most) else { return false }
        guard let exact = present else { return true }
        return (least...max(most, least)).contains(exact)
    }

    /// How many HSMs apart from this one must be seen to be ACTIVE.
    private var needed: Int {
        var needed = 0
        for case .healthyHSMsApart(reference, let least) in step.preconditions {
            needed = max(needed, least)
        }
        return needed
    }

    /// Whether the call may take an HSM out of service.
    var mayBeActive: Bool {
        guard case .known(let id) = reference else { return true }
        return !step.preconditions.contains(.hsmDegraded(id))
    }

    /// How many HSMs apart from this one are surely ACTIVE at the call.
    var healthyApart: Int {
        var apart = 0
        var zones: [AvailabilityZone: Int] = [:]
        for fact in step.preconditions {
            switch fact {
            case .healthyHSMsApart(let other, let least):
                apart = max(apart, other == reference ? least : least - 1)
            case .healthyHSMs(let zone, let least):
                zones[zone] = max(zones[zone] ?? 0, least)
            case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed,
                .hsmsSettled, .presentHSMs, .hsmGone, .freshBackup, .readyBackupsApart,
                .readyContent, .backupReady, .backupGone, .notCopied, .copyReady, .retention,
                .clusterTags, .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone,
                .backupPendingDeletion, .backupPinned, .backupUnpinned, .backupTags,
                .backupTagsAbsent, .newestBackup:
                break
            }
        }
        let inZones = zones.values.reduce(0, +)
        let isInZones = zone.map { zones[$0] != nil } ?? true
        return max(apart, inZones - (isInZones ? 1 : 0))
    }

    /// Whether no HSM may be left afterwards.
    var mayBeLast: Bool {
        if let present { return present == 1 }
        return healthyApart < 1 && least <= 1
    }

    /// Whether its removal makes the service back up what it holds: the cluster and the HSM are
    /// ACTIVE (fact sheet, section 7).
    var leavesBackup: Bool {
        guard case .removeHSM(_, _, let causesBackup) = step.action, causesBackup else {
            return false
        }
        return step.preconditions.contains(.clusterState(.active)) && isSurelyActive
    }

    /// Whether it goes first because the quota leaves no room to add before: then, and with two
    /// zones surely in service, one fewer may be left for a while (fact sheet, section 7).
    var makesRoom: Bool {
        let most = min(scene.fleet.quotas.hsms, Quotas.hsmsPerCluster)
        guard let present, present >= most else { return false }
        var zones: Set<AvailabilityZone> = []
        for case .healthyHSMs(let zone, let least) in step.preconditions {
            if least > (zone == self.zone ? 1 : 0) { zones.insert(zone) }
        }
        return zones.count >= 2
    }

    /// Whether there is nothing in it: the cluster was never activated, and either it is to go or
    /// the HSM is broken.
    var leavesNothing: Bool {
        step.hasUnactivatedGuard && (scene.needsNoFinalBackup || !mayBeActive)
    }

    /// Whether it is ACTIVE if it is the last: as many are looked up as are present then.
    private var isSurelyActive: Bool {
        var zones: [AvailabilityZone: Int] = [:]
        for case .healthyHSMs(let zone, let least) in step.preconditions {
            zones[zone] = max(zones[zone] ?? 0, least)
        }
        return zones.values.reduce(0, +) >= 1
    }

    private var zone: AvailabilityZone? {
        if case .removeHSM(_, let zone, _) = step.action { return zone }
        return nil
    }

    private var present: Int? {
        for case .presentHSMs(let count) in step.preconditions { return count }
        return nil
    }

    /// How few HSMs may be present before it.
    private var least: Int {
        let before = scene.ancestors(of: position)
        var count = cluster?.presentHSMs.count ?? 0
        for (index, step) in scene.steps.enumerated() where index != position {
            switch step.action {
            case .addHSM: count += before.contains(index) ? 1 : 0
            case .removeHSM(let other, _, _):
                let removal = Removal(other, index, scene)
                guard removal.needed < (removal.present ?? most) else { continue }
                let isLater =
                    !before.contains(index)
                    && scene.ancestors(of: index).contains(position)
                count -= isLater ? 0 : 1
            case .createCluster, .initializeCluster, .setRetention, .copyBackup, .deleteBackup,
                .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
                .tagCluster, .changeType, .deleteCluster:
                break
            }
        }
        return count
    }

    private var most: Int {
        let adds = scene.steps.count { if case .addHSM = $0.action { true } else { false } }
        return (cluster?.presentHSMs.count ?? 0) + adds
    }
}

extension Step {
    /// Whether it is called only while the cluster was not activated.
    var hasUnactivatedGuard: Bool {
        preconditions.contains(.clusterState(.uninitialized))
            || preconditions.contains(.clusterState(.initialized))
    }
}

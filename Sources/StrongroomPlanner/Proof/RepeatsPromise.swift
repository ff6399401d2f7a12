internal import CloudHSM
internal import StrongroomModel

/// Promise 8: nothing is done twice, neither within a plan nor after what the journal knows of.
struct RepeatsPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        if let open = openEntry {
            reading.find(.repeats, open, scene.steps.map(\.id), in: scene)
        }
        findTwins(&reading)
        findSecondCopies(&reading)
        findSurplus(&reading)
        findAnonymous(&reading)
        findDeletedAgain(&reading)
        return reading
    }

    /// A backup that we deleted and somebody restored, deleted again without anybody reading it.
    private func findDeletedAgain(_ reading: inout Reading) {
        guard scene.context.reader == .nobody else { return }
        for step in scene.steps {
            for id in step.action.lostBackups {
                let calls = scene.entries.filter {
                    $0.wasDone && $0.intent.target == id.description
                }
                let last = calls.last {
                    ["DeleteBackup", "RestoreBackup"].contains($0.intent.operation)
                }
                guard
                    last?.intent.operation == "DeleteBackup",
                    scene.backups[id]?.isReady ?? false
                else { continue }
                reading.find(
                    .repeats,
                    "\(id) was deleted before and somebody restored it",
                    [step.id],
                    in: scene
                )
            }
        }
    }

    /// A call that is in doubt, or was accepted and cannot be seen yet: reads may lag
    /// (fact sheet, section 17).
    private var openEntry: String? {
        for entry in scene.entries {
            let intent = entry.intent
            let call = "\(intent.operation) of \(intent.target), sent \(intent.writtenAt),"
            guard let outcome = entry.outcome else { return call + " has no known outcome" }
            guard outcome.result.isDone, scene.now < outcome.at + ReadDelay.allowance else {
                continue
            }
            if !intent.isVisible(in: scene.group, made: outcome.made) {
                return call + " was accepted and is not visible yet"
            }
        }
        return nil
    }

    private func findTwins(_ reading: inout Reading) {
        var first: [Effect: StepID] = [:]
        for step in scene.steps {
            guard let effect = Effect(step.action) else { continue }
            if let twin = first[effect] {
                reading.find(
                    .repeats,
                    "steps \(twin) and \(step.id) do the same",
                    [twin, step.id],
                    in: scene
                )
            } else {
                first[effect] = step.id
            }
        }
    }

    /// A copy that is there or on its way is not made again; no call says that it would be a second
    /// one (fact sheet, section 10).
    private func findSecondCopies(_ reading: inout Reading) {
        guard
            scene.steps.contains(where: { if case .copyBackup = $0.action { true } else { false } })
        else { return }
        var known: Set<Effect> = []
        for backup in scene.group?.backups ?? []
        where backup.isReady || backup.state == .createInProgress {
            if let source = backup.copiedFrom { known.insert(.copy(.known(source), backup.region)) }
        }
        for step in scene.steps {
            guard case .copyBackup(let source, let region) = step.action else { continue }
            guard known.contains(.copy(source, region)),
                !step.preconditions.contains(.notCopied(source, to: region))
            else { continue }
            reading.find(
                .repeats,
                "step \(step.id) copies \(source) to \(region), where a copy of it is already",
                [step.id],
                in: scene
            )
        }
    }

    /// One HSM more than asked may stand there for a while, for a backup; and one in all before
    /// activation (fact sheet, section 12).
    private func findSurplus(_ reading: inout Reading) {
        let adds = scene.steps.filter { if case .addHSM = $0.action { true } else { false } }
        guard !adds.isEmpty else { return }
        let present = scene.cluster?.presentHSMs.count ?? 0
        let isActivated = scene.cluster?.isActivated ?? (scene.desired.restoreFrom != nil)
        let limit = isActivated ? mostAsked + 1 : 1
        let most = mostPresent(present, adds)
        for step in adds {
            let before = step.presentGuard ?? most - 1
            guard before >= limit, before <= most else { continue }
            reading.find(
                .repeats,
                "\(before + 1) HSMs may be present after step \(step.id); \(limit) are the most",
                [step.id],
                in: scene
            )
        }
    }

    /// How many HSMs a change may come to without one too many: what is there or asked, whichever
    /// is more; zone by zone where that is asked, because HSMs are added before others go.
    private var mostAsked: Int {
        let present = scene.cluster?.presentHSMs ?? []
        switch scene.desired.hsms?.value {
        case nil: return present.count
        case .total(let count): return max(count, present.count)
        case .perZone(let counts):
            var there: [AvailabilityZone: Int] = [:]
            for hsm in present { if let zone = hsm.zone { there[zone, default: 0] += 1 } }
            let zoned = there.values.reduce(0, +)
            return there.merging(counts) { max($0, $1) }.values.reduce(present.count - zoned, +)
        }
    }

    /// How many HSMs may come to be present when nothing is removed.
    private func mostPresent(_ present: Int, _ adds: [Step]) -> Int {
        var free = adds.count { $0.presentGuard == nil }
        var guarded = adds.compactMap(\.presentGuard)
        var count = present
        while true {
            if let next = guarded.firstIndex(of: count) {
                guarded.remove(at: next)
            } else if free > 0 {
                free -= 1
            } else {
                return count
            }
            count += 1
        }
    }

    /// A cluster without our tags would be made again by the next run, which could not know it.
    private func findAnonymous(_ reading: inout Reading) {
        for step in scene.steps {
            guard case .createCluster(let request) = step.action else { continue }
            let isNamed =
                request.tags[OwnershipTag.cluster] == scene.desired.name.value
                && request.tags[OwnershipTag.fleet] == scene.fleet.name.value
            guard !isNamed else { continue }
            reading.find(
                .repeats,
                "step \(step.id) makes a cluster that the next run could not know as its own",
                [step.id],
                in: scene
            )
        }
    }
}

/// What a step brings about, where doing so twice is once too often.
private enum Effect: Hashable {
    case creation
    case copy(BackupReference, Region)
    case removal(HSMReference)
    case deletion(BackupID)
    case other(Action)

    init?(_ action: Action) {
        switch action {
        case .addHSM: return nil
        case .createCluster: self = .creation
        case .copyBackup(let source, let region): self = .copy(source, region)
        case .removeHSM(let hsm, _, _): self = .removal(hsm)
        case .deleteBackup(let id, _, _): self = .deletion(id)
        case .initializeCluster, .setRetention, .restoreBackup, .pinBackup, .unpinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            self = .other(action)
        }
    }
}

extension Step {
    /// How many HSMs must be present just before the call.
    fileprivate var presentGuard: Int? {
        for case .presentHSMs(let count) in preconditions { return count }
        return nil
    }
}

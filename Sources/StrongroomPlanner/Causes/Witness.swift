internal import CloudHSM
internal import StrongroomModel

/// Says who brought about what a line is about: from what the last run remembered, what the world
/// shows now, and what the journal says that we did.
struct Witness {
    let situation: Situation

    /// What the last run saw and wanted of the cluster; `nil` if none saw it.
    let seen: SeenGroup?

    let hsms: HSMChanges
    let deletions: Deletions?

    init(_ situation: Situation, seen: SeenGroup?) {
        self.situation = situation
        self.seen = seen
        if let seen, let cluster = situation.cluster {
            hsms = HSMChanges(of: cluster, since: seen, situation.entries)
        } else {
            hsms = HSMChanges()
        }
        deletions = situation.group.map {
            Deletions($0, seen: seen, entries: situation.entries)
        }
    }

    /// The cause of a line.
    ///
    /// - Parameters:
    ///   - reason: The line's reason.
    ///   - action: The change, if it is a step.
    ///   - aspect: What of the manifest it is about.
    /// - Returns: The cause; `nil` if it cannot be told.
    func cause(of reason: Reason, _ action: Action?, _ aspect: Aspect?) -> Cause? {
        if let cause = reason.cause { return cause }
        // What cannot be seen was changed by nobody that is known.
        if situation.unread(situation.home) != nil { return nil }
        if endsCycle(action) { return causeOfCycle }
        if isServiceWhateverIsWanted(reason) && action == nil { return .service }
        guard let seen else { return wasThere ? .drift : .manifest }
        if let aspect, seen.wanted[aspect.key] != aspect.wanted { return .manifest }
        if isByAPerson(reason, action, aspect) { return .drift }
        if let aspect, let open = seen.open[aspect.key], !hasEnded(aspect, since: seen.at) {
            return open
        }
        return usual(reason, action)
    }

    /// Whether the last run saw a cluster of that name where there is none.
    private var wasThere: Bool {
        situation.group == nil
            && situation.context.seen?.values.contains {
                $0.name == situation.desired.name.value
            } ?? false
    }

    /// Whether a step removes the HSM that a forced backup needed.
    private func endsCycle(_ action: Action?) -> Bool {
        guard case .removeHSM(.known(let id), _, _)? = action else { return false }
        return situation.forcedCycle?.hsm.id == id
    }

    /// What a forced backup was needed for.
    private var causeOfCycle: Cause { seen?.open["freshness"] ?? .service }

    /// What no edit brings about: broken hardware, a type that AWS moved.
    private func isServiceWhateverIsWanted(_ reason: Reason) -> Bool {
        guard let cluster = situation.cluster else { return false }
        switch reason.rule {
        case "degraded": return true
        case "hsm-count":
            return situation.hasTheHSMsAskedFor
                && cluster.hsms.contains { $0.state == .degraded }
        case "immutable", "hsm-type":
            return situation.desired.hsmType?.value == .hsm1Medium
                && cluster.hsmType == .hsm2mMedium
                && reason.location == situation.desired.hsmType?.location
        default: return false
        }
    }

    /// What is plainly a person's doing: beside the manifests, and seen since the last run.
    private func isByAPerson(_ reason: Reason, _ action: Action?, _ aspect: Aspect?) -> Bool {
        if case .restoreBackup(let id, _, _)? = action { return hand(of: id) == .person }
        if case .deleteBackup(let id, _, _)? = action {
            return situation.group?.backup(id).map { deletions?.isRestored($0) ?? false } ?? false
        }
        switch reason.rule {
        case "hsm-count", "parking", "resume", "rebalance": return hsms.isByHand
        case "freshness":
            return wasDeleted(notOlderThan: situation.desired.backups.maxAge?.value) { !$0.isCopy }
        case "copy":
            let wanted = situation.desired.copies.first { $0.region.value == aspect?.region }
            return wasDeleted(notOlderThan: wanted?.maxAge?.value) {
                $0.isCopy && $0.region == aspect?.region
            }
        case "presence":
            guard let cluster = situation.cluster else { return seen?.hsmType != nil && !isOurs }
            return cluster.state == .deleteInProgress && !isOurs
        default: return false
        }
    }

    /// Whether the cluster's deletion was asked for by us.
    private var isOurs: Bool {
        situation.entries.contains { $0.intent.operation == "DeleteCluster" && $0.mayHaveHappened }
    }

    private func hand(of id: BackupID) -> Deletions.Hand? {
        situation.group?.backup(id).flatMap { deletions?.hand(of: $0) }
    }

    /// Whether a person deleted a backup that would be young enough.
    private func wasDeleted(notOlderThan age: Duration?, _ isMeant: (Backup) -> Bool) -> Bool {
        deletions?.byPeople.contains { backup in
            isMeant(backup) && age.map { situation.now - backup.createdAt <= $0 } ?? true
        } ?? false
    }

    /// Whether what was being brought about at the last run came to be since, so that what is open
    /// now is another need; only for what gets old again by itself.
    private func hasEnded(_ aspect: Aspect, since moment: Timestamp) -> Bool {
        guard let group = situation.group else { return false }
        if aspect.rules.contains("freshness") {
            return group.newestOwnReadyBackup.map { $0.createdAt >= moment } ?? false
        }
        guard let region = aspect.region, aspect.rules.contains("copy") else { return false }
        return group.readyCopies(in: region).contains { copy in
            copy.origin.map { $0.copiedAt >= moment } ?? false
        }
    }

    /// What brings such a line about where nothing more is known.
    private func usual(_ reason: Reason, _ action: Action?) -> Cause? {
        if case .restoreBackup(let id, _, _)? = action {
            return hand(of: id) == .ours ? .manifest : .service
        }
        switch reason.rule {
        case "freshness", "copy", "copy-cleanup", "unparking", "degraded", "rebalance":
            return .service
        case "hsm-count", "parking", "resume":
            if situation.forcedCycle != nil { return causeOfCycle }
            return situation.hasTheHSMsAskedFor ? .service : .drift
        // The service changes neither, and takes off no pin.
        case "retention", "tags": return .drift
        case "recovery-point":
            if action?.endsNomination == true { return .manifest }
            return situation.isReadWhole ? .drift : nil
        case "immutable", "hsm-type":
            return seen?.hsmType == situation.cluster?.hsmType ? nil : .service
        case "presence":
            return situation.cluster.map { $0.state.isBusy } == true ? .service : nil
        case "journal":
            let rule = situation.entries.first { $0.outcome == nil }?.intent.rule
            return rule.flatMap { seen?.open[$0] }
        default: return nil
        }
    }
}

extension Situation {
    /// Whether as many HSMs are there as asked for, in service or not.
    fileprivate var hasTheHSMsAskedFor: Bool {
        guard let cluster, let wanted = desired.hsms?.value else { return true }
        let present = cluster.presentHSMs
        switch wanted {
        case .total(let count): return present.count == count
        case .perZone(let counts):
            let zones = Set(counts.keys).union(present.compactMap(\.zone))
            return zones.allSatisfy { zone in
                present.count { $0.zone == zone } == counts[zone] ?? 0
            }
        }
    }

    /// Whether nothing that may matter could not be read.
    fileprivate var isReadWhole: Bool {
        context.unreadGroups.isEmpty
            && !context.unreadPlaces.keys.contains { $0.account == desired.account.id }
    }
}

extension Action {
    /// Whether it takes back what was done for a recovery point: no line nominates it any more.
    fileprivate var endsNomination: Bool {
        switch self {
        case .unpinBackup, .untagBackup: true
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention, .copyBackup,
            .deleteBackup, .restoreBackup, .pinBackup, .tagBackup, .tagCluster, .changeType,
            .deleteCluster:
            false
        }
    }
}

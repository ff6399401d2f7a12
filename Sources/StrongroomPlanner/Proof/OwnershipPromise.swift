internal import CloudHSM
internal import StrongroomModel

/// Promise 7: nothing is touched that no manifest asks for, and removing a line removes no
/// protection in the run that could use it.
struct OwnershipPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        if let text = wrongSubject {
            reading.find(.ownership, text, scene.steps.map(\.id), in: scene)
        }
        for step in scene.steps {
            guard let text = complaint(about: step.action) else { continue }
            reading.find(.ownership, "step \(step.id) " + text, [step.id], in: scene)
        }
        if let mixed {
            reading.find(.ownership, mixed.text, mixed.steps, in: scene)
        }
        return reading
    }

    private var wrongSubject: String? {
        let subject = scene.plan.subject
        guard subject.group == scene.group?.id else {
            return "the plan is not about the cluster that was observed"
        }
        guard subject.name == scene.desired.name.value else {
            return "the plan is about \(subject.name ?? "no name"), "
                + "the manifest about \(scene.desired.name.value)"
        }
        guard subject.home == scene.desired.home else {
            return "the manifest says that it lives in \(scene.desired.home)"
        }
        return nil
    }

    /// What an action touches that is not there, not ours, or not asked for.
    private func complaint(about action: Action) -> String? {
        switch action {
        case .createCluster(let request): return complaint(aboutMaking: request)
        case .deleteCluster(let id):
            if id != scene.cluster?.id { return "deletes \(id), which is another cluster" }
            return scene.isAbsent ? nil : "deletes the cluster, and the manifest wants it"
        case .deleteBackup(let id, let region, let createdAt):
            return complaint(aboutDeleting: id, region, createdAt)
        case .setRetention(let old, let new, let losing):
            return complaint(aboutRetention: new, from: old, losing)
        case .unpinBackup(let id, _, _): return complaint(aboutUnpinning: id)
        case .untagBackup(let id, let keys): return complaint(aboutUntagging: id, keys)
        case .copyBackup(let source, _), .pinBackup(let source), .tagBackup(let source, _):
            guard case .known(let id) = source else { return nil }
            return scene.backups[id] == nil ? "names \(id), which is not its own" : nil
        case .restoreBackup(let id, let region, _):
            return scene.backups[id]?.region == region
                ? nil : "restores \(id), which is not in \(region)"
        case .removeHSM(.known(let id), _, _):
            let isOwn = scene.cluster?.hsms.contains { $0.id == id } ?? false
            return isOwn ? nil : "removes \(id), which is not its own"
        case .changeType(_, let type, _):
            return type == scene.desired.hsmType?.value
                ? nil : "moves the HSMs to \(type), which the manifest does not ask for"
        case .initializeCluster, .addHSM, .removeHSM, .tagCluster: return nil
        }
    }

    private func complaint(aboutMaking request: CreateCluster) -> String? {
        if scene.group != nil { return "makes a cluster that is there" }
        if scene.isAbsent { return "makes a cluster that the manifest wants gone" }
        if let id = scene.desired.clusterID?.value { return "makes a cluster in place of \(id)" }
        let isClone = scene.desired.restoreFrom != nil
        guard isClone == (request.sourceBackup != nil) else {
            return isClone ? "makes an empty cluster for a clone" : "makes a clone nobody asks for"
        }
        return nil
    }

    /// A deletion must be asked for, by the age of the content: never by when it was copied.
    private func complaint(
        aboutDeleting id: BackupID,
        _ region: Region,
        _ createdAt: Timestamp
    ) -> String? {
        guard let backup = scene.backups[id], backup.region == region else {
            return "deletes \(id), which is not its own in \(region)"
        }
        guard backup.createdAt == createdAt else {
            return "deletes \(id) as of \(createdAt), but its content is of \(backup.createdAt)"
        }
        if let name = scene.nominations.formerName(of: backup) {
            return "deletes \(id), which is still recorded as the recovery point \(name)"
        }
        return scene.isAsked(backup) ? nil : "deletes \(id), and no manifest asks for that"
    }

    private func complaint(
        aboutRetention new: RetentionPeriod,
        from old: RetentionPolicy,
        _ losing: [BackupID]
    ) -> String? {
        guard new != scene.desired.backups.retention?.value else { return nil }
        let isShorter = old.lifetime.map { $0 > .days(new.days) } ?? true
        return isShorter || !losing.isEmpty
            ? "shortens the retention to \(new.days) days, which no manifest asks for" : nil
    }

    /// A pin without our tag is a person's.
    private func complaint(aboutUnpinning id: BackupID) -> String? {
        guard let backup = scene.backups[id] else { return "unpins \(id), which is not its own" }
        if backup.tags[OwnershipTag.pin] != nil { return nil }
        if let purge = scene.desired.purge, purge.value.includePinned, scene.isAsked(backup) {
            return nil
        }
        return "unpins \(id), which a person pinned"
    }

    private func complaint(aboutUntagging id: BackupID, _ keys: [String]) -> String? {
        guard scene.backups[id] != nil else { return "untags \(id), which is not its own" }
        if let name = scene.nominations.nominated(by: keys) {
            return "takes the record of the recovery point \(name) off \(id)"
        }
        guard let stray = keys.first(where: { !$0.hasPrefix(OwnershipTag.prefix) }) else {
            return nil
        }
        return "takes off the tag \(stray), which is not ours"
    }

    /// Protection that is taken away in the same run in which something could go for want of it.
    private var mixed: (text: String, steps: [StepID])? {
        let lifting = scene.steps.filter(\.action.liftsProtection)
        guard !lifting.isEmpty else { return nil }
        let using = scene.steps.filter(usesLack)
        guard !using.isEmpty else { return nil }
        return (
            "step \(lifting[0].id) takes a protection away, and step \(using[0].id) of the same "
                + "plan could use that",
            (lifting + using).map(\.id).sorted()
        )
    }

    private func usesLack(_ step: Step) -> Bool {
        switch step.action {
        case .deleteBackup, .deleteCluster: true
        case .setRetention(_, let new, let losing):
            !losing.isEmpty
                || (scene.cluster?.retention.lifetime.map { $0 > .days(new.days) } ?? true)
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType:
            false
        }
    }
}

extension Action {
    /// Whether it takes a pin, or the record of a recovery point, away.
    fileprivate var liftsProtection: Bool {
        switch self {
        case .unpinBackup: true
        case .untagBackup(_, let keys): keys.contains { $0.hasPrefix(OwnershipTag.prefix) }
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
            .copyBackup, .deleteBackup, .restoreBackup, .pinBackup, .tagBackup, .tagCluster,
            .changeType, .deleteCluster:
            false
        }
    }
}

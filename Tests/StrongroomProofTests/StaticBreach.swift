import CloudHSM
import StrongroomModel

extension Case {
    /// What is wrong with a plan whatever happens: it says what may not even be planned.
    var staticBreach: String? {
        breachOfProtection ?? breachOfAsking ?? breachOfMixing ?? breachOfRepeating
            ?? breachOfBudget
            ?? breachOfReplacing ?? breachOfCopying
    }

    /// A copy that an earlier run began comes before anything goes.
    private var breachOfCopying: String? {
        let isLosing = steps.contains { !$0.action.lostBackups.isEmpty }
        let isCopying = (group?.backups ?? []).contains { backup in
            backup.state == .createInProgress
                && backup.origin.map { now - $0.copiedAt < .days(1) } ?? false
        }
        return isLosing && isCopying ? "backups go while one is being copied" : nil
    }

    private func backup(_ id: BackupID) -> Backup? { group?.backups.first { $0.id == id } }

    /// Whether the manifest wants a backup gone.
    private func wantsGone(_ backup: Backup) -> Bool {
        let cut = desired.purge.map { $0.value.materialRemovedAt + .hours(1) }
        if let cut, backup.createdAt <= cut { return true }
        let isSecond = (group?.backups ?? []).contains {
            $0.isReady && $0.id != backup.id && $0.region == backup.region
                && $0.copiedFrom == backup.copiedFrom
        }
        return desired.copies.contains {
            let isOld = $0.retentionDays.map { backup.createdAt <= now - .days($0.value) } ?? false
            return $0.region.value == backup.region && backup.isCopy && (isOld || isSecond)
        }
    }

    /// The names that the plan records, and on which backup, before anything can be lost.
    private var recordedFirst: [String: BackupID] {
        var recorded: [String: BackupID] = [:]
        for step in steps {
            guard step.action.lostBackups.isEmpty else { break }
            guard case .tagBackup(.known(let id), let tags) = step.action else { continue }
            for key in tags.keys where backup(id) != nil { recorded[key] = id }
        }
        return recorded
    }

    /// Whether a selector may mean a backup at all.
    private func admits(
        _ selector: DesiredRecoveryPoint.Selector,
        _ backup: Backup
    ) -> Bool {
        switch selector {
        case .backup(let id): backup.id == id
        case .takenBefore(let moment): backup.createdAt < moment
        case .takenAfter(let moment): backup.createdAt > moment
        case .newest: true
        }
    }

    private var breachOfProtection: String? {
        for step in steps {
            let id: BackupID
            switch step.action {
            case .deleteBackup(let lost, _, _): id = lost
            case .unpinBackup(let freed, _, _): id = freed
            default: continue
            }
            guard let backup = backup(id) else { continue }
            if isNominated(backup) { return "step \(step.id) takes a recovery point" }
            guard case .deleteBackup = step.action, !backup.isCopy else { continue }
            let pins = steps.contains { $0.action == .pinBackup(.known(id)) }
            let isOpen = desired.purge?.value.includePinned ?? false
            if backup.neverExpires || pins, !isOpen {
                return "step \(step.id) deletes a pinned backup"
            }
        }
        return nil
    }

    /// Whether a backup is, or may turn out to be, a recovery point.
    func isNominated(_ backup: Backup) -> Bool {
        desired.recoveryPoints.contains { point in
            let key = OwnershipTag.recoveryPoint + point.name.value
            if case .backup = point.selector {
                // Named by its id: what was recorded before plays no part.
            } else if backup.tags[key] != nil {
                return true
            }
            var isRecorded = group?.backups.contains { $0.tags[key] != nil } ?? false
            if let id = recordedFirst[key], let named = self.backup(id),
                admits(point.selector, named)
            {
                if backup.id == id { return true }
                isRecorded = true
            }
            switch point.selector {
            case .backup(let id):
                let isCopied = point.regions.contains { $0.value == backup.region }
                return backup.id == id || (backup.copiedFrom == id && isCopied)
            case .takenBefore(let moment): return !isRecorded && backup.createdAt < moment
            case .takenAfter(let moment): return !isRecorded && backup.createdAt > moment
            case .newest: return !isRecorded
            }
        }
    }

    private var breachOfAsking: String? {
        for step in steps {
            switch step.action {
            case .deleteBackup(let id, let region, let createdAt):
                guard let backup = backup(id), backup.region == region,
                    backup.createdAt == createdAt, wantsGone(backup)
                else { return "step \(step.id) deletes what nobody asks to delete" }
            case .setRetention(let old, let new, let losing):
                let isShorter = old.lifetime.map { $0 > .days(new.days) } ?? true
                if new != desired.backups.retention?.value, isShorter || !losing.isEmpty {
                    return "step \(step.id) shortens the retention unasked"
                }
            case .unpinBackup(let id, _, _):
                let isOurs = backup(id)?.tags[OwnershipTag.pin] != nil
                let isPurged = desired.purge?.value.includePinned ?? false
                if !isOurs, !(isPurged && backup(id).map(wantsGone) ?? false) {
                    return "step \(step.id) unpins what a person pinned"
                }
            default: break
            }
        }
        return nil
    }

    private var breachOfMixing: String? {
        let lifts = steps.contains {
            if case .unpinBackup = $0.action { true } else { false }
        }
        let uses = steps.contains { step in
            switch step.action {
            case .deleteBackup, .deleteCluster: true
            case .setRetention(_, let new, let losing):
                !losing.isEmpty
                    || group?.cluster?.retention.lifetime.map { $0 > .days(new.days) } ?? true
            default: false
            }
        }
        return lifts && uses ? "a protection is lifted and used in one plan" : nil
    }

    private var breachOfRepeating: String? {
        for (index, step) in steps.enumerated() {
            for other in steps[..<index] where isTwin(step.action, other.action) {
                return "steps \(other.id) and \(step.id) do the same"
            }
            guard case .copyBackup(let source, let region) = step.action,
                case .known(let id) = source
            else { continue }
            let isThere =
                group?.backups.contains {
                    $0.copiedFrom == id && $0.region == region
                        && ($0.isReady || $0.state == .createInProgress)
                } ?? false
            if isThere, !step.preconditions.contains(.notCopied(source, to: region)) {
                return "step \(step.id) copies again"
            }
        }
        return nil
    }

    private func isTwin(_ one: Action, _ other: Action) -> Bool {
        switch (one, other) {
        case (.addHSM, _): false
        case (.copyBackup(let source, let region), .copyBackup(let second, let place)):
            source == second && region == place
        case (.removeHSM(let hsm, _, _), .removeHSM(let second, _, _)): hsm == second
        case (.deleteBackup(let id, _, _), .deleteBackup(let second, _, _)): id == second
        default: one == other
        }
    }

    private var breachOfReplacing: String? {
        for step in steps {
            guard case .removeHSM(.added(let adding), _, _) = step.action else { continue }
            if !step.preconditions.contains(.freshBackup(causedBy: adding)) {
                return "step \(step.id) does not look for the backup its HSM was added for"
            }
        }
        let healthy = group?.cluster?.healthyHSMs ?? []
        let asked = desired.hsms?.value.count ?? healthy.count
        if case .absent = desired.ensure.value { return nil }
        guard !healthy.isEmpty, asked > 0 else { return nil }
        let removed = steps.compactMap { step -> HSMID? in
            if case .removeHSM(.known(let id), _, _) = step.action { return id }
            return nil
        }
        return healthy.allSatisfy { removed.contains($0.id) } ? "every HSM is replaced" : nil
    }

    private var breachOfBudget: String? {
        let lost = steps.flatMap { step -> [Region] in
            if case .deleteBackup(_, let region, _) = step.action { return [region] }
            return step.action.lostBackups.map { _ in home }
        }
        if lost.count > safety.deletionsPerRun { return "more go than a run may take" }
        for region in Set(lost) {
            let there = group?.backups.count { $0.isReady && $0.region == region } ?? 0
            let part = Double(lost.count { $0 == region }) / Double(max(there, 1))
            if part > safety.deletionRatio + 1e-9 { return "too large a part goes" }
        }
        return nil
    }
}

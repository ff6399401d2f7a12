internal import CloudHSM
internal import StrongroomModel

/// The need for more copies in one Region than the newest: as many as `keepAtLeast` says.
///
/// Two copies of one backup count as one. One copy is under way at a time.
struct CopyCount {
    let wanted: DesiredCopies
    let index: Int

    /// Since when content counts, where a purge is under way.
    let cut: Timestamp?

    let group: ProtectionGroup
    let situation: Situation

    private var region: Region { wanted.region.value }

    /// The copies that are missing, each after the one before.
    ///
    /// - Parameter fresh: What was found of the newest copy in the Region.
    /// - Returns: The steps, or a line.
    func findings(after fresh: Findings) -> Findings {
        guard let least = wanted.keepAtLeast, least.value > 1 else { return .nothing }
        // While the newest copy is on its way, or cannot be had, nothing else is begun.
        guard fresh.notes.isEmpty else { return .nothing }
        let there = Set(
            group.readyCopies(in: region).filter { isCounted($0) }.compactMap(\.copiedFrom)
        )
        let planned = Set(fresh.steps.compactMap(\.action.copiedKnown))
        let missing = least.value - there.union(planned).count - (fresh.causedCopies)
        guard missing > 0 else { return .nothing }
        let need = "\(least.value - missing) of \(least.value) copies"
        if let coming = group.copies(in: region, .createInProgress).first {
            return waiting("\(need); \(coming.copy.id) is being copied", at: least)
        }
        let sources = sources(without: planned).prefix(missing)
        var before = fresh.steps.map(\.id)
        var steps: [DraftStep] = []
        for (number, source) in sources.enumerated() {
            let step = CopyAttempt.step(
                Phase.copy.draft(100_000 + index * 1_000 + number),
                of: .known(source.id),
                to: region,
                because: Reason(rule: "copy", "\(need) (keepAtLeast)", at: least.location),
                after: before
            )
            before = [step.id]
            steps.append(step)
        }
        guard sources.count < missing else { return Findings(steps: steps) }
        return Findings(steps: steps)
            + waiting("\(need); there is no other backup to copy yet", at: least)
    }

    /// The cluster's own READY backups that have no copy there, newest first.
    private func sources(without planned: Set<BackupID>) -> [Backup] {
        let copied = Set(
            group.backups.filter {
                $0.region == region && ($0.isReady || $0.state == .createInProgress)
            }
            .compactMap(\.copiedFrom)
        )
        let horizon = wanted.retentionDays.map { situation.now - .days($0.value) }
        return group.readyBackups(in: situation.home).reversed().filter { source in
            !source.isCopy && isCounted(source) && !copied.contains(source.id)
                && !planned.contains(source.id)
                && horizon.map { source.createdAt >= $0 } ?? true
                && CopyAttempt(source: source, region: region, group: group)
                    .obstacle(at: situation.now) == nil
        }
    }

    private func isCounted(_ backup: Backup) -> Bool { cut.map { backup.createdAt >= $0 } ?? true }

    private func waiting(_ text: String, at least: Located<Int>) -> Findings {
        .waiting("copies in \(region)", Reason(rule: "copy", text, at: least.location))
    }
}

extension Findings {
    /// How many steps copy a backup that the plan itself causes.
    fileprivate var causedCopies: Int {
        steps.count { step in
            if case .copyBackup(.caused, _) = step.action { return true }
            return false
        }
    }
}

extension Action {
    /// The backup that the action copies, where it is known.
    fileprivate var copiedKnown: BackupID? {
        if case .copyBackup(.known(let id), _) = self { return id }
        return nil
    }
}

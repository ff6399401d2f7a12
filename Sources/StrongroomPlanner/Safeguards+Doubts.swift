internal import CloudHSM
internal import StrongroomModel

/// What is held while we cannot trust the clock, the journal, our memory, or what is listed.
extension Safeguards {
    /// A journal entry from after the present: the clock ran backwards, so no age can be trusted.
    func holdWhenClockRanBack(_ parts: inout [PlanPart]) {
        // A minute is allowed for clock skew.
        let written = context.recentEntries.lazy
            .map { max($0.intent.writtenAt, $0.outcome?.at ?? $0.intent.writtenAt) }
        guard let latest = written.max(), latest > context.now + .minutes(1) else { return }
        for index in parts.indices {
            parts[index].hold("clock", where: { _ in true }) { _ in
                "the journal knows of \(latest), but it is only \(context.now) by the clock"
            }
        }
    }

    /// A memory from before the world's: it may not know what it began.
    func holdWhenMemoryIsOld(_ parts: inout [PlanPart]) {
        guard let doubt = context.memoryDoubt else { return }
        for index in parts.indices {
            parts[index].hold("memory", where: { _ in true }, because: { _ in doubt })
        }
    }

    /// By a clock that is wrong, what is young seems old.
    func holdDestructionByDoubtfulClock(_ parts: inout [PlanPart]) {
        guard let doubt = context.clockDoubt else { return }
        for index in parts.indices {
            parts[index].hold("clock", where: \.action.destroys, because: { _ in doubt })
        }
    }

    /// Where a part of the journal is gone, nobody knows how much was deleted in the last day.
    func holdLossesUncounted(_ parts: inout [PlanPart]) {
        guard let gap = context.journalGaps.first else { return }
        let isFleets = context.journalGaps.contains { $0.group == nil }
        for index in parts.indices {
            parts[index].hold("journal-gap") { step in
                if case .createCluster = step.action, isFleets {
                    return "it may have been made already: \(gap.reason)"
                }
                guard !step.action.lostBackups.isEmpty else { return nil }
                return "how much was deleted in the last day is not known: \(gap.reason)"
            }
        }
    }

    /// Backups that vanished from the list: nothing is deleted because of it, and nothing made.
    func holdShrunk(_ parts: inout [PlanPart]) {
        for index in parts.indices {
            guard
                let shrinkage = parts[index].shrinkage,
                !context.isOverridden(.shrunk, for: parts[index].plan.subject.group)
            else { continue }
            parts[index].hold(
                "shrunk",
                where: { $0.action.destroys || $0.action.makes },
                because: { _ in shrinkage.text }
            )
        }
    }

    /// What somebody restored after we deleted it goes again only if a person read that it does.
    func holdRescued(_ parts: inout [PlanPart]) {
        for index in parts.indices where !parts[index].rescued.isEmpty {
            let rescued = parts[index].rescued
            parts[index].hold("rescued") { step in
                for id in step.action.lostBackups {
                    guard let deletion = rescued[id], !isReadAfter(deletion) else { continue }
                    let at = deletion.map { " at \($0)" } ?? ""
                    return "\(id) was deleted\(at) and somebody restored it: it is deleted again "
                        + "only by a plan that a person read, with apply on a terminal or a saved "
                        + "plan; \(step.reason.text)"
                }
                return nil
            }
        }
    }

    /// Whether a person read the plan, and after the deletion that somebody undid.
    private func isReadAfter(_ deletion: Timestamp?) -> Bool {
        switch context.reader {
        case .nobody: false
        case .person: true
        case .personAt(let moment): deletion.map { moment > $0 } ?? true
        }
    }
}

extension Action {
    /// Whether it takes something away, at once or by and by.
    fileprivate var destroys: Bool {
        switch self {
        case .removeHSM, .deleteBackup, .unpinBackup, .deleteCluster: true
        case .setRetention(let old, let new, _):
            if case .days(let days) = old { new.days < days } else { true }
        case .createCluster, .initializeCluster, .addHSM, .copyBackup, .restoreBackup, .pinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType:
            false
        }
    }

    /// Whether it makes something new.
    fileprivate var makes: Bool {
        switch self {
        case .createCluster, .addHSM, .copyBackup: true
        case .initializeCluster, .removeHSM, .setRetention, .deleteBackup, .restoreBackup,
            .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster, .changeType,
            .deleteCluster:
            false
        }
    }
}

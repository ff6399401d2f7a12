internal import CloudHSM
internal import StrongroomModel

/// Journal entries by what they concern, so that a group is not searched for in all of them.
struct EntriesBySubject {
    private var byGroup: [GroupID: [JournalEntry]] = [:]
    private var creations: [String: [JournalEntry]] = [:]

    init(_ entries: [JournalEntry]) {
        for entry in entries {
            if let group = entry.intent.group {
                byGroup[group, default: []].append(entry)
            } else if let name = entry.intent.name {
                creations[name, default: []].append(entry)
            }
        }
    }

    func of(_ group: ProtectionGroup) -> [JournalEntry] {
        byGroup.isEmpty ? [] : byGroup[group.id] ?? []
    }

    func ofCreating(_ desired: DesiredCluster) -> [JournalEntry] {
        (creations[desired.name.value] ?? []).filter { $0.intent.place == desired.home }
    }
}

extension Planner {
    /// What the journal says is still under way: until it can be seen, nothing is planned.
    ///
    /// Reads are eventually consistent, so a call that was accepted may not show yet, and must not
    /// be made again (fact sheet, section 17).
    func unsettled(_ situation: Situation) -> Findings? {
        for entry in situation.entries {
            guard let text = reasonToWait(for: entry, situation) else { continue }
            let reason = Reason(rule: "journal", text, at: situation.desired.name.location)
            // Of a call without an outcome nobody knows whether it was carried out.
            var findings: Findings =
                entry.outcome == nil
                ? .held("earlier call", reason) : .waiting("earlier call", reason)
            findings.isFinal = true
            return findings
        }
        return nil
    }

    private func reasonToWait(for entry: JournalEntry, _ situation: Situation) -> String? {
        let intent = entry.intent
        guard let outcome = entry.outcome else {
            return
                "\(intent.operation) of \(intent.target), sent \(intent.writtenAt), has no known "
                + "outcome; it is decided by \(intent.writtenAt + ReadDelay.untilDecided)"
        }
        guard
            outcome.result.isDone,
            situation.now < outcome.at + ReadDelay.allowance,
            !intent.isVisible(in: situation.group, made: outcome.made)
        else { return nil }
        return "\(intent.operation) of \(intent.target) was accepted at \(outcome.at) "
            + "and is not visible yet"
    }
}

internal import CloudHSM
internal import StrongroomModel

extension Planner {
    /// What the journal says is still under way: until it can be seen, nothing is planned.
    ///
    /// Reads are eventually consistent, so a call that was accepted may not show yet, and must not
    /// be made again (fact sheet, section 17).
    func unsettled(_ situation: Situation) -> Findings? {
        let entries = situation.context.recentEntries.filter { entry in
            guard let group = situation.group else {
                return entry.intent.group == nil
                    && entry.intent.name == situation.desired.name.value
                    && entry.intent.place == situation.desired.home
            }
            return entry.intent.group == group.id
        }
        for entry in entries {
            guard let text = reasonToWait(for: entry, situation) else { continue }
            var findings = Findings.waiting(
                "earlier call",
                Reason(rule: "journal", text, at: situation.desired.name.location)
            )
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
            outcome.result == .accepted || outcome.result == .foundDone,
            situation.now < outcome.at + ReadDelay.allowance,
            !intent.isVisible(in: situation.group, made: outcome.made)
        else { return nil }
        return "\(intent.operation) of \(intent.target) was accepted at \(outcome.at) "
            + "and is not visible yet"
    }
}

internal import CloudHSM
internal import StrongroomModel

extension Findings {
    /// The same with the cause of every line that is to be done, waits or is held, and with lines
    /// for what changed since the last run and needs nothing.
    ///
    /// - Parameter situation: What the rules saw.
    /// - Returns: The findings; unchanged where what the last run saw cannot be read.
    func explained(in situation: Situation) -> Findings {
        guard let all = situation.context.seen else { return self }
        let seen = situation.group.flatMap { all[$0.id] }
        guard seen != nil || !steps.isEmpty || !notes.isEmpty else { return self }
        let witness = Witness(situation, seen: seen)
        var findings = self
        if !steps.isEmpty || !notes.isEmpty { findings.explain(by: witness) }
        let open = Set(
            findings.steps.compactMap(\.reason.aspect)
                + findings.notes.compactMap(\.reason.aspect)
        )
        findings.notes += witness.noticed(besides: open)
        return findings
    }

    private mutating func explain(by witness: Witness) {
        let aspects = witness.situation.desired.aspects
        for index in steps.indices {
            let step = steps[index]
            steps[index].reason = step.reason.explained(by: witness, step.action, among: aspects)
        }
        notes = notes.map { note in
            guard note.isOpen else { return note }
            return note.because(note.reason.explained(by: witness, nil, among: aspects))
        }
    }
}

extension Reason {
    fileprivate func explained(
        by witness: Witness,
        _ action: Action?,
        among aspects: [Aspect]
    ) -> Reason {
        let aspect = aspects.of(self, action)
        var reason = self
        reason.cause = witness.cause(of: self, action, aspect)
        reason.aspect = aspect?.key
        return reason
    }
}

internal import CloudHSM
internal import StrongroomModel

extension [PlanPart] {
    /// The same, with the clones named that still hold what is being purged.
    ///
    /// A cluster that was made from such a backup is out of a purge's reach: its users and keys are
    /// its own by now (fact sheet, section 14.5).
    var withClonesOfThePurged: [PlanPart] {
        let purged = indices.filter { !self[$0].holding.isEmpty }
        guard !purged.isEmpty else { return self }
        let clones = filter { $0.usage.madeFrom != nil }
        var parts = self
        for index in purged {
            for clone in clones where !clone.isPurgedWith(self[index]) {
                guard let source = clone.usage.madeFrom, self[index].holding.contains(source)
                else { continue }
                parts[index].name(clone, madeFrom: source)
            }
        }
        return parts
    }
}

extension PlanPart {
    /// Whether a clone's own manifest purges what its source's purges.
    fileprivate func isPurgedWith(_ origin: PlanPart) -> Bool {
        guard let own = purge?.value, let wanted = origin.purge?.value else { return false }
        return own.materialRemovedAt >= wanted.materialRemovedAt
    }

    fileprivate mutating func name(_ clone: PlanPart, madeFrom source: BackupID) {
        let subject = clone.plan.subject
        let name =
            [subject.name, subject.cluster?.description].compactMap(\.self).first ?? "a clone"
        let text =
            "it was made from \(source), which holds the material: remove it on its HSMs as well, "
            + "and give its manifest a purge of its own"
        let reason = Reason(rule: "purge", text, at: purge?.location)
        add(Note(.noticed, "clone \(name) in \(subject.home.region)", reason))
    }
}

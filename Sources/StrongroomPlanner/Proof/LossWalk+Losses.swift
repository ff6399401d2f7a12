internal import CloudHSM
internal import StrongroomModel

extension LossWalk {
    mutating func guardNomination(of backup: Backup, at position: Int) {
        let step = scene.steps[position]
        guard let name = scene.nominations.name(of: backup) else { return }
        reading.find(
            .recoveryPoints,
            "\(backup.id), which is or may be the recovery point \(name), may be swept because of "
                + "step \(step.id)",
            [step.id],
            in: scene
        )
    }

    /// Copies before sources: what is to be copied goes only when content as young is READY there.
    mutating func guardCopies(of going: [Backup], at position: Int) {
        let copies = scene.copiedTo
        guard !copies.isEmpty else { return }
        let step = scene.steps[position]
        for backup in going {
            for region in copies[backup.id] ?? [] {
                let young = youngCopies(of: backup, in: region, at: position)
                guard young == 0 else { continue }
                reading.find(
                    .replacements,
                    "\(backup.id) may go by step \(step.id) before its copy is READY in \(region)",
                    [step.id],
                    in: scene
                )
            }
        }
    }
}

extension LossWalk {
    /// How few READY copies may be there that are as young; a step that need not wait for every
    /// earlier one knows only of copies that it does wait for.
    func youngCopies(of backup: Backup, in region: Region, at position: Int) -> Int? {
        let step = scene.steps[position]
        guard step.action.lostBackups.isEmpty else {
            return fewest(in: region, since: backup.createdAt, without: nil, at: position)
        }
        let isAwaited = scene.ancestors(of: position).contains { earlier in
            scene.steps[earlier].postcondition
                == .copyReady(of: .known(backup.id), in: region)
        }
        let guards = Guards(of: step, in: region, of: scene)
        guard !isAwaited, guards.canHold else { return nil }
        return (shelvesAtFirst[region] ?? .empty).fewest(
            since: backup.createdAt,
            without: nil,
            where: guards.constraints,
            seen: guards.seen
        )
    }
}

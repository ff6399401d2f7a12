internal import CloudHSM
internal import StrongroomModel

extension LossWalk {
    /// How many must be left: the manifest's floor, at least 1; at home no more than were there.
    func floor(in region: Region) -> Int {
        guard region == home else {
            return scene.desired.copies.first { $0.region.value == region }?.floor ?? 1
        }
        return max(1, min(scene.desired.backups.floor, initial[home] ?? 0))
    }

    /// Whether what a step's preconditions say of backups can come true in every Region.
    func canHappen(_ position: Int) -> Bool {
        let step = scene.steps[position]
        var leaving: BackupID?
        if case .deleteBackup(let id, _, _) = step.action { leaving = id }
        return shelves.allSatisfy { region, shelf in
            let guards = book.guards(at: position, in: region)
            guard guards.canHold else { return false }
            guard !guards.constraints.isEmpty || !guards.seen.isEmpty else { return true }
            return shelf.fewest(without: leaving, where: guards.constraints, seen: guards.seen)
                != nil
        }
    }

    func fewest(
        in region: Region,
        since: Timestamp = .distantPast,
        without leaving: BackupID?,
        at position: Int
    ) -> Int? {
        let guards = book.guards(at: position, in: region)
        guard guards.canHold else { return nil }
        return (shelves[region] ?? .empty)
            .fewest(since: since, without: leaving, where: guards.constraints, seen: guards.seen)
    }

    mutating func weigh(
        _ region: Region,
        without id: BackupID,
        since: Timestamp,
        at position: Int
    ) {
        let step = scene.steps[position]
        guard let left = fewest(in: region, without: id, at: position) else { return }
        record(left, in: region, at: position)
        guard let young = fewest(in: region, since: since, without: id, at: position) else {
            return
        }
        let text: () -> String = {
            "\(young) READY backups in \(region) are as young as \(id) when step \(step.id) "
                + "deletes it"
        }
        if young < 1 {
            reading.find(.replacements, text(), [step.id], in: scene)
        } else {
            reading.weigh(.replacements, text(), [step.id], in: scene)
        }
    }

    /// The floor of clean backups at home, for a copy that goes where none is asked for.
    mutating func weighClean(_ backup: Backup, at position: Int) {
        guard let purge = scene.desired.purge else { return }
        let since = Timestamp(milliseconds: purge.value.materialRemovedAt.milliseconds + 1)
        guard let left = fewest(in: home, since: since, without: nil, at: position) else { return }
        record(left, in: home, at: position, words: "clean READY backups")
    }

    mutating func record(
        _ left: Int,
        in region: Region,
        at position: Int,
        words: String = "READY backups"
    ) {
        let step = scene.steps[position]
        let floor = floor(in: region)
        let steps: () -> [StepID] = { [lossesIn] in (lossesIn[region] ?? []) + [step.id] }
        let text: () -> String = {
            "\(left) \(words) may be left in \(region) after step \(step.id); "
                + "the floor is \(floor)"
        }
        if left < floor {
            reading.find(.floors, text(), steps(), in: scene)
        }
        reading.weigh(
            .floors,
            text(),
            steps(),
            margin: Proof.Margin(
                left - floor,
                .readyBackup,
                in: region,
                of: scene.plan.subject
            ),
            in: scene
        )
    }
}

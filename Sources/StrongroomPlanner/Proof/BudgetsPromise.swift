internal import CloudHSM
internal import StrongroomModel

/// Promise 6, within a group: the part of a Region's READY backups that a day takes, and how much an
/// hour makes.
///
/// What a run and a day may take in all is known only from every group together.
struct BudgetsPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        readCreations(&reading)
        guard !scene.context.isOverridden(.deletionBudget, for: scene.group?.id) else {
            return reading
        }
        var taken: [Region: (count: Int, steps: [StepID])] = [:]
        for step in scene.steps where !step.action.lostBackups.isEmpty {
            var region = scene.home.region
            if case .deleteBackup(_, let place, _) = step.action { region = place }
            taken[region, default: (0, [])].count += step.action.lostBackups.count
            taken[region]?.steps.append(step.id)
        }
        guard !taken.isEmpty else { return reading }
        var ready: [Region: Int] = [:]
        for backup in scene.group?.backups ?? [] where backup.isReady {
            ready[backup.region, default: 0] += 1
        }
        let limit = scene.fleet.safety.deletionRatio
        for (region, loss) in taken.sorted(by: { $0.key.description < $1.key.description }) {
            let there = ready[region] ?? 0
            let earlier = takenBefore[region] ?? 0
            let all = Double(max(there + earlier, 1))
            guard Double(loss.count + earlier) > limit * all + 1e-9 else { continue }
            reading.find(
                .budgets,
                "\(loss.count) of \(there) READY backups in \(region) go after \(earlier) of the "
                    + "last 24 hours; the limit is \(limit) of them",
                loss.steps,
                in: scene
            )
        }
        return reading
    }

    /// What went in the last 24 hours, by Region; a call in doubt counts.
    private var takenBefore: [Region: Int] {
        var taken: [Region: Int] = [:]
        for entry in scene.entries
        where entry.mayHaveHappened && entry.intent.writtenAt > scene.now - .hours(24) {
            taken[entry.intent.place.region, default: 0] += entry.intent.losing.count
        }
        return taken
    }

    private func readCreations(_ reading: inout Reading) {
        let making = scene.steps.filter { step in
            switch step.action {
            case .createCluster, .addHSM: true
            case .initializeCluster, .removeHSM, .setRetention, .copyBackup, .deleteBackup,
                .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
                .changeType, .deleteCluster:
                false
            }
        }
        guard
            !making.isEmpty,
            !scene.context.isOverridden(.creationBudget, for: scene.group?.id)
        else { return }
        let before = scene.entries.count { entry in
            let isCreation = ["CreateCluster", "CreateHsm"].contains(entry.intent.operation)
            return isCreation && entry.mayHaveHappened
                && entry.intent.writtenAt > scene.now - .hours(1)
        }
        let limit = scene.fleet.safety.creationsPerHour
        guard before + making.count > limit else { return }
        reading.find(
            .budgets,
            "\(making.count) are made after \(before) of the last hour; \(limit) may "
                + "(safety.creations.perHour)",
            making.map(\.id),
            in: scene
        )
    }
}

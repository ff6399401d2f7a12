internal import CloudHSM
internal import StrongroomModel

/// Promise 6, within a group: the part of a Region's READY backups that one run takes.
///
/// What a run and a day may take in all is known only from every group together.
struct BudgetsPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
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
            guard Double(loss.count) > limit * Double(max(there, 1)) + 1e-9 else { continue }
            reading.find(
                .budgets,
                "\(loss.count) of \(there) READY backups in \(region) go; the limit is "
                    + "\(limit) of them",
                loss.steps,
                in: scene
            )
        }
        return reading
    }
}

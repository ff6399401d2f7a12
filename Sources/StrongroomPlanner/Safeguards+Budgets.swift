internal import CloudHSM
internal import StrongroomModel

/// How much may go and be made, counted from the journal, whoever runs it and however often.
extension Safeguards {
    /// HSMs made in a loop cost money before anybody notices.
    func holdBeyondCreations(_ parts: inout [PlanPart]) {
        let limit = fleet.safety.creationsPerHour
        let since = context.now - .hours(1)
        for index in parts.indices where !parts[index].plan.steps.isEmpty {
            let group = parts[index].plan.subject.group
            guard !context.isOverridden(.creationBudget, for: group) else { continue }
            var made = parts[index].entries.count { entry in
                ["CreateHsm", "CreateCluster"].contains(entry.intent.operation)
                    && entry.mayHaveHappened && entry.intent.writtenAt > since
            }
            let before = made
            let wanted = parts[index].plan.steps.count(where: \.action.createsHSM)
            parts[index].hold("creation-budget") { step in
                guard step.action.createsHSM else { return nil }
                guard made < limit else {
                    return BudgetWords(group: group)
                        .creations(limit, before: before, wanted: wanted)
                }
                made += 1
                return nil
            }
        }
    }

    /// Deletions stay inside the budget per run, per day and per group and Region.
    func holdBeyondDeletions(_ parts: inout [PlanPart]) {
        let safety = fleet.safety
        var run = 0
        var day = context.recentEntries.reduce(0) { $0 + lossesOfTheDay(in: $1) }
        #if PLANTED_BUGS
            if PlantedBug.dayBudgetForgotten.isPlanted { day = 0 }
        #endif
        let dayBefore = day
        let wanted = parts.reduce(0) { sum, part in
            sum + part.plan.steps.reduce(0) { $0 + $1.action.lostBackups.count }
        }
        for index in parts.indices where !parts[index].plan.steps.isEmpty {
            let subject = parts[index].plan.subject
            let home = subject.home.region
            let ready = parts[index].usage.ready
            let before = lossesByRegion(of: parts[index])
            var lost = before
            let words = BudgetWords(group: subject.group)
            let isFree = context.isOverridden(.deletionBudget, for: subject.group)
            parts[index].hold("deletion-budget") { step in
                let losing = step.action.lostBackups.count
                guard losing > 0 else { return nil }
                let region = step.action.lossRegion ?? home
                let gone = (lost[region] ?? 0) + losing
                let there = (ready[region] ?? 0) + (before[region] ?? 0)
                let limits: String? =
                    if run + losing > safety.deletionsPerRun {
                        words.run(safety.deletionsPerRun, wanted: wanted, losing: losing)
                    } else if day + losing > safety.deletionsPerDay {
                        words.day(
                            safety.deletionsPerDay,
                            before: dayBefore,
                            wanted: wanted,
                            losing: losing
                        )
                    } else if Double(gone) / Double(max(there, 1)) > safety.deletionRatio {
                        words.ratio(
                            safety.deletionRatio,
                            gone: gone,
                            of: there,
                            in: region,
                            losing: losing
                        )
                    } else {
                        nil
                    }
                if let limits, !isFree { return limits }
                run += losing
                day += losing
                lost[region] = gone
                return nil
            }
        }
    }

    /// Backups of a group that went by our hand in the 24 hours before, by Region.
    private func lossesByRegion(of part: PlanPart) -> [Region: Int] {
        part.entries.reduce(into: [:]) { losses, entry in
            let count = lossesOfTheDay(in: entry)
            if count > 0 { losses[entry.intent.place.region, default: 0] += count }
        }
    }

    /// Backups that went by one call of the 24 hours before; one in doubt counts as gone.
    private func lossesOfTheDay(in entry: JournalEntry) -> Int {
        let isOfTheDay = entry.intent.writtenAt > context.now - .hours(24)
        return isOfTheDay && entry.mayHaveHappened ? entry.intent.losing.count : 0
    }
}

extension Action {
    /// Whether it makes an HSM; a cluster is made to have some.
    fileprivate var createsHSM: Bool {
        switch self {
        case .createCluster, .addHSM: true
        case .initializeCluster, .removeHSM, .setRetention, .copyBackup, .deleteBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType, .deleteCluster:
            false
        }
    }
}

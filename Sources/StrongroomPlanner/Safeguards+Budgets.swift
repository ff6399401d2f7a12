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
            parts[index].hold("creation-budget") { step in
                switch step.action {
                case .createCluster, .addHSM:
                    guard made < limit else {
                        return "an hour may make \(limit) HSMs in a cluster "
                            + "(safety.creations.perHour); \(made) go before it"
                    }
                    made += 1
                    return nil
                case .initializeCluster, .removeHSM, .setRetention, .copyBackup, .deleteBackup,
                    .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
                    .tagCluster, .changeType, .deleteCluster:
                    return nil
                }
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
        for index in parts.indices where !parts[index].plan.steps.isEmpty {
            let subject = parts[index].plan.subject
            let home = subject.home.region
            let ready = parts[index].usage.ready
            let before = lossesByRegion(of: parts[index])
            var lost = before
            let isFree = context.isOverridden(.deletionBudget, for: subject.group)
            parts[index].hold("deletion-budget") { step in
                let losing = step.action.lostBackups.count
                guard losing > 0 else { return nil }
                let region = step.action.lossRegion ?? home
                let gone = (lost[region] ?? 0) + losing
                let there = (ready[region] ?? 0) + (before[region] ?? 0)
                let reason =
                    isFree ? nil : refusal(losing, run, day) ?? refusal(gone, there, region)
                if let reason { return reason }
                run += losing
                day += losing
                lost[region] = gone
                return nil
            }
        }

        func refusal(_ losing: Int, _ run: Int, _ day: Int) -> String? {
            if run + losing > safety.deletionsPerRun {
                return "one run may delete \(safety.deletionsPerRun) backups "
                    + "(safety.deletions.perRun); \(run) go before it"
            }
            guard day + losing > safety.deletionsPerDay else { return nil }
            return "a day may delete \(safety.deletionsPerDay) backups "
                + "(safety.deletions.perDay); \(day) go before it"
        }

        func refusal(_ gone: Int, _ there: Int, _ region: Region) -> String? {
            guard Double(gone) / Double(max(there, 1)) > safety.deletionRatio else { return nil }
            return "it would make \(gone) of \(there) READY backups in \(region) go within a day; "
                + "the limit is \(safety.deletionRatio) of them (safety.deletions.ratio)"
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

internal import CloudHSM
internal import StrongroomModel

/// What looks across groups before a plan may be shown: each turns steps into held lines.
///
/// A step is held together with every step that must come after it.
struct Safeguards {
    let fleet: DesiredFleet
    let context: PlanContext

    /// The groups' plans with everything held that must not be done now.
    ///
    /// - Parameter parts: The parts in the order of the plan.
    /// - Returns: The plans, in the same order.
    func applied(to parts: [PlanPart]) -> [GroupPlan] {
        var parts = parts
        holdDoubleClaims(&parts)
        holdWhenClockRanBack(&parts)
        holdFrozen(&parts)
        holdLossesUnseen(&parts)
        holdSourcesOfClones(&parts)
        holdBeyondQuota(&parts)
        holdBeyondBudget(&parts)
        return parts.map(\.plan)
    }

    /// Two clusters that carry one name's tag: which is meant cannot be known.
    private func holdDoubleClaims(_ parts: inout [PlanPart]) {
        let counts = parts.reduce(into: [String: Int]()) { counts, part in
            if let name = part.desiredName { counts[name, default: 0] += 1 }
        }
        for index in parts.indices {
            guard let name = parts[index].desiredName, let count = counts[name], count > 1 else {
                continue
            }
            let location = fleet.clusters.first { $0.name.value == name }?.name.location
            let text = "\(count) clusters carry the name \(name); say which with clusterId"
            parts[index].holdEverything(as: Reason(rule: "double-claim", text, at: location))
        }
    }

    /// A journal entry from after the present: the clock ran backwards, so no age can be trusted.
    private func holdWhenClockRanBack(_ parts: inout [PlanPart]) {
        // A minute is allowed for clock skew.
        let written = context.recentEntries.lazy
            .map { max($0.intent.writtenAt, $0.outcome?.at ?? $0.intent.writtenAt) }
        guard let latest = written.max(), latest > context.now + .minutes(1) else { return }
        for index in parts.indices {
            parts[index].hold("clock", where: { _ in true }) { _ in
                "the journal knows of \(latest), but it is only \(context.now) by the clock"
            }
        }
    }

    /// What cannot be seen may need what would be lost: a copy elsewhere, or a clone.
    private func holdLossesUnseen(_ parts: inout [PlanPart]) {
        guard !context.unreadPlaces.isEmpty || !context.unreadGroups.isEmpty else { return }
        let places = context.unreadPlaces.sorted { $0.key < $1.key }
        let groups = context.unreadGroups.sorted { $0.key < $1.key }
        for index in parts.indices {
            let home = parts[index].plan.subject.home
            parts[index].hold("incomplete") { step in
                guard !step.action.lostBackups.isEmpty else { return nil }
                if let (place, reason) = places.first(where: { $0.key.account == home.account }) {
                    return "\(place) was not read whole: \(reason)"
                }
                let region = step.action.lossRegion ?? home.region
                let place = Place(account: home.account, region: region)
                guard let (group, reason) = groups.first(where: { $0.key.home == place }) else {
                    return nil
                }
                return "\(group.cluster) could not be read and may be a clone of it: \(reason)"
            }
        }
    }

    /// A clone without a backup of its own still needs the backup it was made from.
    private func holdSourcesOfClones(_ parts: inout [PlanPart]) {
        let needed = Set(parts.compactMap(\.usage.neededSource) + parts.flatMap(\.reliesOn))
        guard !needed.isEmpty else { return }
        for index in parts.indices {
            parts[index].hold(
                "clone-source",
                where: { !needed.isDisjoint(with: $0.action.lostBackups) },
                because: { _ in "a clone still needs it, until it has a backup of its own" }
            )
        }
    }

    private func holdFrozen(_ parts: inout [PlanPart]) {
        guard let freeze = fleet.safety.freeze, context.now < freeze.until else { return }
        for index in parts.indices {
            parts[index].hold("freeze", at: freeze.location, where: { _ in true }) { _ in
                "nothing is changed until \(freeze.until): \(freeze.reason)"
            }
        }
    }

    /// The service would refuse; better said before the first step than in the middle.
    private func holdBeyondQuota(_ parts: inout [PlanPart]) {
        var clusters: [Place: Int] = [:]
        var hsms: [Place: Int] = [:]
        for part in parts {
            clusters[part.plan.subject.home, default: 0] += part.usage.clusters
            hsms[part.plan.subject.home, default: 0] += part.usage.hsms
        }
        let quotas = fleet.quotas
        for index in parts.indices where !parts[index].plan.steps.isEmpty {
            let home = parts[index].plan.subject.home
            var ofCluster = parts[index].usage.hsms
            parts[index].hold("quota") { step in
                switch step.action {
                case .createCluster:
                    guard (clusters[home] ?? 0) < quotas.clusters else {
                        return "\(home) has \(clusters[home] ?? 0) clusters, "
                            + "its quota is \(quotas.clusters)"
                    }
                    clusters[home, default: 0] += 1
                case .addHSM:
                    guard (hsms[home] ?? 0) < quotas.hsms else {
                        return "\(home) has \(hsms[home] ?? 0) HSMs with those planned before, "
                            + "its quota is \(quotas.hsms): have it raised, or remove one; "
                            + "wanted because \(step.reason.text)"
                    }
                    guard ofCluster < Quotas.hsmsPerCluster else {
                        return "a cluster has at most \(Quotas.hsmsPerCluster) HSMs"
                    }
                    hsms[home, default: 0] += 1
                    ofCluster += 1
                case .initializeCluster, .removeHSM, .setRetention, .copyBackup, .deleteBackup,
                    .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
                    .tagCluster, .changeType, .deleteCluster:
                    break
                }
                return nil
            }
        }
    }

    /// Deletions stay inside the budget per run, per day and per group, whoever runs it.
    private func holdBeyondBudget(_ parts: inout [PlanPart]) {
        let safety = fleet.safety
        var run = 0
        var day = deletionsOfTheDay()
        for index in parts.indices where !parts[index].plan.steps.isEmpty {
            var lost: [Region: Int] = [:]
            let ready = parts[index].usage.ready
            let home = parts[index].plan.subject.home.region
            parts[index].hold("deletion-budget") { step in
                let losing = step.action.lostBackups.count
                guard losing > 0 else { return nil }
                let region = step.action.lossRegion ?? home
                guard run + losing <= safety.deletionsPerRun else {
                    return "one run may delete \(safety.deletionsPerRun) backups "
                        + "(safety.deletions.perRun); \(run) go before it"
                }
                guard day + losing <= safety.deletionsPerDay else {
                    return "a day may delete \(safety.deletionsPerDay) backups "
                        + "(safety.deletions.perDay); \(day) go before it"
                }
                let part = Double((lost[region] ?? 0) + losing) / Double(max(ready[region] ?? 0, 1))
                guard part <= safety.deletionRatio else {
                    return "it would make \((lost[region] ?? 0) + losing) of \(ready[region] ?? 0) "
                        + "READY backups in \(region) go; the limit is "
                        + "\(safety.deletionRatio) of them (safety.deletions.ratio)"
                }
                run += losing
                day += losing
                lost[region, default: 0] += losing
                return nil
            }
        }
    }

    /// Backups that went by our hand in the 24 hours before; one in doubt counts as gone.
    private func deletionsOfTheDay() -> Int {
        let since = context.now - .hours(24)
        return context.recentEntries.reduce(0) { count, entry in
            let happened =
                entry.outcome.map {
                    $0.result == .accepted || $0.result == .foundDone
                } ?? true
            return entry.intent.writtenAt > since && happened
                ? count + entry.intent.losing.count : count
        }
    }
}

extension Action {
    /// Where the lost backups lie; `nil` for the home Region.
    fileprivate var lossRegion: Region? {
        if case .deleteBackup(_, let region, _) = self { return region }
        return nil
    }
}

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
        holdWhenMemoryIsOld(&parts)
        holdFrozen(&parts)
        holdDestructionByDoubtfulClock(&parts)
        holdLossesUncounted(&parts)
        holdLossesUnseen(&parts)
        holdShrunk(&parts)
        holdRescued(&parts)
        holdSourcesOfClones(&parts)
        deferLosses(&parts)
        holdBeyondQuota(&parts)
        holdBeyondCreations(&parts)
        holdBeyondDeletions(&parts)
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

    /// What cannot be seen may need what would be lost: a copy elsewhere, or a clone.
    private func holdLossesUnseen(_ parts: inout [PlanPart]) {
        guard !context.unreadPlaces.isEmpty || !context.unreadGroups.isEmpty else { return }
        let places = context.unreadPlaces.keys.sorted()
        let groups = context.unreadGroups.sorted { $0.key < $1.key }
        for index in parts.indices {
            let home = parts[index].plan.subject.home
            parts[index].hold("incomplete", as: .unread) { step in
                guard step.action.letsBackupsGo || step.action.deletesCluster else { return nil }
                if let place = places.first(where: { $0.account == home.account }) {
                    return "\(place) was not read"
                }
                guard step.action.letsBackupsGo else { return nil }
                let region = step.action.lossRegion ?? home.region
                let place = Place(account: home.account, region: region)
                guard let (group, reason) = groups.first(where: { $0.key.home == place }) else {
                    return nil
                }
                return "\(group.cluster) could not be read and may be a clone of it: \(reason)"
            }
        }
    }

    /// What replaces something is seen READY before the something goes, whichever run began it.
    private func deferLosses(_ parts: inout [PlanPart]) {
        for index in parts.indices {
            guard let underWay = parts[index].underWay else { continue }
            parts[index].hold("order", as: .waiting) { step in
                guard !step.action.lostBackups.isEmpty else { return nil }
                return "\(underWay), which comes first; then: \(step.reason.text)"
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

    /// A freeze of the fleet, or of the cluster.
    private func holdFrozen(_ parts: inout [PlanPart]) {
        for index in parts.indices {
            let freezes = [fleet.safety.freeze, parts[index].freeze].compactMap(\.self)
            guard let freeze = freezes.filter({ context.now < $0.until }).max(by: isShorter) else {
                continue
            }
            parts[index].hold("freeze", at: freeze.location, where: { _ in true }) { _ in
                "nothing is changed until \(freeze.until): \(freeze.reason)"
            }
        }
    }

    private func isShorter(_ left: Freeze, _ right: Freeze) -> Bool { left.until < right.until }

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
}

extension Action {
    /// Whether backups go because of it, now or once their time comes.
    fileprivate var letsBackupsGo: Bool {
        if case .unpinBackup = self { true } else { !lostBackups.isEmpty }
    }

    /// Where the lost backups lie; `nil` for the home Region.
    var lossRegion: Region? {
        if case .deleteBackup(_, let region, _) = self { return region }
        return nil
    }
}

extension Action {
    /// Whether the cluster goes, and with it what could still be saved from it.
    fileprivate var deletesCluster: Bool {
        if case .deleteCluster = self { return true }
        return false
    }
}

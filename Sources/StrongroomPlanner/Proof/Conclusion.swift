internal import CloudHSM
public import StrongroomModel

extension Prover {
    /// Joins the groups' readings, and reads what looks across groups: budgets, what clones are
    /// made from, names claimed twice.
    ///
    /// - Parameter groups: What ``check(_:of:)`` found for every group there is and every cluster
    ///   to be made, in any order.
    /// - Returns: The proof of the whole plan.
    public func conclude(_ groups: [GroupProof]) -> Proof {
        let groups = groups.sorted { $0.subject < $1.subject }
        var findings = groups.flatMap(\.findings)
        findings += overBudget(groups) + lostSources(groups) + doubtfulSources(groups)
        findings += claimedTwice(groups)
        return Proof(
            fleet: fleet.name.value,
            now: context.now,
            stepCount: groups.reduce(0) { $0 + $1.stepCount },
            worstCases: worstCases(groups, findings),
            findings: findings,
            facts: groups.compactMap(\.facts)
        )
    }

    /// Backups that went by our hand in the 24 hours before; one in doubt counts as gone.
    private var lossesOfTheDay: Int {
        let since = context.now - .hours(24)
        return context.recentEntries.reduce(0) { count, entry in
            entry.intent.writtenAt > since && entry.mayHaveHappened
                ? count + entry.intent.losing.count : count
        }
    }

    private func overBudget(_ groups: [GroupProof]) -> [Proof.Finding] {
        let losing = groups.filter { group in
            group.lossCount > 0
                && !context.isOverridden(.deletionBudget, for: group.subject.group)
        }
        let count = losing.reduce(0) { $0 + $1.lossCount }
        guard let last = losing.last else { return [] }
        let steps = Set(last.losses.values).sorted()
        var findings: [Proof.Finding] = []
        if count > fleet.safety.deletionsPerRun {
            let text =
                "\(count) backups go in one run; "
                + "\(fleet.safety.deletionsPerRun) may (safety.deletions.perRun)"
            findings.append(Proof.Finding(.budgets, of: last.subject, text, steps: steps))
        }
        let before = lossesOfTheDay
        if before + count > fleet.safety.deletionsPerDay {
            let text =
                "\(count) backups go after \(before) of the last 24 hours; "
                + "\(fleet.safety.deletionsPerDay) may (safety.deletions.perDay)"
            findings.append(Proof.Finding(.budgets, of: last.subject, text, steps: steps))
        }
        return findings
    }

    /// A clone without a READY backup of its own needs the one it was made from (fact sheet,
    /// section 9), and so does a cluster that this plan makes.
    private func lostSources(_ groups: [GroupProof]) -> [Proof.Finding] {
        var users: [BackupID: String] = [:]
        for group in groups {
            let name = group.name ?? group.subject.cluster?.description ?? "a clone"
            if let source = group.neededSource { users[source] = name }
            if let source = group.creation?.source { users[source] = name }
        }
        guard !users.isEmpty else { return [] }
        return groups.flatMap { group in
            group.losses.compactMap { id, step in
                users[id].map { name in
                    let text = "\(id) goes by step \(step), and \(name) still needs it"
                    return Proof.Finding(.floors, of: group.subject, text, steps: [step])
                }
            }
        }
    }

    /// A clone is made from a READY backup of the cluster its manifest names, in its own Region.
    private func doubtfulSources(_ groups: [GroupProof]) -> [Proof.Finding] {
        groups.compactMap { group in
            guard let creation = group.creation, let source = creation.source else { return nil }
            let isOffered = groups.contains { other in
                other.offers.map {
                    $0.name == creation.sourceName && $0.ready[source] == creation.region
                } ?? false
            }
            guard !isOffered else { return nil }
            let text =
                "\(source) is not known to be a READY backup of "
                + "\(creation.sourceName ?? "any named cluster") in \(creation.region)"
            return Proof.Finding(.floors, of: group.subject, text, steps: [creation.step])
        }
    }

    /// Which of two clusters with one name is meant cannot be known.
    private func claimedTwice(_ groups: [GroupProof]) -> [Proof.Finding] {
        var claims: [String: Int] = [:]
        for group in groups {
            guard let name = group.name, group.isLiving || group.creation != nil else { continue }
            claims[name, default: 0] += 1
        }
        return groups.compactMap { group in
            guard let name = group.name, group.stepCount > 0, claims[name] ?? 0 > 1 else {
                return nil
            }
            let text = "\(claims[name] ?? 0) clusters carry the name \(name)"
            let steps = group.creation.map { [$0.step] } ?? []
            return Proof.Finding(.ownership, of: group.subject, text, steps: steps)
        }
    }

    private func worstCases(
        _ groups: [GroupProof],
        _ findings: [Proof.Finding]
    ) -> [Proof.WorstCase] {
        Promise.allCases.map { promise in
            if let broken = findings.filter({ $0.promise == promise }).min() {
                let margin = groups.first { $0.subject == broken.subject }?.worstCases[promise]?
                    .margin
                return Proof.WorstCase(
                    promise,
                    of: broken.subject,
                    broken.text,
                    steps: broken.steps,
                    margin: margin
                )
            }
            var worst: Proof.WorstCase?
            for group in groups {
                guard let next = group.worstCases[promise] else { continue }
                if let known = worst, !next.isWorse(than: known) { continue }
                worst = next
            }
            return worst ?? calm(promise, groups)
        }
    }

    /// What is to be said of a promise that no step comes near.
    private func calm(_ promise: Promise, _ groups: [GroupProof]) -> Proof.WorstCase {
        let losses = groups.reduce(0) { $0 + $1.lossCount }
        switch promise {
        case .floors: return Proof.WorstCase(promise, "no step takes a backup that counts")
        case .recoveryPoints: return Proof.WorstCase(promise, "no step touches a recovery point")
        case .replacements: return Proof.WorstCase(promise, "no step replaces anything")
        case .healthyHSMs: return Proof.WorstCase(promise, "no step removes an HSM")
        case .certainty:
            let unread = context.unreadPlaces.count + context.unreadGroups.count
            let text = "\(unread) places or clusters were not read, and no step rests on them"
            return Proof.WorstCase(promise, text)
        case .budgets:
            let text =
                "\(losses) backups go, \(lossesOfTheDay) went in the 24 hours before; "
                + "\(fleet.safety.deletionsPerRun) may in a run, "
                + "\(fleet.safety.deletionsPerDay) in a day"
            return Proof.WorstCase(promise, text)
        case .ownership:
            return Proof.WorstCase(promise, "every step is one that a manifest asks for")
        case .repeats:
            return Proof.WorstCase(promise, "no two steps, and no earlier call, do the same")
        }
    }
}

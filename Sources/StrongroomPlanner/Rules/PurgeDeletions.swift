internal import CloudHSM
internal import StrongroomModel

/// The deletions of a purge: home first, then every other Region in order.
///
/// At home the floor is kept, and where copies are asked for, theirs; nothing is kept elsewhere once
/// home has its floor of clean backups.
struct PurgeDeletions {
    private let wanted: Located<DesiredPurge>
    private let cut: PurgeCut
    private let group: ProtectionGroup
    private let situation: Situation
    private let earlier: Findings

    /// The backups that go because of earlier steps.
    private let lost: Set<BackupID>

    /// The cluster's own clean backups that stay.
    private let cleanCount: Int

    init(
        wanted: Located<DesiredPurge>,
        cut: PurgeCut,
        group: ProtectionGroup,
        situation: Situation,
        earlier: Findings
    ) {
        self.wanted = wanted
        self.cut = cut
        self.group = group
        self.situation = situation
        self.earlier = earlier
        let lost = Set(earlier.steps.flatMap(\.action.lostBackups))
        self.lost = lost
        cleanCount = cut.clean(in: group).count { !lost.contains($0.id) }
    }

    var findings: Findings {
        guard cleanCount > 0 else {
            return waiting("purge", "a clean backup has to be READY that stays")
        }
        let home = situation.home
        let others = Set(cut.left.map(\.region)).subtracting([home]).sorted()
        var findings = atHome
        for region in others where situation.unread(region) == nil {
            let listed = situation.desired.copies.first { $0.region.value == region }
            findings +=
                listed.map { inListed($0, after: findings) } ?? inUnlisted(region, after: findings)
        }
        return findings + pinned + unfinished
    }

    // MARK: What may go

    /// What is READY in a Region, oldest content first, without what goes anyway.
    private func ready(in region: Region) -> [Backup] {
        group.readyBackups(in: region).filter { !lost.contains($0.id) }
    }

    private func targets(in region: Region) -> [Backup] {
        ready(in: region).filter { $0.createdAt < cut.cut && isFree($0) }
    }

    private func isFree(_ backup: Backup) -> Bool {
        (wanted.value.includePinned || !backup.neverExpires) && !isBeingCopied(backup)
            && !isRecorded(backup)
    }

    /// Whether it, or what it was copied from, is still recorded as a recovery point: that ends in
    /// a plan of its own, so that a line that is removed costs nothing in the same run.
    private func isRecorded(_ backup: Backup) -> Bool {
        group.backup(backup.copiedFrom ?? backup.id).map { !$0.recordedNames.isEmpty } ?? false
    }

    /// A copy is READY, or given up, before its source goes.
    private func isBeingCopied(_ backup: Backup) -> Bool {
        group.backups.contains { copy in
            guard copy.copiedFrom == backup.id, copy.state == .createInProgress else {
                return false
            }
            return situation.now - (copy.origin?.copiedAt ?? copy.createdAt) <= Patience.inProgress
        }
    }

    // MARK: Regions

    private var atHome: Findings {
        let floor = situation.desired.backups.floor
        let own = ready(in: situation.home).filter { !$0.isCopy }
        let targets = targets(in: situation.home)
        let spare = max(own.count - floor, 0)
        let going = targets.filter(\.isCopy) + targets.filter { !$0.isCopy }.prefix(spare)
        let steps = going.enumerated().map { number, backup in
            delete(
                backup,
                number: number,
                because: areReady(cleanCount, "clean backup"),
                facts: [
                    .readyBackupsApart(from: backup.id, in: situation.home, atLeast: floor)
                ]
            )
        }
        return Findings(steps: steps)
            + staying(targets.count - going.count, in: situation.home, until: floor)
    }

    private func inListed(_ copies: DesiredCopies, after findings: Findings) -> Findings {
        let region = copies.region.value
        let ready = ready(in: region).filter(\.isCopy)
        let targets = targets(in: region)
        guard !targets.isEmpty else { return .nothing }
        let replacement = earlier.copies(to: region).first(where: isClean)
        let clean = ready.count { $0.createdAt >= cut.cut } + (replacement == nil ? 0 : 1)
        guard clean > 0 else {
            return waiting(
                "purge in \(region)",
                "\(targets.count) stay until a copy of a clean backup is READY there"
            )
        }
        let spare = max(ready.count + (replacement == nil ? 0 : 1) - copies.floor, 0)
        let going = targets.prefix(spare)
        let steps = going.enumerated().map { number, copy in
            delete(
                copy,
                number: findings.steps.count + number,
                because: areReady(clean, "clean copy", "clean copies"),
                facts: [
                    .readyBackupsApart(from: copy.id, in: region, atLeast: copies.floor),
                    .readyContent(in: region, since: cut.cut, atLeast: min(clean, copies.floor)),
                ],
                after: replacement.map { [$0.id] } ?? []
            )
        }
        return Findings(steps: steps)
            + staying(targets.count - going.count, in: region, until: copies.floor)
    }

    /// Where no copies are asked for, all of them may go once home has its floor of clean ones: until
    /// then a copy with the material is worth more than none.
    private func inUnlisted(_ region: Region, after findings: Findings) -> Findings {
        let targets = targets(in: region)
        let atHome = group.readyBackups(in: situation.home).count
        let floor = max(min(situation.desired.backups.floor, atHome), 1)
        guard cleanCount >= floor else {
            return staying(targets.count, in: region, until: floor)
        }
        let steps = targets.enumerated().map { number, copy in
            delete(
                copy,
                number: findings.steps.count + number,
                because: "no copies are asked for there, and a clean backup is READY in "
                    + "\(situation.home)",
                facts: []
            )
        }
        return Findings(steps: steps)
    }

    /// Whether a step copies what is known, or comes to be, without the material.
    private func isClean(_ step: DraftStep) -> Bool {
        switch step.action {
        case .copyBackup(.known(let id), _):
            group.backup(id).map { $0.createdAt >= cut.cut } ?? false
        case .copyBackup(.caused, _): true
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
            .deleteBackup, .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
            .tagCluster, .changeType, .deleteCluster:
            false
        }
    }

    private func delete(
        _ backup: Backup,
        number: Int,
        because text: String,
        facts: [Fact],
        after: [StepID] = []
    ) -> DraftStep {
        let pin = backup.neverExpires ? "; it is pinned, and includePinned is true" : ""
        let floor = situation.desired.backups.floor
        return DraftStep(
            id: Phase.purge.draft(number),
            phase: .purge,
            action: .deleteBackup(backup.id, in: backup.region, createdAt: backup.createdAt),
            reason: Reason(
                rule: "purge",
                "taken before \(cut.cut), it may hold \(wanted.value.reason); \(text)\(pin)",
                at: wanted.location
            ),
            preconditions: [
                .backupReady(.known(backup.id)),
                // The clean backups at home that everything else relies on.
                .readyContent(
                    in: situation.home,
                    since: cut.cut,
                    atLeast: max(min(cleanCount, floor), 1)
                ),
            ] + facts,
            postcondition: .backupGone(backup.id),
            after: after
        )
    }

    // MARK: What stays for now

    private func staying(_ count: Int, in region: Region, until floor: Int) -> Findings {
        guard count > 0 else { return .nothing }
        return waiting(
            "purge in \(region)",
            "\(count) \(count == 1 ? "stays" : "stay") until there are \(floor) clean backups (keepAtLeast)"
        )
    }

    /// Pinned ones go only with a person's consent; ours come off once they are given up.
    private var pinned: Findings {
        guard !wanted.value.includePinned else { return .nothing }
        let ids = cut.left.filter { $0.isReady && $0.neverExpires && $0.recordedNames.isEmpty }
            .map(\.id.description)
        guard !ids.isEmpty else { return .nothing }
        return .held(
            "purge",
            Reason(
                rule: "purge",
                "pinned, so they stay: \(ids.joined(separator: ", ")); "
                    + "includePinned: true lets them go",
                at: wanted.location
            )
        )
    }

    private var unfinished: Findings {
        let coming = cut.left.filter { $0.state == .createInProgress }
        let copied = cut.left.filter { $0.isReady && isBeingCopied($0) }
        var findings = Findings.nothing
        if !coming.isEmpty {
            findings += waiting("purge", "\(ids(coming)) being made; it goes once it is READY")
        }
        if !copied.isEmpty {
            findings += waiting("purge", "\(ids(copied)) being copied; it goes after the copy")
        }
        return findings
    }

    private func areReady(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        count == 1 ? "1 \(one) is READY by then" : "\(count) \(many ?? one + "s") are READY by then"
    }

    private func ids(_ backups: [Backup]) -> String {
        backups.map(\.id.description).joined(separator: ", ")
            + (backups.count == 1 ? " is" : " are")
    }

    private func waiting(_ subject: String, _ text: String) -> Findings {
        .waiting(subject, Reason(rule: "purge", text, at: wanted.location))
    }
}

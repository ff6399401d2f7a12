internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Keeps a fresh READY copy, and as many as asked for, in every Region asked for.
    ///
    /// Age is that of the content, never of the copying (fact sheet, section 10).
    static let copies = Rule(code: "copy") { situation, earlier in
        guard let group = situation.group, situation.cluster?.isActivated == true else {
            return .nothing
        }
        return situation.desired.copies.enumerated().reduce(.nothing) { findings, wanted in
            findings
                + CopyNeed(
                    wanted: wanted.element,
                    index: wanted.offset,
                    group: group,
                    situation: situation
                )
                .findings(after: earlier)
        }
    }
}

/// The need for a copy in one Region.
private struct CopyNeed {
    let wanted: DesiredCopies
    let index: Int
    let group: ProtectionGroup
    let situation: Situation

    private var region: Region { wanted.region.value }
    private var subject: String { "copy in \(region)" }
    private var location: SourceLocation { wanted.maxAge?.location ?? wanted.region.location }

    /// Since when content counts: material that was purged must not be copied again.
    private var cut: Timestamp? {
        situation.purgeCut.flatMap { $0.cut <= situation.now ? $0.cut : nil }
    }

    func findings(after earlier: Findings) -> Findings {
        if situation.unread(region) != nil { return unread("\(region) was not read") }
        let fresh = freshness(after: earlier)
        return fresh
            + CopyCount(
                wanted: wanted,
                index: index,
                cut: cut,
                group: group,
                situation: situation
            )
            .findings(after: fresh)
    }

    private func freshness(after earlier: Findings) -> Findings {
        let newest = group.newestReadyCopy(in: region)
        if let newest, isFresh(newest) {
            let age = situation.now - newest.createdAt
            return .satisfied(subject, "copy", at: location) {
                "\(newest.id) holds content \(inWords(age)) old"
            }
        }
        let need = need(newest)
        let underway = copiesUnderway(youngerThan: newest)
        let begun = situation.now - Patience.inProgress
        if let coming = underway.last(where: { $0.copiedAt > begun }) {
            return waiting("\(need); \(coming.copy.id) is being copied")
        }
        guard let stuck = underway.last else { return copy(because: need, newest, after: earlier) }
        // Younger content may take the place of the stuck copy; the same content would only be a
        // second copy once the first goes on.
        let note = held(
            "\(need); \(stuck.copy.id) is \(stuck.copy.state) since \(stuck.copiedAt), "
                + "longer than any copy takes"
        )
        let instead = copy(because: need, stuck.copy, after: earlier)
        return instead.steps.isEmpty ? note : note + instead
    }

    /// Whether nothing can become younger than the last backup.
    private var isParked: Bool {
        situation.cluster?.hsms.isEmpty == true && (situation.desired.hsms?.value.count ?? 0) == 0
    }

    private func isFresh(_ copy: Backup) -> Bool {
        guard isClean(copy) else { return false }
        guard let maxAge = wanted.maxAge?.value else { return true }
        return situation.now - copy.createdAt <= maxAge
    }

    private func isClean(_ backup: Backup) -> Bool { cut.map { backup.createdAt >= $0 } ?? true }

    private func need(_ newest: Backup?) -> String {
        if let newest, !isClean(newest) {
            return "\(newest.id), the newest copy, may hold what the purge is to remove"
        }
        guard let newest, let maxAge = wanted.maxAge?.value else {
            return "there is no READY copy in \(region)"
        }
        return "the content of \(newest.id) is \(inWords(situation.now - newest.createdAt)) old, "
            + "at most \(inWords(maxAge)) asked for"
    }

    /// The copies being made with content younger than what is there, oldest content first.
    private func copiesUnderway(youngerThan newest: Backup?) -> [(
        copy: Backup, copiedAt: Timestamp
    )] {
        group.copies(in: region, .createInProgress)
            .filter { copy, _ in newest.map { copy.createdAt > $0.createdAt } ?? true }
            .sorted { ($0.copy.createdAt, $0.copy.id) < ($1.copy.createdAt, $1.copy.id) }
    }

    /// From the newest backup if that is fresh enough; else from the one this plan makes; else
    /// from the newest, which is still better than what is there.
    ///
    /// Copies are made of a cluster's own backups, never of copies (fact sheet, section 10).
    private func copy(
        because need: String,
        _ best: Backup?,
        after earlier: Findings
    ) -> Findings {
        let source = group.newestOwnReadyBackup.flatMap { isClean($0) ? $0 : nil }
        let isYounger = source.map { source in
            best.map { source.createdAt > $0.createdAt } ?? true
        }
        if let source, isYounger == true, isFresh(source) {
            return step(of: source, because: "\(need); \(source.id) is the newest backup")
        }
        if let cause = firstCause(among: earlier.steps) {
            let text = "\(need); copies the new backup"
            return step(.caused(by: cause.id), because: text, after: [cause.id])
        }
        guard let source else {
            let kind = cut == nil ? "READY" : "clean"
            return waiting("\(need), and no \(kind) backup to copy yet")
        }
        guard isYounger == true else {
            if isParked {
                return .satisfied(subject, "copy", at: location) {
                    "parked, and \(source.id), the last backup, is copied"
                }
            }
            return waiting("\(need); there is no younger backup to copy yet")
        }
        return step(
            of: source,
            because: "\(need); \(source.id), \(inWords(situation.now - source.createdAt)) old, "
                + "is the newest backup"
        )
    }

    /// The first step, in the order they are carried out, that makes the service back up.
    private func firstCause(among steps: [DraftStep]) -> DraftStep? {
        steps.filter(\.action.causesBackup)
            .min { ($0.phase.rawValue, $0.id) < ($1.phase.rawValue, $1.id) }
    }

    /// A copy of a backup that is there, unless the service would refuse it or keeps failing at it.
    private func step(of source: Backup, because text: String) -> Findings {
        let attempt = CopyAttempt(source: source, region: region, group: group)
        if let obstacle = attempt.obstacle(at: situation.now) {
            return held("\(text), but \(obstacle)")
        }
        return step(.known(source.id), because: text)
    }

    private func step(
        _ source: BackupReference,
        because text: String,
        after: [StepID] = []
    ) -> Findings {
        .step(
            CopyAttempt.step(
                Phase.copy.draft(index),
                of: source,
                to: region,
                because: Reason(rule: "copy", text, at: location),
                after: after
            )
        )
    }

    private func unread(_ text: String) -> Findings {
        .unread(subject, Reason(rule: "copy", text, at: location))
    }

    private func held(_ text: String) -> Findings {
        .held(subject, Reason(rule: "copy", text, at: location))
    }

    private func waiting(_ text: String) -> Findings {
        .waiting(subject, Reason(rule: "copy", text, at: location))
    }
}

extension ProtectionGroup {
    /// The READY backup of the cluster's own with the youngest content; copies do not count.
    var newestOwnReadyBackup: Backup? {
        backups.lazy.filter { $0.isReady && !$0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The READY copy in a Region with the youngest content.
    func newestReadyCopy(in region: Region) -> Backup? {
        backups.lazy.filter { $0.isReady && $0.region == region && $0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}

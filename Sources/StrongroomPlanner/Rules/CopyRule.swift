internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Keeps a fresh READY copy in every Region asked for.
    ///
    /// Age is that of the content, never of
    /// the copying (fact sheet, section 10).
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

    func findings(after earlier: Findings) -> Findings {
        if let reason = situation.unread(region) {
            return held("\(region) was not read whole: \(reason)")
        }
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

    private func isFresh(_ copy: Backup) -> Bool {
        guard let maxAge = wanted.maxAge?.value else { return true }
        return situation.now - copy.createdAt <= maxAge
    }

    private func need(_ newest: Backup?) -> String {
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
        copies(in: .createInProgress)
            .filter { copy, _ in newest.map { copy.createdAt > $0.createdAt } ?? true }
            .sorted { ($0.copy.createdAt, $0.copy.id) < ($1.copy.createdAt, $1.copy.id) }
    }

    private func copies(in state: BackupState) -> [(copy: Backup, copiedAt: Timestamp)] {
        group.backups.filter { $0.region == region && $0.isCopy && $0.state == state }
            .compactMap { copy in copy.origin.map { (copy, $0.copiedAt) } }
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
        let source = group.newestOwnReadyBackup
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
        guard let source else { return waiting("\(need), and no READY backup to copy yet") }
        guard isYounger == true else {
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
        if let refusal = CopyBackup(backup: source.id, to: region).refusal(on: source) {
            return held("\(text), but the service would refuse: \(refusal.message)")
        }
        let since = situation.now - Patience.failures
        let failed = copies(in: .deleted).count { copy, copiedAt in
            copy.copiedFrom == source.id && copiedAt > since
        }
        guard failed < Patience.attempts else {
            return held("\(text), but \(failed) copies of it failed within a day")
        }
        return step(.known(source.id), because: text)
    }

    private func step(
        _ source: BackupReference,
        because text: String,
        after: [StepID] = []
    ) -> Findings {
        .step(
            DraftStep(
                id: Phase.copy.draft(index),
                phase: .copy,
                action: .copyBackup(source, to: region),
                reason: Reason(rule: "copy", text, at: location),
                preconditions: [.backupReady(source), .notCopied(source, to: region)],
                postcondition: .copyReady(of: source, in: region),
                after: after
            )
        )
    }

    private func held(_ text: String) -> Findings {
        .held(subject, Reason(rule: "copy", text, at: location))
    }

    private func waiting(_ text: String) -> Findings {
        .waiting(subject, Reason(rule: "copy", text, at: location))
    }
}

/// How long the service may take, and how often it may fail, before a person has to look.
enum Patience {
    /// The longest time a backup or copy is taken to be in progress; the service names none, and
    /// minutes are usual (fact sheet, section 17).
    static let inProgress = Duration.hours(24)

    /// How often one backup is copied to one Region in vain, and in what time.
    static let attempts = 3
    static let failures = Duration.hours(24)
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

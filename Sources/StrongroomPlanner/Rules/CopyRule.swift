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
        if let doubt = futureDated(in: group, at: situation.now) {
            return held("\(doubt.id) is dated in the future, so ages cannot be trusted")
        }
        let newest = group.newestReadyCopy(in: region)
        if let newest, isFresh(newest) {
            let age = situation.now - newest.createdAt
            return .satisfied(subject, "copy", at: location) {
                "\(newest.id) holds content \(inWords(age)) old"
            }
        }
        let need = need(newest)
        if let coming = copyInFlight(), newest.map({ coming.createdAt > $0.createdAt }) ?? true {
            return waiting("\(need); \(coming.id) is being copied")
        }
        return copy(because: need, newest, after: earlier)
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

    private func copyInFlight() -> Backup? {
        group.backups.lazy
            .filter { $0.region == region && $0.isCopy && $0.state == .createInProgress }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// From the newest backup if that is fresh enough; else from the one this plan makes; else
    /// from the newest, which is still better than what is there.
    private func copy(
        because need: String,
        _ newest: Backup?,
        after earlier: Findings
    ) -> Findings {
        let source = group.newestReadyBackup(in: situation.home)
        if let source, isFresh(source) {
            return step(.known(source.id), because: "\(need); \(source.id) is the newest backup")
        }
        if let cause = earlier.steps.first(where: { $0.action.causesBackup && $0.phase == .addHSM })
        {
            let text = "\(need); copies the new backup"
            return step(.caused(by: cause.id), because: text, after: [cause.id])
        }
        guard let source else { return waiting("\(need), and no READY backup to copy yet") }
        guard newest.map({ source.createdAt > $0.createdAt }) ?? true else {
            return waiting("\(need); there is no younger backup to copy yet")
        }
        return step(
            .known(source.id),
            because: "\(need); \(source.id), \(inWords(situation.now - source.createdAt)) old, "
                + "is the newest backup"
        )
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

extension ProtectionGroup {
    /// The READY copy in a Region with the youngest content.
    func newestReadyCopy(in region: Region) -> Backup? {
        backups.lazy.filter { $0.isReady && $0.region == region && $0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}

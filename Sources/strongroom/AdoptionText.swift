import CloudHSM
import StrongroomManifest
import StrongroomModel
import StrongroomReport

/// What an adoption says of itself.
struct AdoptionText {
    private let outcome: Adoption.Outcome
    private let now: Timestamp
    private let place: NewManifests.Place
    private let fleet: DesiredFleet

    /// Describes an adoption.
    ///
    /// - Parameters:
    ///   - outcome: What became of the clusters.
    ///   - now: The moment that ages are given for.
    ///   - place: Where manifests were written.
    ///   - fleet: What the manifests say.
    init(
        _ outcome: Adoption.Outcome,
        at now: Timestamp,
        _ place: NewManifests.Place,
        of fleet: DesiredFleet
    ) {
        self.outcome = outcome
        self.now = now
        self.place = place
        self.fleet = fleet
    }

    /// Says what was written and what was not; a stream of manifests is left alone.
    func show(on terminal: Terminal) {
        for refusal in outcome.refused { terminal.talk(text(of: refusal, on: terminal)) }
        terminal.say(unread: outcome.unread)
        for line in UnreadLines(outcome.unreadPlaces, in: fleet, for: .adopting).lines {
            terminal.say("error: \(line)")
        }
        for reason in outcome.journalGaps { terminal.say("error: \(reason)") }
        let lines = outcome.proven.flatMap(lines) + [summary]
        let text = lines.map { $0 + "\n" }.joined()
        switch place {
        case .stream: terminal.talk(text)
        case .directory: terminal.show(text)
        }
    }

    private func lines(of manifest: NewManifest) -> [String] {
        let cluster = manifest.cluster
        let file =
            switch place {
            case .stream: cluster.name
            case .directory(let directory):
                directory == "." ? manifest.fileName : "\(directory)/\(manifest.fileName)"
            }
        return ["\(SafeText.terminal(file))  \(cluster.id)  \(cluster.home.region)"]
            + cluster.omissions.map { "  left out: \(SafeText.terminal("\($0)"))" }
    }

    private var summary: String {
        switch (outcome.proven.count, outcome.refused.count) {
        case (0, 0) where outcome.status != .done:
            "0 written; not everything could be read."
        case (0, 0): "Nothing to adopt: a manifest names every cluster that was asked for."
        case (let written, 0): "\(written) written; a plan from them changes nothing."
        case (let written, let refused): "\(written) written, \(refused) not."
        }
    }

    private func text(of refusal: Adoption.Refusal, on terminal: Terminal) -> String {
        let head = "not written: \(refusal.id.cluster) in \(refusal.id.home): "
        switch refusal.reason {
        case .gone(let backups):
            let noun = backups == 1 ? "backup" : "backups"
            return head + "the cluster is gone, and left \(backups) \(noun)\n"
        case .incomplete(let place):
            return head + "\(place) was not read, and may hold copies of it\n"
        case .outside:
            return head + "its Region is none of the fleet's, so nothing was read there; add it to "
                + "spec.regions\n"
        case .unknownAccount:
            return head + "the fleet has no such account; add it to spec.accounts\n"
        case .mistakes(let diagnostics):
            let text = DiagnosticsText(
                width: terminal.talkSize.columns,
                colour: terminal.talkColour
            )
            return head + "its manifest would not be valid\n" + text.text(of: diagnostics)
        case .changes(let plan):
            let text = PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
            return head + "its plan would not be empty\n"
                + text.text(of: plan, at: now)
        }
    }
}

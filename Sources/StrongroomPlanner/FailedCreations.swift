internal import CloudHSM
internal import StrongroomModel

/// HSMs that we asked for within a day and that never came into service.
///
/// A creation that fails leaves a DEGRADED HSM that does not heal: it is removed and tried again
/// (fact sheet, section 5), but not for ever, and not always in the same zone.
struct FailedCreations {
    /// How often an HSM is asked for in vain within ``span`` before a person has to look.
    static let most = 3

    /// After how many failures another zone is taken.
    static let mostInZone = 2

    /// What counts as lately.
    static let span = Duration.hours(24)

    /// After what time an HSM that was never seen in trouble is taken to have been in service.
    static let patience = Duration.minutes(30)

    /// The calls that failed, oldest first.
    let entries: [JournalEntry]

    init(_ situation: Situation) {
        let since = situation.now - Self.span
        let entries = situation.entries
        let made = entries.filter { entry in
            entry.intent.operation == "CreateHsm" && entry.wasDone && entry.outcome?.made != nil
                && entry.intent.writtenAt > since
        }
        guard !made.isEmpty else {
            self.entries = []
            return
        }
        let removed = entries.filter { entry in
            entry.intent.operation == "DeleteHsm" && entry.wasDone
                && entry.intent.rule == Rule.degraded
        }
        let given = Set(removed.map(\.intent.target))
        let degraded = (situation.cluster?.hsms ?? []).filter { $0.state == .degraded }
        let seen = Dictionary(
            degraded.map { hsm in
                (hsm.id.description, situation.context.degradedSince[hsm.place] ?? situation.now)
            }
        ) { first, _ in first }
        self.entries = made.filter { entry in
            guard let id = entry.outcome?.made else { return false }
            // One that was in service before is broken hardware, which the service may replace.
            let isSeenSoon = seen[id].map { $0 - entry.intent.writtenAt <= Self.patience }
            return given.contains(id) || isSeenSoon ?? false
        }
        .sorted { $0.intent.writtenAt < $1.intent.writtenAt }
    }

    /// Whether no further one is tried for now.
    var areTooMany: Bool { entries.count >= Self.most }

    /// The zones in which none is tried for now, as long as there is another.
    var avoidedZones: Set<AvailabilityZone> {
        let counts = entries.reduce(into: [String: Int]()) { $0[$1.intent.target, default: 0] += 1 }
        return Set(
            counts.filter { $0.value >= Self.mostInZone }.keys.compactMap { AvailabilityZone($0) }
        )
    }

    /// The call that made an HSM, if it failed.
    func entry(of hsm: HSM) -> JournalEntry? {
        entries.last { $0.outcome?.made == hsm.id.description }
    }

    /// What to look at, and when the next is tried.
    var advice: String {
        let next = entries.suffix(Self.most).first.map { $0.intent.writtenAt + Self.span }
        let zones = Set(entries.map(\.intent.target)).sorted().joined(separator: ", ")
        return "\(entries.count) HSMs failed to be created within 24 h (\(zones)): look for free "
            + "addresses in the subnet, the caller's EC2 permissions and the service's health; "
            + "the next is tried \(next.map { "after \($0)" } ?? "later")"
    }
}

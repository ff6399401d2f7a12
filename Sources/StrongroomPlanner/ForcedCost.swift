internal import CloudHSM
internal import StrongroomModel

/// What a forced backup costs, and what the other ways to one would.
struct ForcedCost {
    /// How long a daily backup that will come is waited for rather than forced.
    static let worthWaiting = Duration.minutes(60)

    /// About how long the HSM of a cycle stands: created, backed up to, removed (fact sheet,
    /// section 20, suggested latencies).
    static let cycle = Duration.minutes(8) + .minutes(5) + .minutes(2)

    let situation: Situation

    init(_ situation: Situation) {
        self.situation = situation
    }

    /// By when the service makes a backup by itself; `nil` if that is past or never.
    ///
    /// At least once in 24 hours, while an HSM is in service (fact sheet, section 7).
    var dailyDue: Timestamp? {
        guard
            situation.cluster?.healthyHSMs.isEmpty == false,
            let newest = DailyBackup.newest(among: situation.group?.backups ?? [])
        else { return nil }
        let due = newest + DailyBackup.interval
        return due >= situation.now ? due : nil
    }

    /// The cycle and its alternatives with their cost in HSM-hours; every hour begun is billed.
    var text: String {
        let hours = max(1, (Self.cycle.wholeMilliseconds + 3_599_999) / 3_600_000)
        let waiting = dailyDue.map { "may last until \($0)" } ?? "has no end in sight"
        let unit = hours == 1 ? "HSM-hour" : "HSM-hours"
        let minutes = Self.cycle.wholeMilliseconds / 60_000
        let others = situation.cluster.map { $0.healthyHSMs.count >= 2 } ?? false
        return
            "one more HSM for about \(minutes) min makes one and costs \(hours) \(unit); waiting "
            + "for the daily one costs 0 HSM-hours and \(waiting)"
            + (others ? "; removing one first costs 0 HSM-hours and redundancy meanwhile" : "")
    }
}

import CloudHSM

/// How bad it is, in parts of a thousand events or of a hundred calls.
struct Weather: Sendable {
    /// How many runners there are.
    var runners = 2...4
    /// How many events the bad weather has.
    var events = 150
    /// Of a thousand events, how many are a person's, or the service's own.
    var outsiders = 30
    /// Of a thousand events, how many are kills, freezes, lost locks and the like.
    var mishaps = 25
    /// Of a hundred calls, how many meet with something on their way.
    var calls = Calls()
    /// Of a thousand looks at the world, how many fail.
    var failedLooks = 40
    /// Whether a page of the inventory may be missing.
    var failsInventory = true
    /// Of a thousand writes to the journal, how many fail or kill.
    var failedWrites = 40
    /// Hours that pass at most where nobody is at work.
    var longestPause = 30
    /// How many manifests there are at the same time; the runners take them in turn.
    var editions = 1
    /// Whether a cluster that is not there may be asked for.
    var asksForNew = true
    /// The world; `nil` for one of the seed's choice.
    var shape: StormWorld.Shape?
    /// Whether looks at the world are repeated as the policy for reads says; else the next run looks.
    var repeatsLooks = false
    /// Whether good weather follows, in which all comes to what is asked.
    var heals = true

    /// Of a hundred calls, how many meet with what.
    struct Calls: Sendable {
        var lostRequests = 5
        var lostAnswers = 5
        var late = 6
        var killedAfter = 3
        var killedBefore = 2
        var throttled = 4
        var failedUndone = 3
        var failedDone = 3
    }
}

/// What a storm consisted of.
struct Tally: Sendable {
    var events = 0
    var runs = 0
    var calls = 0
    var faults = 0
    var kills = 0
    var duplicates = 0
    var healingRuns = 0
    /// Runs that had the lock and made a plan.
    var rounds = 0

    static func += (left: inout Tally, right: Tally) {
        left.events += right.events
        left.runs += right.runs
        left.calls += right.calls
        left.faults += right.faults
        left.kills += right.kills
        left.duplicates += right.duplicates
        left.healingRuns += right.healingRuns
        left.rounds += right.rounds
    }
}

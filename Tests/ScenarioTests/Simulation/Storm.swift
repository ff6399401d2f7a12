import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import Synchronization

/// A whole deployment in one process, for a while in bad weather, and then in good.
///
/// Several runners share a state directory, a lock, a clock and one simulated world; between any two
/// of their steps anything may happen that the seed wants: lost, late and failed calls, kills,
/// freezes, a lost lock, people and the service at work, edited manifests. After every event the
/// ledger looks whether an ``Invariant`` was broken. Same seed, same storm.
final class Storm {
    /// What happens to the first call of an operation.
    struct Ambush: Hashable, Sendable {
        let operation: String
        let fate: Fate

        enum Fate: CaseIterable, Hashable, Sendable {
            case answerLost
            case requestLost
            case killedAfter
            case killedBefore
            case late
        }
    }

    /// What an account had of the service.
    struct Share: Sendable {
        var requests = 0
        var answers = 0
        var doneAt: Timestamp?
    }

    /// What a storm came to.
    struct Outcome: Sendable {
        let seed: UInt64
        var breaches: [Breach] = []
        var tally = Tally()
        var story: [String] = []

        /// How often each operation took effect by our hand.
        var effects: [String: Int] = [:]

        /// Whether the ambush found its call.
        var wasAmbushed = false
    }

    /// A runner's process, and what is known of it also after its end.
    struct Process {
        let number: Int
        let fleet: DesiredFleet
        let task: Task<Void, Never>
        var frozenUntil: Timestamp?
        var intent: Intent?
        var lastSeen: [GroupID: ProtectionGroup] = [:]
        var sawEverything = true
    }

    /// A signed call that is still on its way to the service.
    struct Flight {
        let arrival: Timestamp
        let process: Int
        let call: SignedCall
        let intent: Intent
        let seen: ProtectionGroup?
        let sawEverything: Bool
    }

    /// Where a runner is started by cron, again and again.
    struct Slot {
        var next: Timestamp
        var process: Int?
    }

    let weather: Weather
    let world: StormWorld
    let turns = Turns()
    let lock = LockFile()
    let file = MemoryJournal()
    let notes = RunNotes()

    /// What each account had of the service.
    var shares: [AccountID: Share] = [:]
    let isTelling: Bool

    var chance: Chance
    var manifests: StormFleet
    var editions: [DesiredFleet]
    var ledger = Ledger()
    var slots: [Slot] = []
    var processes: [Int: Process] = [:]
    var flights: [Flight] = []
    var outcome: Outcome
    var isCalm = false

    /// The one call that something happens to, however good the weather is.
    var ambush: Ambush?
    private var processCount = 0

    /// Prepares a storm.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - weather: How bad it is.
    ///   - isTelling: Whether its story is written down.
    /// - Throws: When the world cannot be grown.
    init(seed: UInt64, _ weather: Weather, isTelling: Bool = false) throws {
        chance = Chance(seed: seed)
        self.weather = weather
        self.isTelling = isTelling
        world = try StormWorld(seed: seed, weather.shape ?? StormWorld.Shape(&chance))
        let perRun = chance.one(1, 2, 3)
        var manifests = StormFleet(
            chance: Chance(seed: seed ^ 0xF1EE7),
            names: world.residents.compactMap { resident in
                resident.name.map { ($0, resident.id.home.account) }
            },
            safety: Safety(
                deletionsPerRun: perRun,
                deletionsPerDay: perRun + chance.one(0, 1, 3),
                deletionRatio: chance.one(0.34, 0.5, 1)
            ),
            asksForNew: weather.asksForNew
        )
        editions = (0..<weather.editions).map { _ in manifests.edition() }
        self.manifests = manifests
        outcome = Outcome(seed: seed)
        began = world.service.now()
        slots = (0..<chance.number(weather.runners)).map { [began] _ in Slot(next: began) }
        for index in slots.indices {
            slots[index].next = slots[index].next + chance.span(minutes: 0...20)
        }
    }

    /// When it began.
    let began: Timestamp

    var now: Timestamp { world.service.now() }

    /// Bad weather, then good.
    ///
    /// - Returns: What it came to; empty if no invariant was broken.
    /// - Throws: When the world itself fails, which it does not.
    func run() async throws -> Outcome {
        for _ in 0..<weather.events where isWhole { try await happen() }
        if isWhole, weather.heals { try await heal() }
        for process in live { await turns.kill(process) }
        finish()
        return outcome
    }

    /// Whether nothing is broken so far.
    var isWhole: Bool { ledger.breaches.isEmpty }

    /// Gives a process its turn, and counts what it asked and was given.
    func turn(of process: Int) async throws {
        let account = turns.point(of: process)?.account
        let faults = outcome.tally.faults
        try await go(on: process)
        guard let account else { return }
        shares[account, default: Share()].requests += 1
        if outcome.tally.faults == faults { shares[account, default: Share()].answers += 1 }
    }

    func finish() {
        outcome.breaches = ledger.breaches
        outcome.effects = ledger.effects
        outcome.tally.duplicates = ledger.breaches.count {
            [.nothingMadeTwice, .atMostOneHSMMore, .noIntentTwice].contains($0.invariant)
        }
    }

    /// Writes a line of the story.
    func tell(_ text: @autoclosure () -> String) {
        if isTelling { outcome.story.append("\(now)  \(text())") }
    }
}

extension Storm {
    /// The processes that have not ended, in order.
    var live: [Int] {
        slots.compactMap(\.process).sorted()
    }

    /// One event.
    private func happen() async throws {
        outcome.tally.events += 1
        pass(
            chance.happens(6)
                ? .seconds(chance.number(5...40)) : .milliseconds(chance.number(0...3_000))
        )
        try deliverDue()
        try await startDue()
        switch chance.number(1...1_000) {
        case ...weather.outsiders: try outsiderActs()
        case ...(weather.outsiders + weather.mishaps): try await mishap()
        default:
            if let process = chance.one(of: ready) {
                try await turn(of: process)
            } else {
                jump()
            }
        }
    }

    /// The processes that can go on now.
    var ready: [Int] {
        live.filter { number in
            guard processes[number]?.frozenUntil.map({ $0 <= now }) ?? true else { return false }
            if case .wait(let until)? = turns.point(of: number) { return until <= now }
            return true
        }
    }

    /// Lets time pass.
    func pass(_ span: Duration) {
        world.service.state.withLock { state in
            state.record.now = state.record.now + span
            state.isClockSaved = false
        }
    }

    /// Lets time pass until something can go on; sometimes much longer, where nobody is at work.
    private func jump() {
        var moments = flights.map(\.arrival)
        for process in live {
            if let until = processes[process]?.frozenUntil { moments.append(until) }
            if case .wait(let until)? = turns.point(of: process) { moments.append(until) }
        }
        moments += slots.filter { $0.process == nil }.map(\.next)
        if let next = moments.min(), next > now { pass(next - now) }
        if live.isEmpty, flights.isEmpty, chance.happens(30) {
            pass(chance.span(minutes: 30...(weather.longestPause * 60)))
        }
    }

    /// Starts every runner that is due.
    private func startDue() async throws {
        for index in slots.indices where slots[index].process == nil && slots[index].next <= now {
            let edition = editions[index % editions.count]
            try await start(index, chance.happens(70) ? .reconcile : .apply, edition)
        }
    }

    /// Starts a process in a slot.
    func start(_ slot: Int, _ command: Runner.Command, _ fleet: DesiredFleet) async throws {
        processCount += 1
        let number = processCount
        let service = world.service
        let runner = Runner(
            number: number,
            command: command,
            fleet: fleet,
            turns: turns,
            lock: lock,
            clock: { service.now() },
            newIntentID: intentIDs,
            repeatsLooks: weather.repeatsLooks,
            show: { [notes] plan, groups in notes.plan(plan, groups, of: number) }
        )
        outcome.tally.runs += 1
        tell("run \(number) begins: \(command)")
        let task = await turns.begin(number) { [notes] in notes.end(await runner.live(), of: number)
        }
        processes[number] = Process(number: number, fleet: fleet, task: task)
        slots[slot].process = number
        await stands(number)
    }

    private var intentIDs: @Sendable () -> String {
        let count = Counter(processCount)
        return { count.next() }
    }

    /// What is noted whenever a process stands still again, or has ended.
    func stands(_ number: Int) async {
        switch turns.point(of: number) {
        case nil: ended(number)
        case .send(let call)?: leaves(call, number)
        case .begin(let intent)?:
            processes[number]?.intent = intent
            requireLock(of: number, to: "began \(intent.operation)")
        case .end(let intent, let outcome)?:
            requireLock(of: number, to: "recorded \(outcome.result) of \(intent.operation)")
            ledger.records(outcome, of: intent)
        case .lock?, .journal?, .inventory?, .observe?, .sign?, .wait?: break
        }
    }

    private func requireLock(of number: Int, to text: String) {
        guard lock.owner != number else { return }
        ledger.add(.oneWriterAtATime, "run \(number) \(text) without the lock")
    }

    private func leaves(_ call: SignedCall, _ number: Int) {
        outcome.tally.calls += 1
        if lock.owner != number {
            let text = "run \(number) sent \(call.call.operation) without the lock"
            ledger.add(.nothingSentAfterTheLock, text)
        }
        ledger.leaves(call, under: processes[number]?.intent, file.entries)
    }

    private func ended(_ number: Int) {
        lock.free(of: number)
        for index in slots.indices where slots[index].process == number {
            slots[index].process = nil
            slots[index].next = now + chance.span(minutes: 1...15)
        }
        let end = notes.end(of: number)
        if notes.plan(of: number) != nil { outcome.tally.rounds += 1 }
        tell("run \(number) ends: \(end.map { "\($0.inWords)" } ?? "killed")")
        if case .notProved(let text)? = end { ledger.add(.everyPlanIsProved, text) }
        if case .failed(let text)? = end,
            text.contains("begun twice") || text.contains("never begun")
        {
            ledger.add(.noIntentTwice, text)
        }
    }
}

/// Ids for the intents of one process.
private final class Counter: Sendable {
    private let state: Mutex<UInt64>

    init(_ process: Int) {
        state = Mutex(UInt64(process) << 20)
    }

    func next() -> String {
        let number = state.withLock { number in
            number += 1
            return number
        }
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// What runs tell about themselves.
final class RunNotes: Sendable {
    private struct State {
        var plans: [Int: (plan: Plan, groups: [ProtectionGroup])] = [:]
        var ends: [Int: Runner.End] = [:]
    }

    private let state = Mutex(State())

    func plan(_ plan: Plan, _ groups: [ProtectionGroup], of process: Int) {
        state.withLock { $0.plans[process] = (plan, groups) }
    }

    func end(_ end: Runner.End, of process: Int) { state.withLock { $0.ends[process] = end } }

    /// What a run planned, and from what.
    func plan(of process: Int) -> (plan: Plan, groups: [ProtectionGroup])? {
        state.withLock { $0.plans[process] }
    }

    /// How a run ended.
    func end(of process: Int) -> Runner.End? { state.withLock { $0.ends[process] } }
}

extension Runner.End {
    /// The end in words.
    var inWords: String {
        switch self {
        case .done(let report):
            report.map { RunText(width: 100, colour: .never).text(of: $0) } ?? "nothing to do"
        case .locked: "another run is at work"
        case .killed: "killed"
        case .lockLost: "the lock was lost"
        case .failed(let text): text
        case .notProved(let text): "not proved: \(text)"
        }
    }
}

extension Runner.Command: CustomStringConvertible {
    var description: String {
        switch self {
        case .reconcile: "reconcile"
        case .apply: "apply"
        }
    }
}

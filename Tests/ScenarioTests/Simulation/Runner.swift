import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import Synchronization

/// One process: `reconcile` or `apply`, from taking the lock to its end.
struct Runner: Sendable {
    /// What it was started as.
    enum Command: Sendable {
        case reconcile
        case apply
    }

    /// How it ended.
    enum End: Sendable {
        case done(RunReport?)
        case locked
        case killed
        case lockLost
        case failed(String)
        case notProved(String)
    }

    let number: Int
    let command: Command
    let fleet: DesiredFleet
    let turns: Turns
    let lock: LockFile
    let clock: @Sendable () -> Timestamp
    let newIntentID: @Sendable () -> String

    /// Whether looks are repeated by the policy for reads.
    let repeatsLooks: Bool

    /// Is told what the run plans.
    let show: @Sendable (Plan, [ProtectionGroup]) -> Void

    /// Lives.
    ///
    /// - Returns: How it ended.
    func live() async -> End {
        do {
            guard case .locked(let epoch) = try await turns.reach(.lock, by: number) else {
                return .locked
            }
            return .done(try await run(epoch: epoch))
        } catch is Turns.Killed {
            return .killed
        } catch is LeaseLost {
            return .lockLost
        } catch let refusal as ProvedPlan.Refused {
            return .notProved("\(refusal)")
        } catch {
            return .failed("\(error)")
        }
    }

    private func run(epoch: Int) async throws -> RunReport? {
        let executor = Executor(
            service: service,
            journal: RemoteJournal(turns: turns, process: number),
            lease: lock.lease(of: number, epoch: epoch),
            limits: Executor.Limits(groupsAtOnce: 1, pollInterval: .seconds(120)),
            uptime: { clock() - beginning },
            jitter: { 0.5 },
            newIntentID: newIntentID
        )
        try await executor.resolve(entries())
        let proved = try await plan()
        guard proved.plan.groups.contains(where: { !$0.steps.isEmpty }) else { return nil }
        let approved = try proved.approved
        switch command {
        case .reconcile: return try await executor.tick(approved)
        case .apply: return try await executor.run(approved)
        }
    }

    private func entries() async throws -> [JournalEntry] {
        guard case .entries(let entries) = try await turns.reach(.journal, by: number) else {
            throw Turns.OutOfTurn()
        }
        return entries
    }

    /// The plan for the present, as any command makes it.
    private func plan() async throws -> ProvedPlan {
        let entries = try await entries()
        let now = clock()
        let inventory = try await service.inventory()
        var groups: [ProtectionGroup] = []
        var unread: [GroupID: UnreadReason] = [:]
        for id in inventory.groups {
            do {
                groups.append(try await service.observe(id))
            } catch let killed as Turns.Killed {
                throw killed
            } catch {
                unread[id] = "\(error)"
            }
        }
        let context = PlanContext(
            now: now,
            unreadPlaces: inventory.unreadPlaces,
            unreadGroups: unread,
            recentEntries: entries
        )
        let proved = ProvedPlan(of: groups, for: fleet, in: context)
        show(proved.plan, groups)
        return proved
    }

    private var service: RemoteService {
        RemoteService(turns: turns, process: number, clock: clock, repeatsLooks: repeatsLooks)
    }
}

/// The service as a process reaches it: over a network on which anything may happen.
struct RemoteService: HSMService {
    let turns: Turns
    let process: Int
    let clock: @Sendable () -> Timestamp
    let repeatsLooks: Bool

    func now() async throws -> Timestamp { clock() }

    func inventory() async throws -> Inventory {
        guard case .inventory(let all) = try await look(.inventory) else {
            throw Turns.OutOfTurn()
        }
        return all
    }

    func observe(_ id: GroupID) async throws -> ProtectionGroup {
        guard case .group(let group) = try await look(.observe(id)) else {
            throw Turns.OutOfTurn()
        }
        return group
    }

    /// Looks, and again after a failure as the policy for reads says.
    private func look(_ point: Turns.Point) async throws -> Turns.Reply {
        var attempt = 1
        while true {
            do {
                return try await turns.reach(point, by: process)
            } catch let killed as Turns.Killed {
                throw killed
            } catch {
                let policy = RetryPolicy.standard(for: .reading)
                guard repeatsLooks, let pause = policy.pause(after: attempt, share: 0.5) else {
                    throw error
                }
                try await wait(pause)
                attempt += 1
            }
        }
    }

    func sign(_ call: Call, at place: Place, in group: GroupID?) async throws -> SignedCall {
        let reply = try await turns.reach(.sign(call, place, group), by: process)
        guard case .signed(let signed) = reply else { throw Turns.OutOfTurn() }
        return signed
    }

    func send(_ call: SignedCall) async throws -> Answer {
        guard case .answer(let answer) = try await turns.reach(.send(call), by: process) else {
            throw Turns.OutOfTurn()
        }
        return answer
    }

    func wait(_ span: Duration) async throws {
        try Task.checkCancellation()
        _ = try await turns.reach(.wait(until: clock() + span), by: process)
        try Task.checkCancellation()
    }
}

/// The journal as a process reaches it: a disk that may be slow, full, or there no more.
struct RemoteJournal: Journal {
    let turns: Turns
    let process: Int

    func begin(_ intent: Intent) async throws {
        _ = try await turns.reach(.begin(intent), by: process)
    }

    func end(_ intent: Intent, _ outcome: Outcome) async throws {
        _ = try await turns.reach(.end(intent, outcome), by: process)
    }

    func record(_ use: ApprovalUse) async throws {}
}

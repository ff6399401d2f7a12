import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomObservation
import StrongroomReport
import StrongroomSimulator
import Synchronization

/// A scenario that is seen through faulty pages only, whoever plans and whoever carries out.
final class PageFaultPlay: Sendable {
    let play: Play
    let pages: FaultyPages
    private let service: PagedService
    private let intents = Mutex<UInt64>(0)

    /// Deletions that were sent in a run whose inventory was not whole.
    let deletionsUnseen = Mutex(0)

    private let told = Mutex<[String]>([])

    /// Every plan and run, in words.
    var story: [String] { told.withLock { $0 } }

    /// Plans that the proof refused.
    let refusals = Mutex(0)

    private let first: [CopyKey: Int]

    /// A backup and where it is copied to.
    private struct CopyKey: Hashable {
        let source: BackupID
        let region: Region
    }

    init(seed: UInt64) throws {
        var chance = Chance(seed: seed &* 2_654_435_761)
        play = try Scenario.of(seed).play()
        let inner = play.service.inner
        inner.state.withLock { state in
            var settings = state.record.settings
            settings.readLag = chance.one(.zero, .seconds(30), .minutes(2), .minutes(5))
            state.record = WorldRecord(
                began: state.record.began,
                now: state.record.now,
                settings: settings,
                lostRegions: state.record.lostRegions
            )
        }
        pages = FaultyPages(inner, seed: chance.next())
        service = PagedService(
            over: play.service,
            accounts: [Geography.account],
            regions: Geography.regions,
            // One call after another, so that a seed decides everything.
            limits: PageLimits(readsAtOnce: 1),
            uptime: { [began = inner.now()] in inner.now() - began },
            transport: pages.carry
        )
        first = Self.copies(in: try play.service.truth())
        let left = Mutex(4)
        pages.meanwhile { chance in
            guard
                left.withLock({
                    $0 -= 1; return $0 >= 0
                })
            else { return }
            try inner.letOthersAct(by: &chance)
        }
    }

    /// Copies beyond one of the same backup in the same Region that nobody else made.
    func doubleCopies() throws -> Int {
        Self.copies(in: try play.service.truth()).reduce(0) { sum, pair in
            sum + max(0, pair.value - max(first[pair.key] ?? 0, 1))
        }
    }

    private static func copies(in world: [GroupID: ProtectionGroup]) -> [CopyKey: Int] {
        world.values.reduce(into: [:]) { counts, group in
            for backup in group.backups {
                guard let source = backup.copiedFrom,
                    backup.isReady || backup.state == .createInProgress
                else { continue }
                counts[CopyKey(source: source, region: backup.region), default: 0] += 1
            }
        }
    }

    /// Clusters beyond one that carry the name of the same manifest.
    func doubleClusters() throws -> Int {
        let names = try play.service.truth().values.compactMap { group -> String? in
            group.livingCluster == nil ? nil : group.ownedName
        }
        return names.count - Set(names).count
    }

    /// A plan, and whether everything was read that it rests on.
    private struct Seen {
        let proved: ProvedPlan
        let isWhole: Bool
    }

    /// What a command sees: every group that could be read, and what could not.
    private func proved() async throws -> Seen {
        let now = try await service.now()
        let inventory = try await service.refresh().inventory
        var groups: [ProtectionGroup] = []
        var unread: [GroupID: UnreadReason] = [:]
        for id in inventory.groups {
            do {
                groups.append(try await service.observe(id))
            } catch let reason as any ReadingFailure {
                unread[id] = reason.unreadReason
            }
        }
        let context = PlanContext(
            now: now,
            unreadPlaces: inventory.unreadPlaces,
            unreadGroups: unread,
            recentEntries: play.journal.recent(since: now - .hours(24))
        )
        let proved = ProvedPlan(of: groups, for: play.scenario.fleet, in: context)
        return Seen(proved: proved, isWhole: inventory.unreadPlaces.isEmpty && unread.isEmpty)
    }

    /// One run: what is open is looked up, then a plan is made, proved and carried out.
    ///
    /// - Parameter isTick: Whether only what can be started is started.
    /// - Returns: Whether there was nothing to do.
    /// - Throws: When the journal or the service fails as a whole.
    @discardableResult
    func run(isTick: Bool) async throws -> Bool {
        play.service.beginRun()
        let executor = executor
        try await executor.resolve(play.journal.recent(since: play.service.now() - .hours(24)))
        let seen = try await proved()
        let (proved, isWhole) = (seen.proved, seen.isWhole)
        let before = deletions
        let approved: ApprovedPlan
        do {
            approved = try proved.approved
        } catch {
            // Nothing is done under a plan that is not proved; the next one may be.
            refusals.withLock { $0 += 1 }
            told.withLock { $0.append("\(error)") }
            return false
        }
        let report =
            try await isTick
            ? executor.tick(approved) : executor.run(approved)
        tell(proved.plan, report)
        if !isWhole { deletionsUnseen.withLock { $0 += deletions - before } }
        return proved.plan.groups.allSatisfy(\.steps.isEmpty)
    }

    private func tell(_ plan: Plan, _ report: RunReport) {
        let words =
            PlanText(width: 100, colour: .never).text(of: plan)
            + RunText(width: 100, colour: .never).text(of: report)
        told.withLock { $0.append("at \(plan.now):\n\(words)") }
    }

    private var executor: Executor {
        Executor(
            service: service,
            journal: play.journal,
            lease: HeldLock(),
            limits: play.limits,
            uptime: { .zero },
            jitter: { 1 },
            newIntentID: { [self] in
                let number = intents.withLock { number in
                    number += 1
                    return number
                }
                let digits = String(number, radix: 16)
                return String(repeating: "0", count: 32 - digits.count) + digits
            }
        )
    }

    private var deletions: Int { play.service.calls.count { $0 == "DeleteBackup" } }
}

extension SimulatedService {
    /// What people and the service do while someone reads: no more than the promises allow others.
    fileprivate func letOthersAct(by chance: inout Chance) throws {
        let ids = try store.groupIDs()
        guard let id = chance.one(of: ids) else { return }
        let group = try state.withLock { try present(id, state: $0).group }
        switch chance.number(1...4) {
        case 1:
            // Before activation another HSM would mean another signing request.
            guard group.cluster?.isActivated == true,
                let hsm = chance.one(of: group.cluster?.healthyHSMs ?? [])
            else { return }
            _ = try? replaceHSM(hsm.id)
        case 2:
            // A copy that a person brings back beside ours would count as made twice.
            let deleted = group.backups.filter { !$0.isCopy && $0.state == .pendingDeletion }
            guard let backup = chance.one(of: deleted) else { return }
            let place = Place(account: id.home.account, region: backup.region)
            _ = try? perform(
                .restoreBackup(RestoreBackup(backup: backup.id)),
                at: place,
                in: id
            )
        case 3:
            let ready = group.backups.filter { $0.isReady && !$0.neverExpires }
            guard ready.count > 3, let backup = chance.one(of: ready) else { return }
            let place = Place(account: id.home.account, region: backup.region)
            _ = try? perform(.deleteBackup(DeleteBackup(backup: backup.id)), at: place, in: id)
        default:
            let coming = group.backups.filter { $0.state == .createInProgress }
            guard let backup = chance.one(of: coming) else { return }
            _ = try? failBackup(backup.id)
        }
    }
}

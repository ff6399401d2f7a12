import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization
import Testing

@Suite struct ServiceTests {
    private static let settings = SimulatorSettings.calm

    private func service(
        _ groups: [ProtectionGroup] = []
    ) throws -> (SimulatedService, MemoryStore) {
        let store = MemoryStore(groups)
        return (
            try SimulatedService.begin(store: store, now: morning, settings: Self.settings), store
        )
    }

    @Test func aWorldBeginsOnce() throws {
        let (_, store) = try service()
        #expect(throws: SimulatedServiceError.alreadyBegun(clock: morning)) {
            try SimulatedService.begin(store: store, now: morning)
        }
    }

    @Test func aWorldThatHasNotBegunCannotBeOpened() {
        #expect(throws: SimulatedServiceError.notBegun) {
            try SimulatedService.open(store: MemoryStore())
        }
    }

    @Test func theSettingsAndTheClockAreKept() async throws {
        let (service, store) = try service()
        try await service.wait(.hours(5))
        try service.flush()
        let again = try SimulatedService.open(store: store)
        #expect(again.now() == morning + .hours(5))
        #expect(again.settings == Self.settings)
    }

    @Test func aMomentNamedLaterMovesTheClockAndAnEarlierOneIsRefused() throws {
        let (_, store) = try service()
        let later = try SimulatedService.open(store: store, now: morning + .days(1))
        #expect(later.now() == morning + .days(1))
        try later.flush()
        let error = SimulatedServiceError.clockStandsLater(
            clock: morning + .days(1),
            asked: morning
        )
        #expect(throws: error) { try SimulatedService.open(store: store, now: morning) }
        #expect("\(error)".contains("2026-11-21T09:00:00Z, later than 2026-11-20T09:00:00Z"))
    }

    @Test func aCallIsDurableBeforeItIsAnswered() throws {
        let (service, store) = try service()
        let answer = try service.perform(.createCluster(.plain()), at: virginia, in: nil)
        guard case .cluster(let cluster) = answer else { return }
        let id = GroupID(home: virginia, cluster: cluster.id)
        let record = try store.record(of: id)
        #expect(record.group.cluster?.id == cluster.id)
        #expect(record.simulator != nil)
        #expect(try service.inventory().groups == [id])
        let other = try SimulatedService.open(store: store)
        #expect(try other.observe(id) == service.observe(id))
    }

    @Test func observingWritesNothing() async throws {
        let (service, store) = try service([Adopted.group(hsms: 1)])
        try await service.wait(.days(3))
        #expect(try service.observe(Adopted.id).backups.count == 3)
        #expect(try store.record(of: Adopted.id).simulator == nil)
        #expect(try store.record(of: Adopted.id).group.backups.isEmpty)
    }

    @Test func theClockIsKeptBeforeAnyGroupIsAheadOfIt() async throws {
        let (service, store) = try service([Adopted.group(hsms: 1)])
        try await service.wait(.hours(1))
        let tags = TagResource(.cluster(Adopted.cluster), tags: ["a": "b"])
        _ = try service.perform(.tagResource(tags), at: virginia, in: Adopted.id)
        let again = try SimulatedService.open(store: store)
        #expect(again.now() == morning + .hours(1))
        #expect(try again.observe(Adopted.id) == service.observe(Adopted.id))
    }

    @Test func aGroupAheadOfTheClockIsAnErrorThatSaysSo() throws {
        let (_, store) = try service([Adopted.group()])
        var record = try store.record(of: Adopted.id)
        var memory = SimulatedGroup(adopting: record.group, at: morning, under: Self.settings)
            .memory
        memory.asOf = morning + .days(1)
        record.simulator = memory.json
        store.save(record)
        let service = try SimulatedService.open(store: store)
        #expect(
            throws: SimulatedServiceError.groupIsAhead(
                Adopted.id,
                asOf: morning + .days(1),
                clock: morning
            )
        ) { try service.observe(Adopted.id) }
    }

    /// A world of two groups in one place, of which what is kept of the second cannot be read.
    private func halfReadableWorld(_ quotas: Quotas) throws -> SimulatedService {
        let id = GroupID(home: virginia, cluster: ClusterID(bits: 78))
        let other = ProtectionGroup(id: id, cluster: nil)
        let store = MemoryStore([Adopted.group(hsms: 1)])
        store.save(GroupRecord(group: other, simulator: .string("?")))
        var settings = Self.settings
        settings.quotas = quotas
        return try SimulatedService.begin(store: store, now: morning, settings: settings)
    }

    @Test func aCallThatCannotBeCountedAgainstItsQuotaIsSurelyNotCarriedOut() throws {
        let service = try halfReadableWorld(.serviceDefault)
        let add = Call.createHSM(CreateHSM(cluster: Adopted.cluster, zone: zoneA))
        let before = try service.observe(Adopted.id)
        let hindrance = #expect(throws: CallHindered.self) {
            try service.perform(add, at: virginia, in: Adopted.id)
        }
        #expect(hindrance?.unreadReason.origin == .ownState)
        let cause = hindrance?.unreadReason.cause ?? ""
        #expect(cause.contains("\(ClusterID(bits: 78))"))
        #expect(try service.observe(Adopted.id) == before)
        let tags = TagResource(.cluster(Adopted.cluster), tags: ["a": "b"])
        _ = try service.perform(.tagResource(tags), at: virginia, in: Adopted.id)
    }

    @Test func aCallThatIsWithinItsQuotaWhateverCannotBeReadGoesOn() throws {
        let add = Call.createHSM(CreateHSM(cluster: Adopted.cluster, zone: zoneA))
        let roomy = try halfReadableWorld(Quotas(clusters: 4, hsms: 30))
        _ = try roomy.perform(add, at: virginia, in: Adopted.id)
        let full = try halfReadableWorld(Quotas(clusters: 4, hsms: 1))
        #expect(throws: ServiceException.self) {
            try full.perform(add, at: virginia, in: Adopted.id)
        }
    }

    @Test func whatIsFoundInNoReadableGroupMayBeInAnother() throws {
        let service = try halfReadableWorld(.serviceDefault)
        let hsm = try #require(try service.observe(Adopted.id).cluster?.hsms.first?.id)
        try service.degradeHSM(hsm)
        #expect(throws: SimulatedServiceError.self) { try service.degradeHSM(HSMID(bits: 5)) }
    }

    @Test func aGroupThatCannotBeReadHidesNoOtherOfALostRegion() throws {
        let service = try halfReadableWorld(.serviceDefault)
        try service.loseRegion(virginia.region)
        #expect(try service.inventory().groups.map(\.cluster) == [ClusterID(bits: 78)])
    }

    @Test func nothingIsToldOfAWorldWhoseCallCouldNotBeKeptUntilItIsOpenedAnew() throws {
        let store = FailingStore(MemoryStore([Adopted.group(hsms: 2)]))
        let service = try SimulatedService.begin(
            store: store,
            now: morning,
            settings: Self.settings
        )
        let before = try service.observe(Adopted.id)
        let removal = Call.deleteHSM(DeleteHSM(cluster: Adopted.cluster, hsm: HSMID(bits: 1)))
        store.fails.withLock { $0 = true }
        #expect(throws: FailingStore.Full.self) {
            try service.perform(removal, at: virginia, in: Adopted.id)
        }
        store.fails.withLock { $0 = false }
        #expect(throws: FailingStore.Full.self) { try service.observe(Adopted.id) }
        #expect(throws: FailingStore.Full.self) { try service.inventory() }
        #expect(throws: FailingStore.Full.self) {
            try service.sign(removal, at: virginia, in: Adopted.id)
        }
        let anew = try SimulatedService.open(store: store)
        #expect(try anew.observe(Adopted.id) == before)
        _ = try anew.perform(removal, at: virginia, in: Adopted.id)
        #expect(try anew.observe(Adopted.id) != before)
    }

    @Test func quotasCountTheGroupsOfTheStore() throws {
        let store = MemoryStore([Adopted.group(hsms: 6)])
        let service = try SimulatedService.begin(
            store: store,
            now: morning,
            settings: SimulatorSettings()
        )
        let more = Call.createHSM(CreateHSM(cluster: Adopted.cluster, zone: zoneA))
        #expect(throws: ServiceException.self) {
            try service.perform(more, at: virginia, in: Adopted.id)
        }
        let removal = Call.deleteHSM(DeleteHSM(cluster: Adopted.cluster, hsm: HSMID(bits: 1)))
        _ = try service.perform(removal, at: virginia, in: Adopted.id)
        _ = try service.perform(more, at: virginia, in: Adopted.id)
    }

    @Test(arguments: [true, false])
    func aCloneIsMadeWithAndWithoutNamingItsSourcesGroup(isNamed: Bool) async throws {
        let backup = Adopted.backup(1, age: .hours(1))
        let (service, _) = try service([Adopted.group(backups: [backup])])
        let request = Call.createCluster(.plain(from: backup.id))
        let named = isNamed ? Adopted.id : nil
        guard
            case .cluster(let clone) = try service.perform(request, at: virginia, in: named)
        else { return }
        try await service.wait(.minutes(3))
        let id = GroupID(home: virginia, cluster: clone.id)
        #expect(try service.observe(id).cluster?.state == .active)
        let hsm = Call.createHSM(CreateHSM(cluster: clone.id, zone: zoneA))
        _ = try service.perform(hsm, at: virginia, in: id)
        try await service.wait(.minutes(8))
        #expect(try service.observe(id).cluster?.hsms.map(\.state) == [.active])
        #expect(try service.material(in: backup.id).cluster == Adopted.cluster)
    }

    @Test func aWaitEndsWhenTheTaskIsCancelled() async throws {
        let (service, _) = try service()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await service.wait(.hours(1))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(service.now() == morning)
    }

    @Test func advancingTellsWhatHappenedAndKeepsIt() async throws {
        let backup = Adopted.backup(1, age: .days(89))
        let (service, store) = try service([Adopted.group(hsms: 1, backups: [backup])])
        let summary = try await service.advance(by: .days(2))
        #expect(summary.from == morning)
        #expect(summary.to == morning + .days(2))
        #expect(summary.changedGroups == 1)
        #expect(summary.counts["backups removed by retention"] == 1)
        #expect(summary.counts["daily backups"] == 3, "one was overdue")
        #expect(summary.events.count == summary.eventCount)
        #expect(summary.events == summary.events.sorted())
        let expired = summary.events.first { $0.kind == .backupExpired(backup.id) }
        #expect(expired?.at == backup.createdAt + .days(90))
        #expect(
            expired?.description
                == "2026-11-21T09:00:00Z \(Adopted.cluster): retention removed \(backup.id), restorable for 7 days"
        )
        #expect(try store.record(of: Adopted.id).group == service.observe(Adopted.id))
    }

    @Test func aSummaryHoldsTheEarliestEventsAndCountsAll() async throws {
        let (service, _) = try service([Adopted.group(hsms: 1)])
        let summary = try await service.advance(by: .days(100), listing: 5)
        #expect(summary.events.count == 5)
        #expect(summary.eventCount > 200)
        #expect(summary.events.allSatisfy { $0.at <= morning + .days(4) })
    }

    @Test func aBrokenGroupKeepsNoOtherFromGoingOn() async throws {
        var other = Adopted.group(hsms: 1)
        other = ProtectionGroup(
            id: GroupID(home: ireland, cluster: Adopted.cluster),
            cluster: other.cluster
        )
        let (service, store) = try service([Adopted.group(hsms: 1), other])
        var record = try store.record(of: other.id)
        record.simulator = .object(["asOf": .bool(true)])
        store.save(record)
        let summary = try await service.advance(by: .days(2))
        #expect(summary.changedGroups == 1)
        #expect(summary.unreadGroups.keys.sorted() == [other.id])
        #expect(summary.unreadGroups[other.id]?.cause.contains("\"asOf\" is not a string") == true)
    }
}

/// A store that can run out of room.
private final class FailingStore: GroupStore {
    struct Full: Error {}

    let fails = Mutex(false)
    private let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    func groupIDs() -> [GroupID] { store.groupIDs() }
    func record(of id: GroupID) throws -> GroupRecord { try store.record(of: id) }
    func simulatedWorld() -> JSONValue? { store.simulatedWorld() }
    func saveSimulatedWorld(_ world: JSONValue) { store.saveSimulatedWorld(world) }

    func save(_ record: GroupRecord) throws {
        if fails.withLock({ $0 }) { throw Full() }
        store.save(record)
    }
}

public import CloudHSM
public import StrongroomModel
package import Synchronization

/// The simulated CloudHSM over a store that is its memory between runs.
///
/// Every call is durable before it is answered. Groups that no call concerned are neither kept in
/// memory nor written: whoever looks at one sees it brought to the present.
public final class SimulatedService: Sendable {
    package let store: any GroupStore
    package let state: Mutex<State>

    /// What changes while a run goes on.
    package struct State {
        package var record: WorldRecord
        package var isClockSaved: Bool
        var touched: [GroupID: SimulatedGroup] = [:]
        var usage: [Place: [GroupID: GroupUsage]] = [:]

        /// Why the store could not keep something: it may hold it all the same or not, so nothing
        /// is told of the world any more until somebody opens it anew.
        var storeFailure: (any Error)?

        func requireStore() throws {
            if let storeFailure { throw storeFailure }
        }
    }

    private init(store: any GroupStore, state: State) {
        self.store = store
        self.state = Mutex(state)
    }

    /// Begins a simulated world in a store; groups that are there already become part of it.
    ///
    /// - Parameters:
    ///   - store: Where it is kept.
    ///   - now: What its clock shows.
    ///   - settings: How it behaves, from now on for ever.
    /// - Returns: The service.
    /// - Throws: ``SimulatedServiceError`` if there is a world already; what the store throws.
    public static func begin(
        store: any GroupStore,
        now: Timestamp,
        settings: SimulatorSettings = SimulatorSettings()
    ) throws -> SimulatedService {
        if let json = try store.simulatedWorld() {
            throw SimulatedServiceError.alreadyBegun(clock: try readWorld(json).now)
        }
        let record = WorldRecord(began: now, now: now, settings: settings)
        try store.saveSimulatedWorld(record.json)
        return SimulatedService(store: store, state: State(record: record, isClockSaved: true))
    }

    /// Goes on with the simulated world of a store.
    ///
    /// - Parameters:
    ///   - store: Where it is kept.
    ///   - now: The moment to go on from; `nil` for where its clock stands.
    /// - Returns: The service.
    /// - Throws: ``SimulatedServiceError`` if there is no world, it cannot be read, or its clock
    ///   stands later; what the store throws.
    public static func open(
        store: any GroupStore,
        now: Timestamp? = nil
    ) throws -> SimulatedService {
        guard let json = try store.simulatedWorld() else { throw SimulatedServiceError.notBegun }
        var record = try readWorld(json)
        if let now, now < record.now {
            throw SimulatedServiceError.clockStandsLater(clock: record.now, asked: now)
        }
        let isClockSaved = now == nil || now == record.now
        record.now = now ?? record.now
        return SimulatedService(
            store: store,
            state: State(record: record, isClockSaved: isClockSaved)
        )
    }

    private static func readWorld(_ json: JSONValue) throws -> WorldRecord {
        do {
            return try WorldRecord(json: json)
        } catch {
            throw SimulatedServiceError.unreadableWorld(error)
        }
    }

    /// How the world behaves.
    public var settings: SimulatorSettings { state.withLock { $0.record.settings } }
}

extension SimulatedService: HSMService {
    /// The world's clock.
    public func now() -> Timestamp { state.withLock { $0.record.now } }

    /// Every group of the store that is seen anywhere; a lost Region counts as not read.
    ///
    /// - Returns: The groups in a fixed order.
    /// - Throws: What the store throws, or threw when it could not keep something.
    public func inventory() throws -> Inventory {
        let lost = try state.withLock { state in
            try state.requireStore()
            return state.record.lostRegions
        }
        let ids = try store.groupIDs()
        guard !lost.isEmpty else { return Inventory(groups: ids) }
        let seen = try ids.filter { try !lost.contains($0.home.region) || isSeenElsewhere($0) }
        let places = Set(ids.map(\.home.account)).flatMap { account in
            lost.map { (Place(account: account, region: $0), Self.silence) }
        }
        return Inventory(groups: seen, unreadPlaces: Dictionary(uniqueKeysWithValues: places))
    }

    /// Why a lost Region could not be read.
    private static let silence = UnreadReason(
        "the Region does not answer",
        next: "strongroom simulate regain-region REGION lets it answer again"
    )

    /// One group as the service shows it now; nothing is written.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group.
    /// - Throws: What the store throws, or threw when it could not keep something;
    ///   ``SimulatedServiceError`` if the group cannot be read, or its home does not answer and no
    ///   other Region shows anything of it.
    public func observe(_ id: GroupID) throws -> ProtectionGroup {
        let (seen, isHomeLost) = try sight(of: id)
        guard !isHomeLost || !seen.backups.isEmpty else {
            throw SimulatedServiceError.silentHome(id)
        }
        return seen
    }

    /// What the Regions that answer show of a group, and whether its home is not among them.
    func sight(of id: GroupID) throws -> (group: ProtectionGroup, isHomeLost: Bool) {
        let (world, touched) = try state.withLock { state in
            try state.requireStore()
            return (state.record, state.touched[id])
        }
        var group = try touched ?? load(id, in: world)
        group.advance(to: world.now, under: world.settings)
        var seen = group.view.apart(from: world.lostRegions)
        seen.unreadRegions = world.lostRegions
        return (seen, world.lostRegions.contains(id.home.region))
    }

    /// Makes a call ready: nothing is simulated but the moment.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns.
    /// - Returns: The call.
    /// - Throws: What the store threw if it could not keep something: the call is not sent then.
    public func sign(_ call: Call, at place: Place, in group: GroupID?) throws -> SignedCall {
        try state.withLock { try $0.requireStore() }
        return SignedCall(call, at: place, in: group, signedAt: now())
    }

    /// Carries out a call, unless its signature is too old.
    ///
    /// - Parameter call: The call as it was signed.
    /// - Returns: The service's answer.
    /// - Throws: As ``perform(_:at:in:)`` does.
    public func send(_ call: SignedCall) throws -> Answer {
        guard now() < call.signedAt + ReadDelay.signatureLife else {
            throw ServiceException(.accessDenied, "the signature has expired")
        }
        return try perform(call.call, at: call.place, in: call.group)
    }

    /// Carries out one call; when it answers, the change is durable.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns, for a clone that of its source; `nil` to have it looked
    ///     for.
    /// - Returns: The service's answer.
    /// - Throws: ``ServiceException`` for a refusal; ``CallHindered`` if it was not done because a
    ///   group it rests on cannot be read; what the store throws, and then the next who opens the
    ///   world sees whether it was done.
    public func perform(_ call: Call, at place: Place, in group: GroupID?) throws -> Answer {
        try state.withLock { state in
            try state.requireStore()
            try requireAnswer(to: call, at: place, under: state.record)
            var world = try hindering {
                try working(on: call, at: place, in: group, state: &state)
            }
            let before = Set(world.groups.keys)
            let surroundings = try surroundings(of: call, at: place, state: &state)
            let untouched = world
            let answer = try world.perform(call, at: place, given: surroundings)
            try requireCertainty(of: call, at: place, in: untouched, given: surroundings)
            for id in call.changes(world, at: place, apartFrom: before) {
                guard let changed = world.groups[id] else { continue }
                try save(changed, in: &state)
            }
            return answer
        }
    }

    /// Lets the world's clock jump, and keeps it: a moment that was told is never taken back.
    ///
    /// - Parameter span: How far; nothing happens if it is negative.
    /// - Throws: `CancellationError` if the task was cancelled; what the store throws, or threw when
    ///   it could not keep something, for waiting brings nothing then.
    public func wait(_ span: Duration) async throws {
        try Task.checkCancellation()
        try state.withLock { state in
            try state.requireStore()
            guard span > .zero else { return }
            state.record.now = state.record.now + span
            state.isClockSaved = false
            try saveClock(in: &state)
        }
        await Task.yield()
    }

    /// Keeps the clock, and the groups that calls concerned as they are now.
    ///
    /// - Throws: What the store throws, or threw when it could not keep something.
    public func flush() throws {
        try state.withLock { state in
            try state.requireStore()
            for id in state.touched.keys.sorted() {
                guard var group = state.touched[id], group.asOf < state.record.now else { continue }
                group.advance(to: state.record.now, under: state.record.settings)
                try save(group, in: &state)
            }
            try saveClock(in: &state)
        }
    }
}

extension Call {
    /// The groups a call has changed or made in a world.
    fileprivate func changes(
        _ world: SimulatedWorld,
        at place: Place,
        apartFrom before: Set<GroupID>
    ) -> [GroupID] {
        switch self {
        case .createCluster: world.groups.keys.filter { !before.contains($0) }
        case .describeClusters, .describeBackups, .listTags, .getResourcePolicy: []
        case .initializeCluster, .modifyCluster, .deleteCluster, .createHSM, .deleteHSM,
            .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup, .tagResource,
            .untagResource, .putResourcePolicy, .deleteResourcePolicy:
            target.flatMap { world.group(of: $0, at: place) }.map { [$0] } ?? []
        }
    }
}

public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// A service that is seen through the pages its listings come in.
///
/// Calls that change something go to another service as they are. An inventory is one reading of
/// every page; a look at a group reads again what belongs to that group, in every Region, and shows
/// all of it or fails: a missing page never looks like something that does not exist.
public final class PagedService: Sendable {
    private let acting: any HSMCaller
    private let reader: FleetReader
    private let memory: Mutex<Memory>
    private let rounds = LookRounds()

    /// Sees a service through its pages.
    ///
    /// - Parameters:
    ///   - acting: Signs and sends what changes something, and has the clock.
    ///   - accounts: The fleet's accounts.
    ///   - regions: Every Region to observe.
    ///   - earlier: What earlier runs saw, as far as it is remembered.
    ///   - limits: How far a listing is followed.
    ///   - uptime: Time since some moment, by a clock that is never set.
    ///   - transport: Carries listing calls; absent means that the acting service does.
    public convenience init(
        over acting: any HSMCaller,
        accounts: [AccountID],
        regions: [Region],
        earlier: [EarlierGroup] = [],
        limits: PageLimits = PageLimits(),
        uptime: @escaping @Sendable () -> Duration,
        transport: ReadTransport? = nil
    ) {
        self.init(
            over: acting,
            accounts: accounts,
            regions: regions,
            earlier: earlier,
            limits: limits,
            uptime: uptime,
            retrying: { call, place, _ in
                if let transport { return try await transport(call, place) }
                return try await acting.send(acting.sign(call, at: place, in: nil))
            }
        )
    }

    /// Sees a service through its pages.
    ///
    /// - Parameters:
    ///   - acting: Signs and sends what changes something, and has the clock.
    ///   - accounts: The fleet's accounts.
    ///   - regions: Every Region to observe.
    ///   - earlier: What earlier runs saw, as far as it is remembered.
    ///   - limits: How far a listing is followed.
    ///   - uptime: Time since some moment, by a clock that is never set.
    ///   - transport: Carries listing calls, and tries again by itself.
    public init(
        over acting: any HSMCaller,
        accounts: [AccountID],
        regions: [Region],
        earlier: [EarlierGroup] = [],
        limits: PageLimits = PageLimits(),
        uptime: @escaping @Sendable () -> Duration,
        retrying transport: @escaping RetryingReadTransport
    ) {
        self.acting = acting
        reader = FleetReader(
            pages: PageReader(transport: transport, limits: limits, uptime: uptime),
            accounts: accounts,
            regions: regions
        )
        memory = Mutex(Memory(earlier))
    }

    /// Reads every page of every place, for a new plan.
    ///
    /// Places that cannot be read whole are left out of later looks at groups until an inventory
    /// has read them.
    ///
    /// - Returns: What is seen.
    /// - Throws: When the clock cannot be read; `CancellationError`.
    public func refresh() async throws -> FleetObservation {
        try await observation(isBeginning: true)
    }

    private func observation(isBeginning: Bool) async throws -> FleetObservation {
        do {
            return try await readEverything(isBeginning: isBeginning)
        } catch {
            throw error.unlessCancelled
        }
    }

    private func readEverything(isBeginning: Bool) async throws -> FleetObservation {
        // What others see and note meanwhile is younger than this reading, which need not show it.
        let earlier = memory.withLock(\.self)
        let before = try await acting.now()
        let visits = reader.visits()
        let readings = try await reader.read(visits)
        let after = try await acting.now()
        let grouping = Grouping(readings, knowing: memory.withLock { Array($0.homes) })
        var unread: [Place: UnreadReason] = [:]
        for reading in readings {
            unread.note(reading.reason, of: reading.place)
        }
        let missing = missing(from: grouping, of: earlier.clusters, but: unread)
        let hidden = try await reader.hidden(among: missing, visits)
        for (id, reason) in hidden.sorted(by: { $0.key < $1.key }) {
            unread.note(reason, of: id.home)
        }
        // A page that is missing says already why a backup of it is not seen.
        unread.merge(vanished(from: grouping, of: earlier, at: after)) { missing, _ in missing }
        memory.withLock { memory in
            for id in earlier.clusters where unread[id.home] == nil {
                if grouping.groups[id]?.livingCluster == nil { memory.forgetCluster(of: id) }
            }
            for group in grouping.groups.values { memory.note(group, readAt: before) }
            memory.note(unread: unread, isBeginning: isBeginning)
            memory.pageCount = readings.reduce(0) { $0 + $1.pageCount }
        }
        return FleetObservation(
            at: before,
            groups: Array(grouping.groups.values),
            unreadPlaces: unread,
            contradictions: grouping.contradictions
        )
    }

    /// Why places were not read whole that list too few backups.
    private func vanished(
        from grouping: Grouping,
        of earlier: Memory,
        at now: Timestamp
    ) -> [Place: UnreadReason] {
        var unlisted: [Place: UnlistedBackups] = [:]
        for id in earlier.knownGroups {
            let group = grouping.groups[id] ?? ProtectionGroup(id: id, cluster: nil)
            unlisted.merge(earlier.vanished(from: group, at: now)) { all, more in
                var all = all
                all.note(more)
                return all
            }
        }
        return unlisted.mapValues(\.reason)
    }

    /// The clusters that were there, and are on no page of a place that was read whole.
    private func missing(
        from grouping: Grouping,
        of clusters: Set<GroupID>,
        but unread: [Place: UnreadReason]
    ) -> [GroupID] {
        let places = Set(reader.places)
        return clusters.filter { id in
            places.contains(id.home) && unread[id.home] == nil
                && grouping.groups[id]?.cluster == nil
        }.sorted()
    }
}

extension PagedService: HSMService {
    /// The service's clock.
    public func now() async throws -> Timestamp { try await acting.now() }

    /// Reads every page of every place.
    ///
    /// - Returns: The groups and the places that were not read whole, of one reading.
    /// - Throws: When the clock cannot be read; `CancellationError`.
    public func inventory() async throws -> Inventory {
        try await observation(isBeginning: false).inventory
    }

    /// Reads the listing of a place's clusters.
    ///
    /// - Parameter place: The account and Region.
    /// - Returns: The clusters.
    /// - Throws: `UnreadPlace` if a page is missing, with its name; `CancellationError`.
    public func clusters(at place: Place) async throws -> [Cluster] {
        do {
            guard let visit = reader.pages.visits(to: [place])[place] else { return [] }
            let listing = try await reader.pages.clusters(on: visit)
            if let fault = listing.fault {
                throw UnreadPlace(place, because: fault.unreadReason)
            }
            return listing.items.map(\.item)
        } catch {
            throw error.unlessCancelled
        }
    }

    /// Reads again what belongs to a group; with others that are looked at in the same moment, by one
    /// reading of everything where that takes fewer calls.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group, without the Regions that planning began without.
    /// - Throws: `PartlyRead` if a page is missing or backups vanished; ``Unread`` if two pages
    ///   contradict each other, or nothing of it is seen; `CancellationError`.
    public func observe(_ id: GroupID) async throws -> ProtectionGroup {
        do {
            return try await rounds.look(at: id) { [self] ids in await look(at: ids) }
        } catch {
            throw error.unlessCancelled
        }
    }

    private func look(at ids: [GroupID]) async -> LookRounds.Looks {
        // A group takes its cluster, its backups, and its copies in every Region.
        let callsApart = ids.count * (2 + reader.regions.count)
        let callsTogether = memory.withLock { $0.pageCount } ?? .max
        guard ids.count > 1, callsTogether < callsApart else {
            return await lookAtEach(ids)
        }
        return await lookAtAll(ids)
    }

    /// Looks at groups one beside the other.
    private func lookAtEach(_ ids: [GroupID]) async -> LookRounds.Looks {
        let looks = await outcomesSideBySide(ids, width: ids.count) { [self] id in
            try await readAgain(id)
        }
        return Dictionary(uniqueKeysWithValues: zip(ids, looks))
    }

    /// Looks at groups by one reading of everything.
    private func lookAtAll(_ ids: [GroupID]) async -> LookRounds.Looks {
        let reading: FleetObservation
        do {
            reading = try await observation(isBeginning: false)
        } catch {
            return Dictionary(uniqueKeysWithValues: ids.map { ($0, .failure(error)) })
        }
        let leftOut = memory.withLock(\.leftOut)
        let groups = Dictionary(uniqueKeysWithValues: reading.groups.map { ($0.id, $0) })
        return Dictionary(
            uniqueKeysWithValues: ids.map { id in
                (id, Result { try reading.look(at: id, in: groups[id], leaving: leftOut) })
            }
        )
    }

    private func readAgain(_ id: GroupID) async throws -> ProtectionGroup {
        let before = try await acting.now()
        let (leftOut, sources) = memory.withLock { ($0.leftOut, $0.sources(of: id)) }
        let reading = try await GroupReader(
            pages: reader.pages,
            id: id,
            places: reader.places.filter {
                $0.account == id.home.account && leftOut[$0] == nil
            },
            sources: sources
        ).read()
        let group = try reading.group.leaving(leftOut)
        let after = try await acting.now()
        return try memory.withLock { memory in
            let vanished = memory.vanished(from: group, at: after).mapValues(\.reason)
                .filter { leftOut[$0.key] == nil && reading.unread[$0.key] == nil }
            let whole = try group.whole(but: reading.unread.merging(vanished) { $1 })
            memory.note(whole, readAt: before)
            return whole
        }
    }

    /// Makes a call ready, as the acting service does.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns.
    /// - Returns: The call with its signature.
    /// - Throws: When it cannot be signed.
    public func sign(
        _ call: Call,
        at place: Place,
        in group: GroupID?
    ) async throws -> SignedCall {
        try await acting.sign(call, at: place, in: group)
    }

    /// Sends a call, as the acting service does.
    ///
    /// - Parameter call: The call as it was signed.
    /// - Returns: The service's answer.
    /// - Throws: What the acting service throws.
    public func send(_ call: SignedCall) async throws -> Answer { try await acting.send(call) }

    /// Lets time pass at the service.
    ///
    /// - Parameter span: How long.
    /// - Throws: What the acting service throws.
    public func wait(_ span: Duration) async throws { try await acting.wait(span) }
}

extension Error {
    /// The error itself; for a task that was cancelled, that and nothing else.
    fileprivate var unlessCancelled: any Error {
        Task.isCancelled ? CancellationError() : self
    }
}

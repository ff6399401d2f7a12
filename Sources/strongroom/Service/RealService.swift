import CloudHSM
import Logging
import StrongroomAWS
import StrongroomModel
import StrongroomObservation
import StrongroomState
import Synchronization

/// CloudHSM itself: planned from one reading of everything, acted on with fresh looks, and kept in the
/// state directory where the run may write.
final class RealService: Sendable {
    private let acting: any HSMCaller
    private let clock: @Sendable () -> (present: Timestamp, skew: Duration)
    private let paged: PagedService
    private let record: ObservationRecord?

    /// The cluster of a group as the state directory has it.
    private let lastSeen: @Sendable (GroupID) -> Cluster?
    private let places: [Place]
    private let connection: AWSConnection
    private let unread = Mutex<Set<Place>>([])

    /// The address of the service where it is not the usual one.
    let endpoint: String?

    /// Sees a fleet's accounts and Regions.
    ///
    /// - Parameters:
    ///   - connection: The way there.
    ///   - fleet: What the manifests say.
    ///   - state: Where what is seen is kept, if it is open for writing.
    init(over connection: AWSConnection, for fleet: DesiredFleet, _ state: StateDirectory) {
        let aws = connection.service
        if let world = connection.clock {
            acting = EmulatedCaller(aws: aws, clock: world)
            clock = { (world.now, .zero) }
        } else {
            acting = aws
            clock = { (.present - aws.skew(), aws.skew()) }
        }
        endpoint = connection.endpoint
        places = fleet.places
        self.connection = connection
        record = state.lease == nil ? nil : ObservationRecord(state: state)
        lastSeen = state.lastSeenCluster()
        paged = PagedService(
            over: acting,
            accounts: fleet.accounts.map(\.id),
            regions: fleet.regions,
            earlier: state.earlierGroups(in: fleet.places),
            limits: PageLimits(readsAtOnce: 64),
            uptime: { Uptime.now },
            retrying: { call, place, watch in
                try await aws.read(
                    call,
                    at: place,
                    within: ListingBounds(
                        timeLeft: watch.timeLeft,
                        check: watch.check,
                        failed: watch.failed
                    )
                )
            }
        )
    }

    /// Reads everything, and keeps it where the run may write.
    ///
    /// - Returns: What was seen.
    /// - Throws: When it cannot be kept.
    func observation() async throws -> FleetObservation {
        let began = Uptime.now
        let reading = try await paged.refresh().remembering(lastSeen)
        let span = (Uptime.now - began).wholeMilliseconds
        connection.log.debug(
            "observed",
            metadata: [
                "busy": "\(Uptime.busy.wholeMilliseconds)", "ms": "\(span)",
                "places": "\(places.count)",
            ]
        )
        unread.withLock { $0 = Set(reading.unreadPlaces.keys) }
        try record?.keep(reading, of: places)
        return reading
    }
}

extension RealService: WorkingService {
    var present: Timestamp { clock().present }

    func skew() -> Duration { clock().skew }

    func now() async throws -> Timestamp { try await acting.now() }

    func identities() async -> [String] { await connection.identities() }

    func viewForPlanning() async throws -> any FleetView {
        ObservedFleet(try await observation())
    }

    /// What is seen is kept as it is seen.
    func flush() {}

    func inventory() async throws -> Inventory { try await paged.inventory() }

    func clusters(at place: Place) async throws -> [Cluster] {
        try await paged.clusters(at: place)
    }

    func observe(_ id: GroupID) async throws -> ProtectionGroup {
        let group = try await paged.observe(id)
        try record?.keep(group, apartFrom: unread.withLock { $0 })
        return group
    }

    func sign(_ call: Call, at place: Place, in group: GroupID?) async throws -> SignedCall {
        try await acting.sign(call, at: place, in: group)
    }

    func send(_ call: SignedCall) async throws -> Answer { try await acting.send(call) }

    func wait(_ span: Duration) async throws { try await acting.wait(span) }
}

extension StateDirectory {
    /// Tells of every group the cluster that was observed last; the groups are those of now.
    ///
    /// - Returns: That; it says `nil` of a group that is not known, or whose file is damaged.
    func lastSeenCluster() -> @Sendable (GroupID) -> Cluster? {
        let known = Set(groupIDs())
        return { [self] id in known.contains(id) ? (try? record(of: id))?.group.cluster : nil }
    }

    /// What earlier runs saw of the groups, as far as it proves a reading incomplete.
    ///
    /// - Parameter places: The accounts and Regions that are to be read.
    /// - Returns: The groups; one whose file is damaged is left out.
    func earlierGroups(in places: [Place]) -> [EarlierGroup] {
        let read = Set(places)
        let times = Dictionary(
            uniqueKeysWithValues: observations.lazy.filter { read.contains($0.place) }
                .map { ($0.place, $0.observedAt) }
        )
        return groupIDs().compactMap { id in
            guard let group = try? record(of: id).group else { return nil }
            let ready = group.backups.lazy.filter(\.isReady).compactMap { backup in
                times[Place(account: id.home.account, region: backup.region)].map {
                    EarlierGroup.Sight(backup.id, in: backup.region, at: $0)
                }
            }
            return EarlierGroup(id, isLiving: group.livingCluster != nil, ready: Array(ready))
        }
    }
}

extension DesiredFleet {
    /// Every account in every Region, in order.
    var places: [Place] {
        accounts.flatMap { account in
            regions.map { Place(account: account.id, region: $0) }
        }.sorted()
    }
}

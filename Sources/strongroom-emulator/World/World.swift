import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// The simulated service with a clock that runs: one call after another, each durable when it
/// answers.
final class World: Sendable {
    /// What somebody outside the API does to the world.
    enum Interference: Sendable {
        /// An officer sets the first password.
        case activate(ClusterID)
        /// Time passes.
        case advance(Duration)
        /// A Region falls silent.
        case lose(Region)
        /// A Region answers again.
        case regain(Region)
    }

    private let service: SimulatedService
    private let clock: WorldClock
    private let activatesClusters: Bool
    private let state: Mutex<State>

    private struct State {
        var listings = Listings()

        /// How far the world was put forward by hand.
        var ahead = Duration.zero

        /// When the clock was last kept.
        var kept = ContinuousClock.now
    }

    /// Puts a world before its callers.
    ///
    /// - Parameters:
    ///   - service: The simulated service.
    ///   - clock: Its clock.
    ///   - activatesClusters: Whether a cluster is activated without anybody asking as soon as it is
    ///     initialised.
    init(_ service: SimulatedService, clock: WorldClock, activatesClusters: Bool) {
        self.service = service
        self.clock = clock
        self.activatesClusters = activatesClusters
        state = Mutex(State())
    }

    /// What the world's clock shows.
    var now: Timestamp { state.withLock { clock.now + $0.ahead } }

    /// Carries out one call.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    /// - Returns: The service's answer.
    /// - Throws: ``ServiceException`` for a refusal; ``SilentRegion`` where a Region does not answer;
    ///   what the store throws.
    func perform(_ call: Call, at place: Place) throws -> Answer {
        try state.withLock { state in
            try proceed(&state)
            try refresh(place.account, &state)
            switch call {
            case .describeClusters(let call):
                try requireAnswer(of: place.region)
                return try state.listings.listing(at: place).page(for: call)
            case .describeBackups(let call) where !call.listsShared:
                try requireAnswer(of: place.region)
                return try state.listings.listing(at: place).page(for: call)
            case .describeBackups, .createCluster, .initializeCluster, .modifyCluster,
                .deleteCluster, .createHSM, .deleteHSM, .modifyBackupAttributes, .deleteBackup,
                .restoreBackup, .copyBackup, .tagResource, .untagResource, .listTags,
                .putResourcePolicy, .getResourcePolicy, .deleteResourcePolicy:
                return try pass(call, to: place, &state)
            }
        }
    }

    /// The clusters of a place, as reads show them.
    ///
    /// - Parameter place: The account and Region.
    /// - Returns: The clusters, in order of id.
    /// - Throws: What the store throws.
    func clusters(at place: Place) throws -> [Cluster] {
        try state.withLock { state in
            try proceed(&state)
            try refresh(place.account, &state)
            return state.listings.listing(at: place).clusters
        }
    }

    /// Lets something happen outside the API.
    ///
    /// - Parameter interference: What happens.
    /// - Returns: What the clock shows afterwards.
    /// - Throws: `StandInError` if it cannot happen; what the store throws.
    func undergo(_ interference: Interference) throws -> Timestamp {
        try state.withLock { state in
            try proceed(&state)
            switch interference {
            case .activate(let cluster): try service.activate(cluster)
            case .advance(let span): state.ahead += max(span, .zero)
            case .lose(let region): try service.loseRegion(region)
            case .regain(let region): try service.regainRegion(region)
            }
            state.listings.forget(nil)
            let now = clock.now + state.ahead
            try service.proceed(to: now, keeping: true)
            return now
        }
    }

    /// Keeps the clock, and what happened meanwhile in the groups that calls concerned.
    ///
    /// - Throws: What the store throws.
    func flush() throws {
        try state.withLock { state in
            try service.proceed(to: clock.now + state.ahead, keeping: true)
            try service.flush()
        }
    }
}

extension World {
    /// Lets the world come to the present.
    ///
    /// A moment that was told is kept within a real second: who ends the emulator with a signal
    /// loses nothing, and who kills it at most what happened by itself in that second.
    private func proceed(_ state: inout State) throws {
        let isDue = ContinuousClock.now - state.kept >= .seconds(1)
        try service.proceed(to: clock.now + state.ahead, keeping: isDue)
        if isDue { state.kept = .now }
    }

    /// Brings what an account lists to the present.
    private func refresh(_ account: AccountID, _ state: inout State) throws {
        let looked = try state.listings.refresh(account, at: service.now(), from: service)
        guard activatesClusters else { return }
        let waiting = looked.filter { $0.cluster?.state == .initialized }
        for group in waiting where group.cluster?.healthyHSMs.isEmpty == false {
            do {
                try service.activate(group.id.cluster)
            } catch is StandInError {
                // Another call was faster than what the reads show.
                continue
            }
            state.listings.forget(group.id)
        }
        guard !waiting.isEmpty else { return }
        _ = try state.listings.refresh(account, at: service.now(), from: service)
    }

    private func requireAnswer(of region: Region) throws {
        guard service.lostRegions.contains(region) else { return }
        throw SilentRegion(region: region)
    }

    private func pass(_ call: Call, to place: Place, _ state: inout State) throws -> Answer {
        let group = call.group(at: place, in: state.listings)
        do {
            let answer = try service.perform(call, at: place, in: group)
            if !call.isReading { state.listings.forget(answer.clusterGroup(at: place) ?? group) }
            return answer
        } catch is CallInDoubt {
            throw SilentRegion(region: place.region)
        }
    }
}

/// A Region that does not answer at present.
struct SilentRegion: Error, Sendable {
    let region: Region
}

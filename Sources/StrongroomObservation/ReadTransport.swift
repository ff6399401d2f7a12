public import CloudHSM
public import StrongroomModel

/// Carries a listing call to a place and brings the answer back; nothing is read past it.
///
/// What it throws becomes the reason why a place was not read whole.
public typealias ReadTransport = @Sendable (_ call: Call, _ place: Place) async throws -> Answer

/// A transport that tries again by itself, because reading changes nothing, as far as the watch lets
/// it.
public typealias RetryingReadTransport =
    @Sendable (_ call: Call, _ place: Place, _ watch: ReadWatch) async throws -> Answer

/// Watches the attempts of one call that lists.
public struct ReadWatch: Sendable {
    private let visit: PlaceVisit
    private let health: PlaceHealth

    /// Whether this call finds out whether a place answers again.
    private let isProbe: Bool

    /// Lets a call through.
    ///
    /// - Throws: ``PlaceHealth/Closed``.
    init(_ visit: PlaceVisit, _ health: PlaceHealth) throws {
        self.visit = visit
        self.health = health
        isProbe = try health.enter(visit.place)
    }

    /// How long the call may still take, with every attempt and pause.
    ///
    /// - Returns: The span; zero if it took longer.
    public func timeLeft() -> Duration { max(visit.time.left, .zero) }

    /// Is asked before every attempt.
    ///
    /// - Throws: Why nothing more may be sent: the place is left alone, or its time is over.
    public func check() throws {
        if !isProbe { try health.check(visit.place) }
        try visit.checkTime()
    }

    /// Is told of every attempt that failed and may be followed by another; of the last one it
    /// knows by what is thrown.
    ///
    /// - Parameter error: How it failed.
    /// - Throws: Why there may be no other: the place failed too often in a row.
    public func failed(_ error: any Error) throws {
        health.failed(visit.place, by: error, isProbe: isProbe)
        try health.check(visit.place)
    }

    /// The call was answered.
    func answered() { health.answered(visit.place) }

    /// The call ended without an answer.
    ///
    /// - Parameter error: What the transport threw.
    /// - Returns: What the call ends with: `CancellationError` and nothing else if the task was
    ///   cancelled.
    func end(of error: any Error) -> any Error {
        if Task.isCancelled || error is CancellationError {
            health.left(visit.place, isProbe: isProbe)
            return CancellationError()
        }
        switch error {
        case is PlaceHealth.Closed: break
        case is PageFault.Kind: health.left(visit.place, isProbe: isProbe)
        // The service looked at the call; nothing is wrong with the place.
        case let refusal as ServiceException
        where refusal.kind == .invalidRequest || refusal.kind == .resourceNotFound:
            health.answered(visit.place)
        default: health.failed(visit.place, by: error, isProbe: isProbe)
        }
        return error
    }
}

extension PlaceVisit {
    /// Fails if the place took longer than it may.
    ///
    /// - Throws: ``PageFault/Kind/outOfTime(_:)``.
    func checkTime() throws(PageFault.Kind) {
        if time.left <= .zero { throw .outOfTime(time.limit) }
    }
}

public import CloudHSM

/// Credentials that are renewed before they end, once for all who ask.
public actor CredentialCache {
    /// How long before their end credentials are renewed.
    static let margin = Duration.minutes(5)

    /// How long after a renewal that did not help the next one is tried.
    static let pause = Duration.seconds(30)

    private let source: any CredentialSource
    private let now: @Sendable () -> Timestamp
    private let warn: @Sendable (String) -> Void
    private var held: Credentials?
    private var renewal: Task<Credentials, any Error>?
    private var nextRenewal: Timestamp?

    /// Holds nothing yet.
    ///
    /// - Parameters:
    ///   - source: Where credentials come from.
    ///   - now: The clock.
    ///   - warn: Told, in one line, when a renewal failed while the old credentials still hold.
    public init(
        _ source: any CredentialSource,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.now = now
        self.warn = warn
    }

    /// Credentials that hold now.
    ///
    /// - Returns: Credentials, renewed if they would end within five minutes. If the renewal fails,
    ///   those that still hold.
    /// - Throws: What the source throws, if nothing holds any more; ``WrongPlace`` also if something
    ///   does.
    public func current() async throws -> Credentials {
        let moment = now()
        if let held, held.holds(at: moment) {
            guard held.isDue(at: moment) else { return held }
            if let nextRenewal, moment < nextRenewal { return held }
        }
        if let renewal { return try await renewal.value }
        let task = Task { try await renew() }
        renewal = task
        return try await task.value
    }

    /// Lets go of credentials that the service does not take any more.
    ///
    /// - Parameter refused: The credentials that a request was signed with; others that were
    ///   renewed meanwhile stay.
    public func forget(_ refused: Credentials) {
        guard held?.signing == refused.signing else { return }
        held = nil
        nextRenewal = nil
    }

    private func renew() async throws -> Credentials {
        defer { renewal = nil }
        do {
            let new = try await source.credentials()
            let moment = now()
            guard new.holds(at: moment) else {
                throw CredentialFault(
                    source.name,
                    .expired(at: new.expiresAt.map { "\($0)" } ?? "once")
                )
            }
            held = new
            // Some sources give the same ones until just before their end.
            nextRenewal = new.isDue(at: moment) ? moment + Self.pause : nil
            return new
        } catch let error as WrongPlace {
            held = nil
            throw error
        } catch {
            let moment = now()
            guard let held, held.holds(at: moment) else { throw error }
            nextRenewal = moment + Self.pause
            warn("renewing credentials failed; those until \(held.end) are still used: \(error)")
            return held
        }
    }
}

extension Credentials {
    /// Whether the credentials have not ended.
    fileprivate func holds(at moment: Timestamp) -> Bool {
        expiresAt.map { moment < $0 } ?? true
    }

    /// Whether it is time to renew them.
    fileprivate func isDue(at moment: Timestamp) -> Bool {
        expiresAt.map { moment + CredentialCache.margin >= $0 } ?? false
    }

    fileprivate var end: String { expiresAt.map { "\($0)" } ?? "any time" }
}

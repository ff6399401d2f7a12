package import CloudHSM

/// Credentials that are renewed before they end, once for all who ask.
public actor CredentialCache {
    /// How long before their end credentials are renewed.
    static let margin = Duration.minutes(5)

    /// How long after a renewal that did not help, or failed, the next one is tried: what all Regions
    /// of an account ask for fails once for all of them.
    static let pause = Duration.seconds(30)

    private let source: any CredentialSource
    private let secrets: SecretBook
    private let now: @Sendable () -> Timestamp
    private let warn: @Sendable (String) -> Void
    private var held: Credentials?
    private var renewal: Renewal?
    private var nextRenewal: Timestamp?
    private var failure: Failure?
    private var nextNumber = 0

    /// A renewal under way, and all who wait for it.
    private struct Renewal {
        let number: Int
        let task: Task<Void, Never>
        var waiters: [Int: CheckedContinuation<Credentials, any Error>] = [:]
    }

    /// A renewal that failed while nothing held.
    private struct Failure {
        let error: any Error
        let at: Timestamp

        func stands(at moment: Timestamp) -> Bool {
            at <= moment && moment < at + CredentialCache.pause
        }
    }

    /// Holds nothing yet.
    ///
    /// - Parameters:
    ///   - source: Where credentials come from.
    ///   - secrets: Told of every secret that comes.
    ///   - now: The clock.
    ///   - warn: Told, in one line, when a renewal failed while the old credentials still hold.
    package init(
        _ source: any CredentialSource,
        secrets: SecretBook,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.secrets = secrets
        self.now = now
        self.warn = warn
    }

    /// Credentials that hold now.
    ///
    /// - Returns: Credentials, renewed if they would end within five minutes. If the renewal fails,
    ///   those that still hold.
    /// - Throws: What the source throws, if nothing holds any more, and the same again for half a
    ///   minute, without asking it; ``WrongPlace`` also if something does; `CancellationError` at once
    ///   if the task is cancelled, while the renewal goes on for all others.
    public func current() async throws -> Credentials {
        let moment = now()
        if let held, held.holds(at: moment) {
            guard held.isDue(at: moment) else { return held }
            if let nextRenewal, moment < nextRenewal { return held }
        }
        if let failure, failure.stands(at: moment) { throw failure.error }
        return try await renewed()
    }

    private func renewed() async throws -> Credentials {
        let number = nextNumber
        nextNumber += 1
        if renewal == nil {
            renewal = Renewal(number: number, task: Task { await renew(number) })
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                renewal?.waiters[number] = waiter
                if Task.isCancelled { giveUp(number) }
            }
        } onCancel: {
            // Owned by who waits, whom it lets go.
            Task { await giveUp(number) }
        }
    }

    /// Lets go of one who waits; a renewal that nobody waits for any more is stopped.
    private func giveUp(_ number: Int) {
        guard let waiter = renewal?.waiters.removeValue(forKey: number) else { return }
        if let renewal, renewal.waiters.isEmpty {
            renewal.task.cancel()
            self.renewal = nil
        }
        waiter.resume(throwing: CancellationError())
    }

    /// Lets go of credentials that the service does not take any more.
    ///
    /// - Parameter refused: The credentials that a request was signed with; others that were
    ///   renewed meanwhile stay.
    public func forget(_ refused: Credentials) {
        guard held?.signing == refused.signing else { return }
        held = nil
        nextRenewal = nil
        failure = nil
    }

    private func renew(_ number: Int) async {
        let answer: Result<Credentials, any Error>
        do {
            answer = .success(try await source.credentials())
        } catch {
            answer = .failure(error)
        }
        // One that was stopped ends unheard.
        guard let renewal, renewal.number == number else { return }
        self.renewal = nil
        let result = Result { try take(answer) }
        for waiter in renewal.waiters.values { waiter.resume(with: result) }
    }

    private func take(_ answer: Result<Credentials, any Error>) throws -> Credentials {
        do {
            let new = try answer.get()
            secrets.note(new.signing)
            let moment = now()
            guard new.holds(at: moment) else {
                throw CredentialFault(
                    source.name,
                    .expired(at: new.expiresAt.map { "\($0)" } ?? "once")
                )
            }
            held = new
            failure = nil
            // Some sources give the same ones until just before their end.
            nextRenewal = new.isDue(at: moment) ? moment + Self.pause : nil
            return new
        } catch let error as WrongPlace {
            held = nil
            failure = Failure(error: error, at: now())
            throw error
        } catch {
            let moment = now()
            guard let held, held.holds(at: moment) else {
                failure = Failure(error: error, at: moment)
                throw error
            }
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

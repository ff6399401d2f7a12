internal import CloudHSM
internal import StrongroomModel

/// Sends one call of an intent: signs it, looks at the lock, then sends those bytes.
///
/// The order matters: a run that was frozen for long finds, after signing, that its time is over,
/// and sends nothing (`execution.md`, section 2.4, step 7).
struct Sender: Sendable {
    let service: any HSMService
    let lease: any Lease

    /// Time since some moment, by a clock that runs on while the machine sleeps.
    let uptime: @Sendable () -> Duration

    /// A random part of a pause, 0 to 1.
    let jitter: @Sendable () -> Double

    /// Is told of each call for as long as it is on its way.
    let underWay: CallsUnderWay

    /// How it went.
    enum End {
        case answered(Answer)
        /// Certainly not carried out, in the service's words.
        case refused(ServiceException)
        /// Certainly not carried out, for it never left or was turned away on the way.
        case notSent(String)
        /// Certainly not carried out, for something it rests on could not be read.
        case hindered(UnreadReason)
        /// The service answered that it failed, and it may have been carried out all the same.
        case failed(ServiceException)
        /// No answer came: it may have been carried out, or may yet be.
        case unanswered(String)
        /// The run was stopped before it was sent.
        case stopped

        /// A failure after which the call is at rest, so that a repeat overtakes nothing.
        fileprivate var repeatable: ServiceException? {
            switch self {
            case .refused(let refusal): refusal.kind == .throttling ? refusal : nil
            case .failed(let failure): failure
            case .answered, .notSent, .hindered, .unanswered, .stopped: nil
            }
        }

        /// The end, where an earlier attempt may have been carried out: a refusal then says nothing.
        fileprivate func after(_ doubt: ServiceException?) -> End {
            guard let doubt else { return self }
            switch self {
            case .answered, .unanswered, .failed: return self
            case .refused, .notSent, .hindered, .stopped: return .failed(doubt)
            }
        }
    }

    /// Sends a call, and again where that is safe.
    ///
    /// A call that is under way when the run is stopped is seen through, which takes no longer than
    /// the service's time limit; it is not sent again then.
    ///
    /// - Parameters:
    ///   - call: The call, marked by its intent.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns.
    ///   - seenAt: When what it relies on was seen, by ``uptime``.
    /// - Returns: How it went.
    /// - Throws: ``LeaseLost``; nothing may then be written any more.
    func send(
        _ call: Call,
        at place: Place,
        in group: GroupID?,
        seenAt: Duration
    ) async throws -> End {
        #if PLANTED_BUGS
            let isRepeated = PlantedBug.creationRepeated.isPlanted
            let policy = RetryPolicy.standard(for: isRepeated ? .natural : call.repetition)
        #else
            let policy = RetryPolicy.standard(for: call.repetition)
        #endif
        var doubt: ServiceException?
        var attempt = 1
        while true {
            let end = try await sendOnce(call, at: place, in: group, seenAt: seenAt)
            guard let failure = end.repeatable else { return end.after(doubt) }
            if !failure.certainlyNotDone { doubt = failure }
            guard
                let pause = policy.pause(after: attempt, share: jitter()),
                uptime() - seenAt + pause < ReadDelay.sendingWindow
            else { return end.after(doubt) }
            do {
                try await service.wait(pause)
            } catch is CancellationError {
                return end.after(doubt)
            }
            attempt += 1
        }
    }

    private func sendOnce(
        _ call: Call,
        at place: Place,
        in group: GroupID?,
        seenAt: Duration
    ) async throws -> End {
        let signed: SignedCall
        do {
            signed = try await service.sign(call, at: place, in: group)
        } catch {
            return Task.isCancelled ? .stopped : .notSent("it could not be signed: \(error)")
        }
        // Counted before the last look at whether to stop: who stops the run is not told too little.
        return try await underWay.counting { try await send(signed, seenAt: seenAt) }
    }

    private func send(_ signed: SignedCall, seenAt: Duration) async throws -> End {
        guard !Task.isCancelled else { return .stopped }
        #if PLANTED_BUGS
            if !PlantedBug.lockUncheckedAfterSigning.isPlanted { try lease.check() }
        #else
            try lease.check()
        #endif
        guard uptime() - seenAt < ReadDelay.sendingWindow else {
            return .notSent("what it relies on was seen too long ago")
        }
        do {
            return .answered(try await unstoppable { [service] in try await service.send(signed) })
        } catch let refusal as ServiceException {
            return refusal.certainlyNotDone ? .refused(refusal) : .failed(refusal)
        } catch let turnedAway as CallNotDone {
            return .notSent("\(turnedAway)")
        } catch let hindered as CallHindered {
            return .hindered(hindered.unreadReason)
        } catch {
            #if PLANTED_BUGS
                if PlantedBug.timeoutTakenForRefusal.isPlanted { return .notSent("\(error)") }
            #endif
            // Whatever went wrong on the way, the call may have happened.
            return .unanswered("\(error)")
        }
    }
}

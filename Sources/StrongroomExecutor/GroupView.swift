internal import CloudHSM
internal import StrongroomModel

/// What a run sees of its group: one look a round, and another after each call.
struct GroupView: Sendable {
    private let service: any HSMService

    /// The group, once it is known: a cluster that is to be made has none yet.
    var id: GroupID?

    /// The group as it was last read whole.
    private(set) var group: ProtectionGroup?

    /// What the last look showed of the group, whole or not, if it showed anything.
    ///
    /// What is listed in it is there; what is not listed was perhaps not read.
    var shown: ProtectionGroup? {
        switch sight {
        case .old: nil
        case .current: group
        case .failed(_, let shown): shown
        }
    }

    /// Since when looks have failed; `nil` after one that did not.
    private(set) var blindSince: Timestamp?

    private var sight = Sight.old

    /// What the last look is worth.
    private enum Sight {
        /// It was before this round, or before a call.
        case old
        /// It shows the group as it is.
        case current
        /// It failed, and is not repeated in this round.
        case failed(UnreadReason, shown: ProtectionGroup?)
    }

    init(of id: GroupID?, through service: any HSMService) {
        self.id = id
        self.service = service
    }

    /// Makes the next look a new one.
    mutating func outdate() { sight = .old }

    /// Looks, unless the last look still counts.
    ///
    /// - Parameter now: The service's clock.
    /// - Returns: What kept the group from being read; `nil` if it was, or does not exist yet.
    /// - Throws: `CancellationError` only.
    mutating func look(at now: Timestamp) async throws -> UnreadReason? {
        guard let id else { return nil }
        switch sight {
        case .current: return nil
        case .failed(let reason, _): return reason
        case .old: break
        }
        do {
            group = try await service.observe(id)
            sight = .current
            blindSince = nil
            return nil
        } catch {
            return try notRead(because: error, at: now)
        }
    }

    /// Notes that something could not be read, so that a later round tries again.
    ///
    /// - Parameters:
    ///   - error: Why.
    ///   - now: The service's clock.
    /// - Returns: The reason.
    /// - Throws: The error itself if the run is being stopped.
    mutating func notRead(because error: any Error, at now: Timestamp) throws -> UnreadReason {
        if error is CancellationError { throw error }
        let reason = UnreadReason(of: error)
        sight = .failed(reason, shown: (error as? PartlyRead)?.group)
        blindSince = blindSince ?? now
        return reason
    }
}

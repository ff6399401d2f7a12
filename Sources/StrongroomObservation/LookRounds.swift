internal import StrongroomModel

/// Joins looks that are asked for at the same time into one reading.
///
/// The service wants one describe for a Region and round, not one for each resource (fact sheet,
/// section 17). A look is answered only by a reading that began after it was asked for, so nobody is
/// shown the world before their own call.
actor LookRounds {
    /// What a reading says of each group it was begun for.
    typealias Looks = [GroupID: Result<ProtectionGroup, any Error>]

    private enum Turn {
        case answered(Result<ProtectionGroup, any Error>)
        /// The reading before is through, and this look begins the next.
        case leads
    }

    private var waiting: [(id: GroupID, turn: CheckedContinuation<Turn, Never>)] = []
    private var isReading = false

    /// Looks at a group, together with the others that wait for the next reading.
    ///
    /// - Parameters:
    ///   - id: The group.
    ///   - read: Looks at groups that are asked for together, and says something of each.
    /// - Returns: What the reading says of it.
    /// - Throws: What the reading found in the way.
    func look(
        at id: GroupID,
        by read: @Sendable ([GroupID]) async -> Looks
    ) async throws -> ProtectionGroup {
        if isReading {
            switch await withCheckedContinuation({ waiting.append((id, $0)) }) {
            case .answered(let result): return try result.get()
            case .leads: break
            }
        }
        isReading = true
        // Those that are asked for in the same moment come along.
        await Task.yield()
        let others = waiting
        waiting = []
        let looks = await read(Set([id] + others.map(\.id)).sorted())
        for other in others { other.turn.resume(returning: .answered(looks.result(of: other.id))) }
        if waiting.isEmpty {
            isReading = false
        } else {
            waiting.removeFirst().turn.resume(returning: .leads)
        }
        return try looks.result(of: id).get()
    }
}

extension LookRounds.Looks {
    fileprivate func result(of id: GroupID) -> Result<ProtectionGroup, any Error> {
        self[id] ?? .failure(Unread.vanished("\(id.cluster) was asked for and not looked at"))
    }
}

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
        /// Whoever asked for it does not want it any more.
        case stopped
    }

    private struct Waiter {
        let number: Int
        let id: GroupID
        let turn: CheckedContinuation<Turn, Never>
    }

    /// Those who wait for the next reading, and those for whom the present one is.
    private var waiting: [Waiter] = []
    private var joined: [Waiter] = []
    private var nextNumber = 0
    private var isReading = false

    /// Looks at a group, together with the others that wait for the next reading.
    ///
    /// - Parameters:
    ///   - id: The group.
    ///   - read: Looks at groups that are asked for together, and says something of each.
    /// - Returns: What the reading says of it.
    /// - Throws: What the reading found in the way; `CancellationError`.
    func look(
        at id: GroupID,
        by read: @Sendable ([GroupID]) async -> Looks
    ) async throws -> ProtectionGroup {
        while isReading {
            switch await turn(of: id) {
            case .leads: return try await lead(at: id, by: read)
            case .stopped: throw CancellationError()
            case .answered(.failure(is CancellationError)) where !Task.isCancelled:
                // The one who read was stopped, this look was not.
                continue
            case .answered(let result): return try result.get()
            }
        }
        return try await lead(at: id, by: read)
    }

    private func lead(
        at id: GroupID,
        by read: @Sendable ([GroupID]) async -> Looks
    ) async throws -> ProtectionGroup {
        isReading = true
        // Those that are asked for in the same moment come along.
        await Task.yield()
        joined = waiting
        waiting = []
        let looks = await read(Set([id] + joined.map(\.id)).sorted())
        for other in joined { other.turn.resume(returning: .answered(looks.result(of: other.id))) }
        joined = []
        if waiting.isEmpty {
            isReading = false
        } else {
            waiting.removeFirst().turn.resume(returning: .leads)
        }
        return try looks.result(of: id).get()
    }

    private func turn(of id: GroupID) async -> Turn {
        let number = nextNumber
        nextNumber += 1
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                if Task.isCancelled {
                    turn.resume(returning: .stopped)
                } else {
                    waiting.append(Waiter(number: number, id: id, turn: turn))
                }
            }
        } onCancel: {
            // Owned by the look, which waits for what it does.
            Task { await stop(number) }
        }
    }

    /// Ends the wait of one who was cancelled; a reading that it is part of goes on for the others.
    private func stop(_ number: Int) {
        let stopped = (waiting + joined).filter { $0.number == number }
        waiting.removeAll { $0.number == number }
        joined.removeAll { $0.number == number }
        for waiter in stopped { waiter.turn.resume(returning: .stopped) }
    }
}

extension LookRounds.Looks {
    fileprivate func result(of id: GroupID) -> Result<ProtectionGroup, any Error> {
        self[id] ?? .failure(Unread.overlooked(id.cluster))
    }
}

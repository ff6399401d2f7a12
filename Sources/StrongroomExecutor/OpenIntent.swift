internal import CloudHSM
internal import StrongroomModel

/// An intent without an outcome: looked up in the world, never repeated blindly.
struct OpenIntent {
    let intent: Intent
    let service: any HSMService

    /// How it ended, once that can be told.
    ///
    /// Not seen means not done only after the longest time in which a sent request may still take
    /// effect and a read may still lag (`execution.md`, section 2.4, step 9), and only where
    /// everything was read.
    ///
    /// - Returns: The outcome; `nil` while it is open.
    /// - Throws: When what has to be looked at cannot be read.
    func outcome() async throws -> Outcome? {
        let now = try await service.now()
        switch try await search() {
        case .found(let made): return Outcome(.foundDone, made: made, at: now)
        case .notFound:
            guard now >= intent.writtenAt + ReadDelay.untilDecided else { return nil }
            return Outcome(.foundNotDone, at: now)
        case .notReadWhole: return nil
        }
    }

    /// What a look at the world shows of the call.
    private enum Trace {
        case found(made: String?)
        case notFound
        case notReadWhole
    }

    private func search() async throws -> Trace {
        if let group = intent.group {
            let seen = try await service.observe(group)
            guard intent.isVisible(in: seen, made: nil) else { return .notFound }
            return .found(made: newHSM(in: seen))
        }
        let inventory = try await service.inventory()
        for id in inventory.groups where id.home == intent.place {
            let seen = try await service.observe(id)
            guard intent.isVisible(in: seen, made: nil) else { continue }
            return .found(made: id.cluster.description)
        }
        return inventory.unreadPlaces[intent.place] == nil ? .notFound : .notReadWhole
    }

    /// The HSM that the call made; `nil` if someone else added one as well, for then it cannot be
    /// told which is ours.
    private func newHSM(in group: ProtectionGroup) -> String? {
        guard intent.operation == "CreateHsm" else { return nil }
        let new = (group.livingCluster?.hsms ?? []).filter { hsm in
            hsm.state.isPresent && hsm.zone?.description == intent.target
                && !intent.hsmsBefore.contains(hsm.place)
        }
        return new.count == 1 ? new.first?.id.description : nil
    }
}

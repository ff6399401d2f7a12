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
            #if PLANTED_BUGS
                let isSeen = PlantedBug.firstLookBelieved.isPlanted
                let isLagOver =
                    PlantedBug.waitsForReadsOnly.isPlanted
                    && now >= intent.writtenAt + ReadDelay.allowance
                if isSeen || isLagOver { return Outcome(.foundNotDone, at: now) }
            #endif
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
        let inventory = try await service.inventory()
        if let group = intent.group {
            let seen = try await service.observe(group)
            guard intent.isVisible(in: seen, made: nil) else { return notFound(in: inventory) }
            return .found(made: newHSM(in: seen))
        }
        for id in inventory.groups where id.home == intent.place {
            let seen = try await service.observe(id)
            guard intent.isVisible(in: seen, made: nil) else { continue }
            return .found(made: id.cluster.description)
        }
        return notFound(in: inventory)
    }

    /// What was not seen is not there only if the places were read where it would be.
    private func notFound(in inventory: Inventory) -> Trace {
        let account = intent.place.account
        let places =
            [intent.place, intent.group?.home]
            + [intent.destination.map { Place(account: account, region: $0) }]
        let isRead = places.allSatisfy { $0.map { inventory.unreadPlaces[$0] == nil } ?? true }
        return isRead ? .notFound : .notReadWhole
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

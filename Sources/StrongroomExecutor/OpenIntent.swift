internal import CloudHSM
internal import StrongroomModel

/// An intent without an outcome: looked up in the world, never repeated blindly.
struct OpenIntent {
    let intent: Intent
    let service: any HSMService

    /// How it ended, once that can be told.
    ///
    /// Not seen means not done only after the longest time in which a sent request may still take
    /// effect and a read may still lag (`execution.md`, section 2.4, step 9).
    ///
    /// - Returns: The outcome; `nil` while it is open.
    func outcome() async throws -> Outcome? {
        let now = try await service.now()
        if let trace = try await trace() {
            return Outcome(.foundDone, made: trace.made, at: now)
        }
        guard now >= intent.writtenAt + ReadDelay.untilDecided else { return nil }
        return Outcome(.foundNotDone, at: now)
    }

    /// What the call left in the world, if anything.
    private func trace() async throws -> Trace? {
        if let group = intent.group {
            let seen = try await service.observe(group)
            guard intent.isVisible(in: seen, made: nil) else { return nil }
            return Trace(made: newHSM(in: seen))
        }
        for id in try await service.inventory().groups where id.home == intent.place {
            let seen = try await service.observe(id)
            guard intent.isVisible(in: seen, made: nil) else { continue }
            return Trace(made: id.cluster.description)
        }
        return nil
    }

    private struct Trace {
        let made: String?
    }

    private func newHSM(in group: ProtectionGroup) -> String? {
        guard intent.operation == "CreateHsm" else { return nil }
        return group.livingCluster?.hsms.first { hsm in
            hsm.state.isPresent && hsm.zone?.description == intent.target
                && !intent.hsmsBefore.contains(hsm.place)
        }?.id.description
    }
}

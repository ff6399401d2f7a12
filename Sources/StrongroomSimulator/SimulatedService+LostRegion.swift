public import CloudHSM
internal import StrongroomModel
internal import Synchronization

extension SimulatedService {
    /// Lets a Region fall silent: nothing in it can be read or called, though it lives on.
    ///
    /// - Parameter region: The Region.
    /// - Throws: When that could not be kept.
    public func loseRegion(_ region: Region) throws {
        try changeLostRegions { $0.insert(region) }
    }

    /// Lets a Region answer again.
    ///
    /// - Parameter region: The Region; one that was never lost may be named.
    /// - Throws: When that could not be kept.
    public func regainRegion(_ region: Region) throws {
        try changeLostRegions { $0.remove(region) }
    }

    private func changeLostRegions(_ change: (inout Set<Region>) -> Void) throws {
        try state.withLock { state in
            change(&state.record.lostRegions)
            state.isClockSaved = false
            try saveClock(in: &state)
        }
    }

    /// Whether a Region that answers shows anything of a group; one that cannot be read may be.
    func isSeenElsewhere(_ id: GroupID) throws -> Bool {
        do {
            return try !sight(of: id).group.backups.isEmpty
        } catch is any ReadingFailure {
            return true
        }
    }

    /// Lets no call through to a Region that does not answer.
    ///
    /// Whether such a call was carried out is not known, as with a connection that breaks.
    func requireAnswer(
        to call: Call,
        at place: Place,
        under world: WorldRecord
    ) throws(CallInDoubt) {
        var regions = [place.region]
        if case .copyBackup(let copy) = call { regions.append(copy.destination) }
        guard let lost = regions.first(where: world.lostRegions.contains) else { return }
        throw CallInDoubt("\(lost) does not answer")
    }
}

extension ProtectionGroup {
    /// What the Regions that answer show of it.
    func apart(from lost: Set<Region>) -> ProtectionGroup {
        guard !lost.isEmpty else { return self }
        return ProtectionGroup(
            id: id,
            cluster: lost.contains(id.home.region) ? nil : cluster,
            backups: backups.filter { !lost.contains($0.region) }
        )
    }
}

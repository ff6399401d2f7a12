internal import CloudHSM
internal import StrongroomModel

extension ProtectionGroup {
    /// The group without the places that planning began without.
    ///
    /// - Parameter places: The places, and why they were not read then.
    /// - Returns: What lies elsewhere, with those Regions for unread.
    /// - Throws: ``Unread`` if its home is one of them and nothing of it lies elsewhere.
    func leaving(_ places: [Place: UnreadReason]) throws(Unread) -> ProtectionGroup {
        let left = places.regions(of: id.home.account)
        let rest = ProtectionGroup(
            id: id,
            cluster: left.contains(id.home.region) ? nil : cluster,
            backups: backups.filter { !left.contains($0.region) },
            unreadRegions: left
        )
        if let reason = places[id.home], rest.backups.isEmpty { throw .home(id.home, reason) }
        return rest
    }

    /// The group, if no place of it was missed.
    ///
    /// - Parameter gaps: The places that were not read whole in this look, and why.
    /// - Returns: The group itself.
    /// - Throws: What was read of it, if there is a gap.
    func whole(but gaps: [Place: UnreadReason]) throws(PartlyRead) -> ProtectionGroup {
        guard let first = gaps.min(by: { $0.key < $1.key }) else { return self }
        var seen = self
        seen.unreadRegions.formUnion(gaps.regions(of: id.home.account))
        throw PartlyRead(seen, without: first.key, because: first.value)
    }
}

extension [Place: UnreadReason] {
    /// Adds a reason why a place was not read whole, if there is one.
    ///
    /// - Parameters:
    ///   - reason: Why; nothing happens without one.
    ///   - place: The place.
    mutating func note(_ reason: UnreadReason?, of place: Place) {
        guard let reason else { return }
        self[place] = self[place].map { $0.joined(with: reason) } ?? reason
    }

    /// The Regions of an account that are among the places.
    ///
    /// - Parameter account: The account.
    /// - Returns: The Regions.
    func regions(of account: AccountID) -> Set<Region> {
        Set(keys.lazy.filter { $0.account == account }.map(\.region))
    }
}

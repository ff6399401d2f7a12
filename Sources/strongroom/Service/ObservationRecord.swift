import CloudHSM
import StrongroomModel
import StrongroomObservation
import StrongroomState

/// Keeps in the state directory what was seen of the real service.
///
/// What was not read is not forgotten: a Region that does not answer leaves what was known of it as
/// it was, and the index says since when.
struct ObservationRecord {
    let state: StateDirectory

    /// Keeps a reading of everything.
    ///
    /// - Parameters:
    ///   - reading: What was seen.
    ///   - places: The accounts and Regions that were to be read.
    /// - Throws: When it could not be made durable.
    func keep(_ reading: FleetObservation, of places: [Place]) throws(StateError) {
        let unread = Set(reading.unreadPlaces.keys)
        var records: [GroupRecord] = []
        var left = Set(state.groupIDs())
        for group in reading.groups where reading.unreadGroups[group.id] == nil {
            left.remove(group.id)
            let known = try known(group.id)
            let whole = known.map { group.filled(from: $0, where: unread) } ?? group
            if whole != known { records.append(GroupRecord(group: whole)) }
        }
        for id in left where reading.unreadGroups[id] == nil && places.contains(id.home) {
            guard let known = try known(id) else { continue }
            let gone = ProtectionGroup(id: id, cluster: nil).filled(from: known, where: unread)
            if gone != known { records.append(GroupRecord(group: gone)) }
        }
        try state.save(records)
        try state.save(
            places.map { place in
                PlaceObservation(of: place, at: reading.at, gap: reading.unreadPlaces[place])
            }
        )
    }

    /// Keeps a later look at one group.
    ///
    /// - Parameters:
    ///   - group: What was seen.
    ///   - unread: The places that were left out of the look.
    /// - Throws: When it could not be made durable.
    func keep(_ group: ProtectionGroup, apartFrom unread: Set<Place>) throws(StateError) {
        let known = try known(group.id)
        let whole = known.map { group.filled(from: $0, where: unread) } ?? group
        if whole != known { try state.save(GroupRecord(group: whole)) }
    }

    /// A group whose file is damaged is named by whoever reads it for a plan; here it is made anew
    /// only if it does not exist.
    private func known(_ id: GroupID) throws(StateError) -> ProtectionGroup? {
        guard state.groupIDs().contains(id) else { return nil }
        return try state.record(of: id).group
    }
}

extension ProtectionGroup {
    /// The group with what was known before of the places that were not read.
    fileprivate func filled(from known: ProtectionGroup, where unread: Set<Place>)
        -> ProtectionGroup
    {
        let account = id.home.account
        let isUnread = { (region: Region) in
            unread.contains(Place(account: account, region: region))
        }
        guard isUnread(id.home.region) || known.backups.contains(where: { isUnread($0.region) })
        else { return self }
        let listed = Set(backups.map(\.id))
        return ProtectionGroup(
            id: id,
            cluster: isUnread(id.home.region) ? cluster ?? known.cluster : cluster,
            backups: backups
                + known.backups.filter { isUnread($0.region) && !listed.contains($0.id) }
        )
    }
}

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
        let known = Set(state.groupIDs())
        var left = known
        for group in reading.groups where reading.unreadGroups[group.id] == nil {
            left.remove(group.id)
            let news = news(of: group, apartFrom: unread, isKnown: known.contains(group.id))
            if let news { records.append(news) }
        }
        for id in left where reading.unreadGroups[id] == nil && places.contains(id.home) {
            let gone = ProtectionGroup(id: id, cluster: nil)
            if let news = news(of: gone, apartFrom: unread, isKnown: true) { records.append(news) }
        }
        try state.save(records)
        let times = Dictionary(
            uniqueKeysWithValues: state.observations.map { ($0.place, $0.observedAt) }
        )
        try state.save(
            places.map { place in
                let gap = reading.unreadPlaces[place]?.description
                // What is known of a place is as old as its last reading that was whole.
                let at = gap == nil ? reading.at : times[place] ?? reading.at
                return PlaceObservation(of: place, at: at, gap: gap)
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
        let isKnown = state.groupIDs().contains(group.id)
        if let news = news(of: group, apartFrom: unread, isKnown: isKnown) { try state.save(news) }
    }

    /// What is to be kept of a group; `nil` if that is kept already.
    ///
    /// A file that is damaged stays as it is: `state verify` names it, and what is seen now is planned
    /// from all the same.
    private func news(
        of group: ProtectionGroup,
        apartFrom unread: Set<Place>,
        isKnown: Bool
    ) -> GroupRecord? {
        guard isKnown else { return GroupRecord(group: group) }
        guard let known = try? state.record(of: group.id).group else { return nil }
        let whole = group.filled(from: known, where: unread)
        return whole == known ? nil : GroupRecord(group: whole)
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

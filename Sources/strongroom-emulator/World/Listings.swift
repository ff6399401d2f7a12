import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// What the places list, kept between two reads for as long as nothing happens.
///
/// Reading 4,000 backups off 50 to a page would otherwise bring every group of the account to the
/// present for every page.
struct Listings {
    private var accounts: [AccountID: Account] = [:]

    private struct Account {
        var groups: [GroupID: StandingGroup] = [:]
        var places: [Place: PlaceListing] = [:]

        /// The first moment at which one of the groups may show something else.
        var until: Timestamp?
    }

    /// Brings an account's groups to the present where something may have happened in them.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - now: The present.
    ///   - service: The simulated service, whose clock shows the present.
    /// - Returns: The groups that were looked at anew.
    /// - Throws: What the service throws.
    mutating func refresh(
        _ account: AccountID,
        at now: Timestamp,
        from service: SimulatedService
    ) throws -> [ProtectionGroup] {
        var known = accounts[account] ?? Account()
        if accounts[account] != nil, known.until.map({ now < $0 }) ?? true { return [] }
        var looked: [ProtectionGroup] = []
        for id in try service.groupIDs() where id.home.account == account {
            if let standing = known.groups[id], standing.until.map({ now < $0 }) ?? true {
                continue
            }
            let standing = try service.standing(id)
            for place in standing.group.places.union(known.groups[id]?.group.places ?? []) {
                known.places[place] = nil
            }
            known.groups[id] = standing
            looked.append(standing.group)
        }
        known.until = known.groups.values.lazy.compactMap(\.until).min()
        accounts[account] = known
        return looked
    }

    /// A place's listing as it was at the last refresh of its account.
    ///
    /// - Parameter place: The place.
    /// - Returns: Its listing.
    mutating func listing(at place: Place) -> PlaceListing {
        var known = accounts[place.account] ?? Account()
        if let listing = known.places[place] { return listing }
        let groups = known.groups.values.lazy.map(\.group)
        let listing = PlaceListing(of: groups, at: place)
        known.places[place] = listing
        accounts[place.account] = known
        return listing
    }

    /// A group, if it was listed at the last refresh.
    ///
    /// - Parameter id: The group.
    /// - Returns: The same; `nil` if it is not known.
    func known(_ id: GroupID) -> GroupID? {
        accounts[id.home.account]?.groups[id] == nil ? nil : id
    }

    /// The group that a backup lies in, as far as it was listed at the last refresh.
    ///
    /// - Parameters:
    ///   - backup: The backup or copy.
    ///   - account: The account.
    /// - Returns: The group; `nil` if no read showed the backup.
    func group(of backup: BackupID, in account: AccountID) -> GroupID? {
        accounts[account]?.groups.first { $0.value.group.backup(backup) != nil }?.key
    }

    /// Forgets a group that a call may have changed.
    ///
    /// - Parameter id: The group; `nil` for every group of every account.
    mutating func forget(_ id: GroupID?) {
        guard let id else {
            accounts = [:]
            return
        }
        for place in accounts[id.home.account]?.groups[id]?.group.places ?? [] {
            accounts[id.home.account]?.places[place] = nil
        }
        accounts[id.home.account]?.groups[id] = nil
        // Any moment that has come makes the next read look for what is missing.
        accounts[id.home.account]?.until = Timestamp(milliseconds: .min)
    }
}

extension ProtectionGroup {
    /// The places that list anything of the group.
    fileprivate var places: Set<Place> {
        let regions = Set(backups.lazy.map(\.region)).union([id.home.region])
        return Set(regions.map { Place(account: id.home.account, region: $0) })
    }
}

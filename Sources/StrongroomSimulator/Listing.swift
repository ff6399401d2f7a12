internal import CloudHSM
internal import StrongroomModel

/// Pages of what a place lists, and the tokens that lead from one to the next.
///
/// A token names the last entry of its page, so what comes or goes between two pages neither hides
/// nor repeats another entry. Its lifetime is without end here (fact sheet, section 20, row 20).
enum Listing {
    /// A page of a place's clusters, in order of id.
    static func page(
        of groups: some Sequence<ProtectionGroup>,
        at place: Place,
        for call: DescribeClusters
    ) throws(ServiceException) -> Answer {
        try PlaceListing(of: groups, at: place).page(for: call)
    }

    /// A page of a place's backups, copies included, in order of id or of content time.
    static func page(
        of groups: some Sequence<ProtectionGroup>,
        at place: Place,
        for call: DescribeBackups
    ) throws(ServiceException) -> Answer {
        // Sharing is not simulated, so no other account shares anything.
        let own = call.listsShared ? [] : Array(groups)
        return try PlaceListing(of: own, at: place).page(for: call)
    }

    /// A page of a resource's tags, in order of key.
    static func page(
        of tags: [String: String]?,
        for call: ListTags
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(given: tags) { throw refusal }
        var after = 0
        if let token = call.nextToken {
            after = try ListingToken.read(token, of: "tags", as: Int.init(_:))
        }
        let rest = (tags ?? [:]).sorted { $0.key < $1.key }.dropFirst(max(0, after))
        let page = rest.prefix(call.maxResults ?? ListTags.largestPage)
        let token = page.count < rest.count ? ListingToken.write("tags", page.endIndex) : nil
        return .tags(
            Dictionary(page.map { ($0.key, $0.value) }) { first, _ in first },
            nextToken: token
        )
    }
}

/// The orders backups are listed in; the service's own default is unknown.
enum BackupOrder: String {
    case identity = "backups"
    case ascending = "oldest"
    case descending = "newest"

    init(_ sortAscending: Bool?) {
        switch sortAscending {
        case nil: self = .identity
        case true?: self = .ascending
        case false?: self = .descending
        }
    }

    func precedes(_ left: BackupKey, _ right: BackupKey) -> Bool {
        switch self {
        case .identity: left.id < right.id
        case .ascending: (left.createdAt, left.id) < (right.createdAt, right.id)
        case .descending: (left.createdAt, left.id) > (right.createdAt, right.id)
        }
    }
}

/// Where a backup stands in any of the orders.
struct BackupKey: LosslessStringConvertible {
    let createdAt: Timestamp
    let id: BackupID

    init(_ backup: Backup) {
        createdAt = backup.createdAt
        id = backup.id
    }

    init?(_ description: String) {
        let parts = description.split(separator: "+", maxSplits: 1)
        guard
            parts.count == 2, let milliseconds = Int64(parts[0]), let id = BackupID(parts[1])
        else { return nil }
        createdAt = Timestamp(milliseconds: milliseconds)
        self.id = id
    }

    var description: String { "\(createdAt.milliseconds)+\(id)" }
}

/// The text that leads to the next page; opaque to callers.
enum ListingToken {
    static func write(_ listing: String, _ last: some CustomStringConvertible) -> String {
        "\(listing)/\(last)"
    }

    static func read<Key>(
        _ token: String,
        of listing: String,
        as key: (String) -> Key?
    ) throws(ServiceException) -> Key {
        let parts = token.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, parts[0] == listing, let last = key(String(parts[1])) else {
            throw .invalid("the token does not belong to this listing")
        }
        return last
    }
}

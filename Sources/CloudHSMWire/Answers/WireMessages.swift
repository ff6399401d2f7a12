internal import CloudHSM

/// What answers hold one of, or pages of.
protocol WireItem: Decodable {
    /// The member that holds one.
    static var memberName: WireKey { get }

    /// The member that holds a page's.
    static var listName: WireKey { get }
}

/// An answer with one item.
struct WireOne<Item: WireItem>: Decodable {
    let item: Item

    init(from decoder: any Decoder) throws {
        item = try WireFields(decoder).required(Item.memberName)
    }
}

/// A page of items.
///
/// The list must be there, if empty: a body without one is no page that nothing is on.
struct WirePage<Item: WireItem>: Decodable {
    let items: [Item]
    let nextToken: String?

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        items = try fields.required(Item.listName)
        nextToken = try fields.value("NextToken")
    }
}

/// A page of tags; the list is the only member of an answer that the model calls required.
struct WireTagPage: Decodable {
    let tags: WireTags
    let nextToken: String?

    private enum CodingKeys: String, CodingKey {
        case tags = "TagList"
        case nextToken = "NextToken"
    }
}

/// Where initialisation stands.
struct WireInitialization: Decodable {
    let state: ClusterState
    let message: String?

    private enum CodingKeys: String, CodingKey {
        case state = "State"
        case message = "StateMessage"
    }
}

/// The HSM being removed.
struct WireRemoval: Decodable {
    let id: HSMID

    private enum CodingKeys: String, CodingKey {
        case id = "HsmId"
    }
}

/// A resource's policy.
struct WirePolicy: Decodable {
    let policy: String?
    let resource: ResourceARN?

    private enum CodingKeys: String, CodingKey {
        case policy = "Policy"
        case resource = "ResourceArn"
    }
}

/// An object in which nothing is looked for.
struct WireNothing: Decodable {
    init(from decoder: any Decoder) throws {
        _ = try decoder.container(keyedBy: WireKey.self)
    }
}

/// The copy a CopyBackupToRegion call began.
struct WireDestination: WireItem {
    static let memberName: WireKey = "DestinationBackup"
    static let listName: WireKey = "DestinationBackups"

    let backup: DestinationBackup

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        guard let createdAt = try fields.moment("CreateTimestamp") else {
            throw fields.fault("CreateTimestamp", "it is missing")
        }
        backup = DestinationBackup(
            createdAt: createdAt,
            sourceRegion: try fields.required("SourceRegion"),
            sourceBackup: try fields.required("SourceBackup"),
            sourceCluster: try fields.required("SourceCluster")
        )
    }
}

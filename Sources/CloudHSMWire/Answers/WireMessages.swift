internal import CloudHSM

/// An answer with one item in a member.
struct WireOne<Name: WireName, Item: WireObject>: WireObject {
    private var found: Item?

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        if Name.name ~= name { found = try reader.object() } else { try reader.skip() }
    }

    /// The item.
    func item() throws(WireError) -> Item { try found.required("\(Name.name)") }
}

/// A page of items.
///
/// The list must be there, if empty: a body without one is no page that nothing is on.
struct WirePage<Name: WireName, Item: WireObject>: WireObject {
    private var found: [Item]?
    private(set) var nextToken: String?

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case Name.name: found = try reader.objects()
        case "NextToken": nextToken = try reader.text()
        default: try reader.skip()
        }
    }

    /// The items, each made into what it stands for.
    func items<Value>(
        _ make: (Item) -> Result<Value, WireError>
    ) throws(WireError) -> [Value] {
        var values: [Value] = []
        for (index, item) in try found.required("\(Name.name)").enumerated() {
            switch make(item) {
            case .success(let value): values.append(value)
            case .failure(let error): throw error.under("[\(index)]").under("\(Name.name)")
            }
        }
        return values
    }
}

/// The name of a member that holds what is asked for.
protocol WireName {
    static var name: StaticString { get }
}

/// The names of members that hold what is asked for.
enum WireNames {
    enum Backup: WireName { static var name: StaticString { "Backup" } }
    enum Backups: WireName { static var name: StaticString { "Backups" } }
    enum Cluster: WireName { static var name: StaticString { "Cluster" } }
    enum Clusters: WireName { static var name: StaticString { "Clusters" } }
    enum DestinationBackup: WireName { static var name: StaticString { "DestinationBackup" } }
    enum HSM: WireName { static var name: StaticString { "Hsm" } }
}

/// A page of tags; the list is the only member of an answer that the model calls required.
struct WireTagPage: WireObject {
    private(set) var tags: [String: String]?
    private(set) var nextToken: String?

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "TagList": tags = try reader.tags()
        case "NextToken": nextToken = try reader.text()
        default: try reader.skip()
        }
    }
}

/// Where initialisation stands.
struct WireInitialization: WireObject {
    private(set) var state: ClusterState?
    private(set) var message: String?

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "State": state = try reader.parsed("a state")
        case "StateMessage": message = try reader.text()
        default: try reader.skip()
        }
    }
}

/// The HSM being removed.
struct WireRemoval: WireObject {
    private(set) var id: HSMID?

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "HsmId": id = try reader.text("an HSM's id") { HSMID(utf8: $0) }
        default: try reader.skip()
        }
    }
}

/// A resource's policy.
struct WirePolicy: WireObject {
    private(set) var policy: String?
    private(set) var resource: ResourceARN?

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "Policy": policy = try reader.text()
        case "ResourceArn": resource = try reader.parsed("a resource's ARN")
        default: try reader.skip()
        }
    }
}

/// An object in which nothing is looked for.
struct WireNothing: WireObject {
    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        try reader.skip()
    }
}

/// The copy a CopyBackupToRegion call began.
struct WireDestination: WireObject {
    private var createdAt: Timestamp?
    private var region: Region?
    private var source: BackupID?
    private var cluster: ClusterID?

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "CreateTimestamp": createdAt = try reader.moment()
        case "SourceBackup": source = try reader.text("a backup's id") { BackupID(utf8: $0) }
        case "SourceCluster": cluster = try reader.text("a cluster's id") { ClusterID(utf8: $0) }
        case "SourceRegion": region = try reader.text("a Region") { Region(utf8: $0) }
        default: try reader.skip()
        }
    }

    func backup() throws(WireError) -> DestinationBackup {
        DestinationBackup(
            createdAt: try createdAt.required("CreateTimestamp"),
            sourceRegion: try region.required("SourceRegion"),
            sourceBackup: try source.required("SourceBackup"),
            sourceCluster: try cluster.required("SourceCluster")
        )
    }
}

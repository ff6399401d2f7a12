/// Lists clusters, page by page.
///
/// Source: `API`; fact sheet, section 17.
public struct DescribeClusters: Hashable, Sendable {
    /// The most clusters of one page.
    public static let largestPage = 25

    /// The filters the operation knows; keys are taken together as AND, values as OR.
    public enum Filter: String, Hashable, Sendable, CaseIterable {
        /// By id.
        case clusterIds
        /// By VPC.
        case vpcIds
        /// By state.
        case states
    }

    /// Filter to accepted values.
    public let filters: [Filter: [String]]

    /// The page's size, 1 to 25; `nil` leaves it to the service.
    public let maxResults: Int?

    /// Where the page begins: the last answer's token.
    public let nextToken: String?

    /// Describes the page to list.
    ///
    /// - Parameters:
    ///   - filters: Filter to accepted values.
    ///   - maxResults: The page's size, 1 to 25.
    ///   - nextToken: The last answer's token.
    public init(
        filters: [Filter: [String]] = [:],
        maxResults: Int? = nil,
        nextToken: String? = nil
    ) {
        self.filters = filters
        self.maxResults = maxResults
        self.nextToken = nextToken
    }

    /// Whether a cluster passes every filter.
    ///
    /// - Parameter cluster: The cluster.
    /// - Returns: Whether it is to be listed.
    public func lists(_ cluster: Cluster) -> Bool {
        filters.allSatisfy { filter, values in
            switch filter {
            case .clusterIds: values.contains(cluster.id.description)
            case .vpcIds: values.contains(cluster.vpc ?? "")
            case .states: values.contains(cluster.state.description)
            }
        }
    }
}

/// Lists backups of one Region, page by page.
///
/// Source: `API`; fact sheet, section 17.
public struct DescribeBackups: Hashable, Sendable {
    /// The most backups of one page.
    public static let largestPage = 50

    /// The filters the operation knows; keys are taken together as AND, values as OR.
    public enum Filter: String, Hashable, Sendable, CaseIterable {
        /// By id.
        case backupIds
        /// By the backup a copy was made from.
        case sourceBackupIds
        /// By cluster; not to be relied on for copies (fact sheet, section 10).
        case clusterIds
        /// By state.
        case states
        /// By pin: `True` or `False`.
        case neverExpires
    }

    /// Filter to accepted values.
    public let filters: [Filter: [String]]

    /// The page's size, 1 to 50; `nil` leaves it to the service.
    public let maxResults: Int?

    /// Where the page begins: the last answer's token.
    public let nextToken: String?

    /// Whether the oldest come first; the default order is unknown.
    public let sortAscending: Bool?

    /// Describes the page to list.
    ///
    /// - Parameters:
    ///   - filters: Filter to accepted values.
    ///   - maxResults: The page's size, 1 to 50.
    ///   - nextToken: The last answer's token.
    ///   - sortAscending: Whether the oldest come first.
    public init(
        filters: [Filter: [String]] = [:],
        maxResults: Int? = nil,
        nextToken: String? = nil,
        sortAscending: Bool? = nil
    ) {
        self.filters = filters
        self.maxResults = maxResults
        self.nextToken = nextToken
        self.sortAscending = sortAscending
    }

    /// Whether a backup passes every filter.
    ///
    /// - Parameter listed: The backup and its cluster.
    /// - Returns: Whether it is to be listed.
    public func lists(_ listed: ListedBackup) -> Bool {
        let backup = listed.backup
        return filters.allSatisfy { filter, values in
            switch filter {
            case .backupIds: values.contains(backup.id.description)
            case .sourceBackupIds: values.contains(backup.copiedFrom?.description ?? "")
            // A copy is listed without a ClusterId by the simulated service.
            case .clusterIds: !backup.isCopy && values.contains(listed.cluster.description)
            case .states: values.contains(backup.state.description)
            case .neverExpires: values.contains(backup.neverExpires ? "True" : "False")
            }
        }
    }
}

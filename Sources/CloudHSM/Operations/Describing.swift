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

    /// Why the service would refuse the request, what its token says aside.
    ///
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal() -> ServiceException? {
        Paging.refusal(of: maxResults, token: nextToken, largestPage: Self.largestPage)
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

    /// Whether only backups that other accounts share are listed; otherwise only one's own are.
    public let listsShared: Bool

    /// Describes the page to list.
    ///
    /// - Parameters:
    ///   - filters: Filter to accepted values.
    ///   - maxResults: The page's size, 1 to 50.
    ///   - nextToken: The last answer's token.
    ///   - sortAscending: Whether the oldest come first.
    ///   - listsShared: Whether only backups that other accounts share are listed.
    public init(
        filters: [Filter: [String]] = [:],
        maxResults: Int? = nil,
        nextToken: String? = nil,
        sortAscending: Bool? = nil,
        listsShared: Bool = false
    ) {
        self.filters = filters
        self.maxResults = maxResults
        self.nextToken = nextToken
        self.sortAscending = sortAscending
        self.listsShared = listsShared
    }

    /// Why the service would refuse the request, what its token says aside.
    ///
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal() -> ServiceException? {
        Paging.refusal(of: maxResults, token: nextToken, largestPage: Self.largestPage)
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

/// The bounds of what a listing may be asked for.
///
/// Source: `API`, shapes `MaxSize` and `NextToken`; fact sheet, section 17.
public enum Paging {
    /// The longest token, in characters.
    public static let longestToken = 256

    /// Why the service would refuse a page.
    ///
    /// - Parameters:
    ///   - size: The page's size asked for; `nil` leaves it to the service.
    ///   - token: Where the page is to begin.
    ///   - largestPage: The most the operation lists at once.
    /// - Returns: The exception, or `nil` if the page is within bounds.
    public static func refusal(
        of size: Int?,
        token: String?,
        largestPage: Int
    ) -> ServiceException? {
        if let size, !(1...largestPage).contains(size) {
            return .invalid("a page has 1 to \(largestPage) entries, not \(size)")
        }
        if let token, token.count > longestToken {
            return .invalid("a token has at most \(longestToken) characters")
        }
        return nil
    }
}

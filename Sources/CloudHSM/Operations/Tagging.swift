/// What can be tagged: a cluster or a backup.
///
/// Source: `API`, pattern of `ResourceId`.
public enum TaggedResource: Hashable, Sendable {
    /// A cluster.
    case cluster(ClusterID)
    /// A backup.
    case backup(BackupID)
}

extension TaggedResource: CustomStringConvertible {
    /// The id.
    public var description: String {
        switch self {
        case .cluster(let id): id.description
        case .backup(let id): id.description
        }
    }
}

/// Adds tags to a cluster or backup, or changes their values.
///
/// Source: `API`.
public struct TagResource: Hashable, Sendable {
    /// What to tag.
    public let resource: TaggedResource

    /// The tags to add or change, 1 to 50.
    public let tags: [String: String]

    /// Describes the tags to add.
    ///
    /// - Parameters:
    ///   - resource: What to tag.
    ///   - tags: The tags to add or change.
    public init(_ resource: TaggedResource, tags: [String: String]) {
        self.resource = resource
        self.tags = tags
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter current: The resource's tags as they are; `nil` if the resource is unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(given current: [String: String]?) -> ServiceException? {
        guard let current else { return .notFound(resource) }
        guard !tags.isEmpty else { return .invalid("a tag list needs 1 to 50 tags") }
        if let refusal = TagLimits.refusal(of: tags) { return refusal }
        let after = current.merging(tags) { _, new in new }
        guard after.count <= TagLimits.mostPerResource else {
            return ServiceException(.resourceLimitExceeded, "\(resource) would have too many tags")
        }
        return nil
    }
}

/// Removes tags from a cluster or backup.
///
/// Source: `API`.
public struct UntagResource: Hashable, Sendable {
    /// What to take tags from.
    public let resource: TaggedResource

    /// The keys to remove, 1 to 50; keys that are not there are passed over.
    public let keys: [String]

    /// Describes the tags to remove.
    ///
    /// - Parameters:
    ///   - resource: What to take tags from.
    ///   - keys: The keys to remove.
    public init(_ resource: TaggedResource, keys: [String]) {
        self.resource = resource
        self.keys = keys
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter current: The resource's tags as they are; `nil` if the resource is unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(given current: [String: String]?) -> ServiceException? {
        guard current != nil else { return .notFound(resource) }
        guard (1...TagLimits.mostPerResource).contains(keys.count) else {
            return .invalid("a key list needs 1 to 50 keys")
        }
        return nil
    }
}

/// Lists a resource's tags, page by page.
///
/// Source: `API`.
public struct ListTags: Hashable, Sendable {
    /// Whose tags.
    public let resource: TaggedResource

    /// The most tags of one page.
    public static let largestPage = 100

    /// The page's size, 1 to 100; `nil` leaves it to the service.
    public let maxResults: Int?

    /// Where the page begins: the last answer's token.
    public let nextToken: String?

    /// Describes the page to list.
    ///
    /// - Parameters:
    ///   - resource: Whose tags.
    ///   - maxResults: The page's size, 1 to 100.
    ///   - nextToken: The last answer's token.
    public init(_ resource: TaggedResource, maxResults: Int? = nil, nextToken: String? = nil) {
        self.resource = resource
        self.maxResults = maxResults
        self.nextToken = nextToken
    }

    /// Why the service would refuse the request, its token aside.
    ///
    /// - Parameter current: The resource's tags as they are; `nil` if the resource is unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(given current: [String: String]?) -> ServiceException? {
        guard current != nil else { return .notFound(resource) }
        return Paging.refusal(of: maxResults, token: nextToken, largestPage: Self.largestPage)
    }
}

/// The bounds of tag lists.
///
/// Source: `API`, shapes `TagKey`, `TagValue`, `TagList`.
public enum TagLimits {
    /// Tags per resource and per list.
    public static let mostPerResource = 50

    /// Characters of a key.
    public static let keyLength = 1...128

    /// Characters of a value.
    public static let valueLength = 0...256

    /// Why the service would refuse a list of tags.
    ///
    /// - Parameter tags: The list.
    /// - Returns: The exception, or `nil` if it is in bounds.
    public static func refusal(of tags: [String: String]) -> ServiceException? {
        guard tags.count <= mostPerResource else {
            return .invalid("a resource has at most \(mostPerResource) tags")
        }
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard keyLength.contains(key.count), isPlain(key), !key.hasPrefix("aws:") else {
                return ServiceException(.tag, "the tag key \"\(key)\" is not valid")
            }
            guard valueLength.contains(value.count), isPlain(value) else {
                return ServiceException(.tag, "the value of tag \"\(key)\" is not valid")
            }
        }
        return nil
    }

    /// Whether a text has only letters, digits, separators and `_ . : / = + - @`.
    ///
    /// - Parameter text: A key or value.
    /// - Returns: Whether the service takes every character.
    public static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber, .spaceSeparator,
                .lineSeparator, .paragraphSeparator:
                true
            default: "_.:/=+-@".unicodeScalars.contains(scalar)
            }
        }
    }
}

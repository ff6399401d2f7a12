internal import StrongroomModel

/// A cluster's tags, sorted into those that a manifest may show and those that it may not.
struct AdoptedTags {
    /// The tags to write.
    private(set) var kept: [String: String] = [:]

    /// Those that may hold a secret, in order of key.
    private(set) var omissions: [Omission] = []

    /// Sorts tags.
    ///
    /// What the service and Strongroom set themselves is neither.
    ///
    /// - Parameter tags: The cluster's tags.
    init(_ tags: [String: String]) {
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) where !Self.isReserved(key) {
            if SecretLook.isSecret(key: key, value: value) {
                omissions.append(.secretTag(key: key))
            } else {
                kept[key] = value
            }
        }
    }

    private static func isReserved(_ key: String) -> Bool {
        let key = key.lowercased()
        return key.hasPrefix("aws:") || key.hasPrefix(OwnershipTag.prefix)
    }
}

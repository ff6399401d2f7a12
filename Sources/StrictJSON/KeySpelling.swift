/// Keys that are almost known ones: most likely slips, and never to be passed over.
package enum KeySpelling {
    /// The known key that a key was most likely meant to be.
    ///
    /// - Parameters:
    ///   - key: A key as it is written.
    ///   - known: The keys that are known.
    /// - Returns: A known key that differs in one letter, in two letters' order or in case only;
    ///   `nil` if there is none, or the key itself is known.
    package static func near(_ key: String, among known: some Sequence<String>) -> String? {
        var nearest: String?
        for other in known {
            if other == key { return nil }
            if isNear(Array(key.lowercased().utf8), Array(other.lowercased().utf8)),
                nearest.map({ other < $0 }) ?? true
            {
                nearest = other
            }
        }
        return nearest
    }

    private static func isNear(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        // Of very short keys everything is near everything.
        guard max(one.count, other.count) > 2 else { return one == other }
        let head = zip(one, other).prefix { $0 == $1 }.count
        let left = one[head...]
        let right = other[head...]
        return left.elementsEqual(right)
            || left.dropFirst().elementsEqual(right)
            || left.elementsEqual(right.dropFirst())
            || left.dropFirst().elementsEqual(right.dropFirst())
            || left.prefix(2).elementsEqual(right.prefix(2).reversed())
                && left.dropFirst(2).elementsEqual(right.dropFirst(2))
    }
}

/// The keys of one mapping that were read so far.
///
/// Small mappings are searched; a large one gets an index, so that a hundred thousand keys are not
/// compared with each other.
struct SeenKeys {
    private static let mostSearched = 16

    private var index: [String: Int] = [:]

    /// Notes a key that is about to be appended.
    ///
    /// - Parameters:
    ///   - key: The key's text.
    ///   - pairs: The pairs read so far, without this one.
    /// - Returns: Where the key was written before; nil if it is new.
    mutating func insert(_ key: String, after pairs: [LocatedNode.Pair]) -> Span? {
        guard pairs.count >= Self.mostSearched else {
            return pairs.first { $0.key.text == key }?.key.span
        }
        while index.count < pairs.count {
            index[pairs[index.count].key.text] = index.count
        }
        return index[key].map { pairs[$0].key.span }
    }
}

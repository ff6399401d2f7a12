/// The format version that every file of a state directory carries.
enum FileFormat {
    /// The version this Strongroom writes, and the newest it reads.
    static let newest: Int64 = 1

    /// Refuses a file of a version this Strongroom does not know.
    ///
    /// - Parameters:
    ///   - version: What the file says, if anything.
    ///   - key: The key it says it under.
    ///   - newest: The newest version of such a file.
    /// - Throws: For a version that is missing, newer, or none.
    static func check(
        _ version: Int64?,
        at key: String = "Format",
        upTo newest: Int64 = newest
    ) throws(JSONFault) {
        guard let version else { throw JSONFault(key, .missing) }
        guard version <= newest else {
            throw .newerFormat(version, known: newest)
        }
        guard version >= 1 else {
            let expected = newest == 1 ? "1" : "a number from 1 to \(newest)"
            throw JSONFault(key, .unexpected(found: "\(version)", expected: expected))
        }
    }
}

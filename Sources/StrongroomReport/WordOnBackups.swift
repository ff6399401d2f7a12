public import CloudHSM
public import StrongroomModel

/// A person's word that backups are gone which the service must still list.
public struct WordOnBackups: Hashable, Sendable {
    /// The rule that a place is not read whole while a backup is missing from its listing.
    private static let rule = "unlisted-backup"

    private let meaning: Meaning

    private struct Meaning: Hashable, Sendable, Encodable {
        let backups: [String]
        let at: Timestamp
        let words: String
    }

    /// States a word.
    ///
    /// - Parameters:
    ///   - backups: The backups.
    ///   - moment: When it was given, by the service's clock.
    ///   - words: Who gives it, and how they know.
    public init(_ backups: [BackupID], at moment: Timestamp, _ words: String) {
        meaning = Meaning(backups: backups.map(\.description), at: moment, words: words)
    }

    /// The word as the journal keeps it: a rule that was overridden once.
    public var use: ApprovalUse {
        ApprovalUse(
            .override,
            of: CanonicalJSON.digest(of: meaning),
            about: "\(Self.rule) for \(meaning.backups.joined(separator: ", "))",
            by: meaning.words,
            at: meaning.at
        )
    }
}

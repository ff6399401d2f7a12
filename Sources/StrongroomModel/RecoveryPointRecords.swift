public import CloudHSM

/// Which backup each recovery point's name was recorded for, as the journal has it.
///
/// The record is the tag on the backup; the journal keeps it too, so that a tag that someone took
/// off does not make the name be resolved anew.
public struct RecoveryPointRecords: Sendable {
    /// A record that stands.
    public struct Record: Hashable, Sendable {
        /// The backup the name means.
        public let backup: BackupID

        /// When it was recorded.
        public let at: Timestamp
    }

    private struct Key: Hashable {
        let group: GroupID?
        let name: String
    }

    private var standing: [Key: (record: Record, intent: String)] = [:]

    /// Reads the journal's records.
    ///
    /// - Parameter entries: Journal entries in the order they were begun.
    public init(_ entries: some Sequence<JournalEntry>) {
        for entry in entries { take(entry) }
    }

    private mutating func take(_ entry: JournalEntry) {
        let intent = entry.intent
        guard
            let name = intent.recoveryPoint, let target = BackupID(intent.target),
            entry.wasDone
        else { return }
        let key = Key(group: intent.group, name: name)
        if intent.operation == "TagResource" {
            standing[key] = (Record(backup: target, at: intent.writtenAt), intent.id)
        } else if standing[key]?.record.backup == target {
            standing[key] = nil
        }
    }

    /// The record of a name.
    ///
    /// - Parameters:
    ///   - name: The recovery point's name.
    ///   - group: The group.
    /// - Returns: The record; `nil` if the name was never recorded, or was given up.
    public func record(of name: String, in group: GroupID) -> Record? {
        standing[Key(group: group, name: name)]?.record
    }

    /// Whether a journal entry is a record that stands, so that it matters whatever its age.
    ///
    /// - Parameter entry: One of the entries this was read from.
    /// - Returns: Whether it is.
    public func isStanding(_ entry: JournalEntry) -> Bool {
        guard let name = entry.intent.recoveryPoint else { return false }
        return standing[Key(group: entry.intent.group, name: name)]?.intent == entry.intent.id
    }
}

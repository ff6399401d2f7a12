internal import CloudHSM
internal import Glibc
internal import StrongroomModel

/// Brings a state directory of format 1 to the present one; the old journal is kept.
///
/// The new journal is made beside the old one, then takes its place, then FORMAT says so. A crash
/// at any point leaves what the next run goes on from.
enum JournalMigration {
    static let oldName = "journal.format-1"
    private static let newName = ".journal.format-2"

    /// Brings the directory to the present format, durably; only under the lock.
    ///
    /// - Parameters:
    ///   - root: The state directory.
    ///   - format: What its FORMAT says.
    /// - Returns: What a person should know; nothing if it has the present format.
    /// - Throws: When the old journal cannot be read, or the new one not be written; the old one is
    ///   then whole.
    static func run(
        in root: HeldDirectory,
        _ format: StateFormat
    ) throws(StateError) -> [StateFinding] {
        guard format.version < StateFormat.newest else { return [] }
        if try !hasNewJournal(root) {
            try build(from: try OldJournal(of: oldJournal(in: root)), in: root)
            if root.contains(JournalDirectory.directoryName) {
                try root.rename(JournalDirectory.directoryName, to: oldName)
            }
            try root.rename(newName, to: JournalDirectory.directoryName)
        }
        let renewed = StateFormat(service: format.service, lineage: format.lineage)
        try root.replace(StateFormat.fileName, with: renewed.bytes)
        return [.migrated(from: Int(format.version), oldJournal: root.path(of: oldName))]
    }

    /// Where the journal of a directory of format 1 lies, also while it is being migrated.
    static func oldJournal(in root: HeldDirectory) throws(StateError) -> HeldDirectory {
        let name = try hasNewJournal(root) ? oldName : JournalDirectory.directoryName
        if let directory = try root.directory(name) { return directory }
        guard let directory = try root.directory(oldName) else {
            throw .missing(file: root.path(of: name))
        }
        return directory
    }

    private static func hasNewJournal(_ root: HeldDirectory) throws(StateError) -> Bool {
        let journal = try root.directory(JournalDirectory.directoryName)
        return journal?.contains(JournalHeads.fileName) ?? false
    }

    private static func build(from old: OldJournal, in root: HeldDirectory) throws(StateError) {
        // What an attempt left that was cut short.
        try root.removeTree(newName)
        let journal = try root.makeDirectory(newName)
        var heads = JournalHeads()
        let parts = Dictionary(grouping: old.entries) { JournalPart(of: $0.intent.group) }
        for (part, entries) in parts.sorted(by: { $0.key.path < $1.key.path }) {
            heads.links[part] = try write(entries, as: part, to: journal)
        }
        // Last: what has it is complete.
        try heads.write(to: journal)
    }

    private static func write(
        _ entries: [JournalEntry],
        as part: JournalPart,
        to journal: HeldDirectory
    ) throws(StateError) -> JournalRecord.Link? {
        guard let newest = entries.map(\.newest).max() else { return nil }
        let start = ChainStart(cause: .migration, at: newest, head: nil, lostAt: nil)
        let records = entries.flatMap { entry in
            [JournalRecord.Content.intent(entry.intent)]
                + (entry.outcome.map { [.outcome($0, of: entry.intent.id)] } ?? [])
        }
        let written: (bytes: [UInt8], head: JournalRecord.Link)
        do {
            written = try JournalCompaction.bytes(of: [.begin(start)] + records, after: .none)
            _ = try JournalChain(written.bytes, of: part)
        } catch {
            throw .unwritable(file: journal.path(of: part.path), reason: "\(error)")
        }
        try journal.makeDirectory(of: part).replace(part.fileName, with: written.bytes)
        return written.head
    }
}

extension HeldDirectory {
    /// Gives something inside another name, durably; nothing of that name may be there.
    func rename(_ name: String, to newName: String) throws(StateError) {
        guard renameat(descriptor, name, descriptor, newName) == 0 else {
            throw failure("rename", name)
        }
        try sync()
    }

    /// Removes a directory and all that is in it; one that is not there is no error.
    func removeTree(_ name: String) throws(StateError) {
        guard let directory = try directory(name) else { return }
        for inner in try directory.names() {
            var status = stat()
            guard fstatat(directory.descriptor, inner, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw directory.failure("examine", inner)
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                try directory.removeTree(inner)
            } else {
                try directory.remove(inner)
            }
        }
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw failure("remove", name) }
        try sync()
    }
}

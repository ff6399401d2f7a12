internal import CloudHSM
internal import StrongroomModel
internal import Synchronization

/// Adds records to one file of the journal, one after the other.
final class JournalWriter: Sendable {
    private let journal: HeldDirectory
    private let part: JournalPart
    private let file: Mutex<File>

    /// The file as this run knows it to be stored.
    private struct File {
        var bytes: [UInt8]
        var head: JournalRecord.Link
        var begun: Set<String>
        var ended: [String: Outcome]
        /// Whether the file has been made.
        var exists: Bool
        /// Whether an attempt failed, so that nobody knows what the file holds.
        var isInDoubt = false
    }

    private init(journal: HeldDirectory, part: JournalPart, file: File) {
        self.journal = journal
        self.part = part
        self.file = Mutex(file)
    }

    /// Opens a file that may not be there yet.
    ///
    /// - Throws: ``StateError/damagedJournal(file:line:_:)`` when it is damaged.
    static func open(
        _ part: JournalPart,
        in journal: HeldDirectory,
        knownTo heads: JournalHeads?
    ) throws(StateError) -> JournalWriter {
        let bytes = try JournalChain.bytes(of: part, in: journal)
        let chain: JournalChain
        do throws(LocatedDamage) {
            chain = try JournalChain(bytes ?? [], of: part)
            // What a killed run left was seen to when this run began.
            guard chain.ending == .whole else {
                throw LocatedDamage(line: chain.records.count, damage: .cutOff)
            }
            if let known = heads?.links[part],
                let damage = bytes == nil ? .gone : chain.damage(since: known)
            {
                throw LocatedDamage(line: nil, damage: damage)
            }
        } catch {
            throw error.error(file: journal.path(of: part.path))
        }
        var file = File(
            bytes: bytes ?? [],
            head: chain.head,
            begun: Set(chain.entries.map(\.intent.id)),
            ended: [:],
            exists: bytes != nil
        )
        for entry in chain.entries { file.ended[entry.intent.id] = entry.outcome }
        return JournalWriter(journal: journal, part: part, file: file)
    }

    /// The place of the last record, unless nobody knows what the file holds.
    var head: JournalRecord.Link? {
        file.withLock { $0.isInDoubt || $0.head == .none ? nil : $0.head }
    }

    /// Adds an intent, durably.
    func begin(_ intent: Intent) throws(StateError) {
        try changing { (file) throws(StateError) in
            guard !file.begun.contains(intent.id) else {
                throw .journalRefusal(intent: intent.id, .alreadyBegun)
            }
            // Also if the writing fails: it may be there all the same.
            file.begun.insert(intent.id)
            try append(.intent(intent), to: &file)
        }
    }

    /// Adds an outcome, durably, unless it is there already.
    func end(_ intent: String, _ outcome: Outcome) throws(StateError) {
        try changing { (file) throws(StateError) in
            guard file.begun.contains(intent) else {
                throw .journalRefusal(intent: intent, .neverBegun)
            }
            if let ended = file.ended[intent] {
                guard ended == outcome else { throw .journalRefusal(intent: intent, .alreadyEnded) }
                return
            }
            try append(.outcome(outcome, of: intent), to: &file)
            file.ended[intent] = outcome
        }
    }

    /// Adds what a person agreed to, durably.
    func record(_ use: ApprovalUse) throws(StateError) {
        try changing { (file) throws(StateError) in try append(.use(use), to: &file) }
    }

    private func changing(
        _ change: (inout File) throws(StateError) -> Void
    ) throws(StateError) {
        let result = file.withLock { file in
            Result { () throws(StateError) in try change(&file) }
        }
        try result.get()
    }

    private func append(
        _ content: JournalRecord.Content,
        to file: inout File
    ) throws(StateError) {
        let (line, link) = try line(content, after: file.head)
        guard file.bytes.count + line.count <= JSONParser.largestFile else {
            throw .tooLarge(
                file: journal.path(of: part.path),
                bytes: Int64(file.bytes.count + line.count),
                limit: Int64(JSONParser.largestFile)
            )
        }
        do throws(StateError) {
            let directory = try directory(of: file)
            if file.isInDoubt {
                try directory.replace(part.fileName, with: file.bytes + line)
            } else {
                let size = file.exists ? file.bytes.count : nil
                try directory.append(line, to: part.fileName, of: size)
            }
        } catch {
            file.isInDoubt = true
            journal.doubt.raise()
            throw error
        }
        file.bytes += line
        file.head = link
        file.exists = true
        file.isInDoubt = false
    }

    private func directory(of file: File) throws(StateError) -> HeldDirectory {
        if file.exists, !file.isInDoubt, let directory = try journal.directory(of: part) {
            return directory
        }
        return try journal.makeDirectory(of: part)
    }

    /// The line of a record, once it is certain that it can be read again.
    private func line(
        _ content: JournalRecord.Content,
        after previous: JournalRecord.Link
    ) throws(StateError) -> (line: [UInt8], link: JournalRecord.Link) {
        do {
            let (line, link) = try JournalLine.bytes(content, after: previous)
            let read = try JournalLine().read(
                line.dropLast(),
                after: previous,
                with: JSONParser()
            )
            guard read.content == content else { throw JournalDamage.digestDiffers }
            return (line, link)
        } catch {
            throw .unwritable(file: journal.path(of: part.path), reason: "\(error)")
        }
    }
}

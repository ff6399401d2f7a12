internal import CloudHSM
internal import StrongroomModel

/// All files of a journal, each whole or damaged.
struct JournalScan {
    /// The files that can be read.
    private(set) var chains: [JournalPart: JournalChain] = [:]

    /// The files that cannot.
    private(set) var damage: [JournalPart: LocatedDamage] = [:]

    /// How far the files reached; `nil` if that cannot be read.
    private(set) var heads: JournalHeads?

    /// Why it cannot be read.
    private(set) var headsTrouble: StateError?

    /// Files in the journal that are none of it.
    private(set) var strays: [String] = []

    private let journal: HeldDirectory

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - journal: The journal's directory.
    ///   - isBeingWritten: Whether a run is at work or was cut short, so that a file may end with
    ///     the beginning of a record.
    /// - Throws: When the directory cannot be listed.
    init(
        of journal: HeldDirectory,
        isBeingWritten: () -> Bool
    ) throws(StateError) {
        self.journal = journal
        // The heads first: whatever is written meanwhile goes beyond them.
        do throws(StateError) {
            heads = try JournalHeads.read(from: journal)
        } catch {
            headsTrouble = error
        }
        let listed = try JournalListing(of: journal)
        strays = listed.strays
        for part in listed.parts.union((heads?.links.keys).map { Set($0) } ?? []) {
            do throws(LocatedDamage) {
                try take(part, isBeingWritten: isBeingWritten)
            } catch {
                damage[part] = error
            }
        }
    }

    /// The parts that cannot be read, and why.
    var gaps: [JournalGap] {
        let parts = damage.sorted { $0.key.path < $1.key.path }.map { part, damage in
            JournalGap(
                of: part.group,
                because: damage.error(file: journal.path(of: part.path)).description
            )
        }
        return (headsTrouble.map { [JournalGap(of: nil, because: "\($0)")] } ?? []) + parts
    }

    /// The newest moment any record speaks of.
    var newest: Timestamp? {
        chains.values.compactMap { chain in
            (chain.entries.map(\.newest) + chain.uses.map(\.at)).max()
        }.max()
    }

    /// The latest taking of the lock that an intent was written under; 0 if none says.
    var newestEpoch: Int {
        chains.values.compactMap { $0.entries.compactMap(\.intent.epoch).max() }.max() ?? 0
    }

    private mutating func take(
        _ part: JournalPart,
        isBeingWritten: () -> Bool
    ) throws(LocatedDamage) {
        let known = heads?.links[part]
        guard var chain = try JournalChain.load(part, from: journal) else {
            // One that is gone between the listing and now was listed for nothing.
            guard known != nil else { return }
            throw LocatedDamage(line: nil, damage: .gone)
        }
        if case .torn = chain.ending, !isBeingWritten() {
            // A run may have begun and ended since; what it wrote is whole by now.
            chain = try JournalChain.load(part, from: journal) ?? chain
            if case .torn = chain.ending, !isBeingWritten() {
                throw LocatedDamage(line: chain.records.count + 1, damage: .cutOff)
            }
        }
        if let known, let damage = chain.damage(since: known) {
            throw LocatedDamage(line: nil, damage: damage)
        }
        chains[part] = chain
    }
}

extension JournalChain {
    /// Reads a file of the journal; `nil` if there is none.
    static func load(
        _ part: JournalPart,
        from journal: HeldDirectory
    ) throws(LocatedDamage) -> JournalChain? {
        let bytes: [UInt8]?
        do throws(StateError) {
            bytes = try self.bytes(of: part, in: journal)
        } catch {
            throw LocatedDamage(line: nil, damage: .unopened("\(error)"))
        }
        guard let bytes else { return nil }
        return try JournalChain(bytes, of: part)
    }

    /// The bytes of a file of the journal; `nil` if there is none.
    static func bytes(
        of part: JournalPart,
        in journal: HeldDirectory
    ) throws(StateError) -> [UInt8]? {
        let parser = JSONParser()
        guard
            let directory = try journal.directory(of: part),
            try directory.load(part.fileName, into: parser)
        else { return nil }
        return Array(parser.bytes)
    }
}

/// What lies in a journal's directory, by names alone.
struct JournalListing {
    private(set) var parts: Set<JournalPart> = []
    private(set) var strays: [String] = []
    private(set) var directories: [HeldDirectory] = []

    init(of journal: HeldDirectory) throws(StateError) {
        try list(journal, below: [])
    }

    private mutating func list(
        _ directory: HeldDirectory,
        below names: [String]
    ) throws(StateError) {
        directories.append(directory)
        for name in try directory.names() where !name.hasPrefix(".") {
            let path = (names + [name]).joined(separator: "/")
            if let part = JournalPart(path: path) {
                parts.insert(part)
            } else if isPlace(name, below: names), let inner = try directory.directory(name) {
                try list(inner, below: names + [name])
            } else if path != JournalHeads.fileName {
                strays.append(directory.path(of: name))
            }
        }
    }

    private func isPlace(_ name: String, below names: [String]) -> Bool {
        switch names.count {
        case 0: AccountID(name) != nil
        case 1: Region(name) != nil
        default: false
        }
    }
}

extension JournalEntry {
    /// When it was begun or ended, whichever is later.
    var newest: Timestamp { max(intent.writtenAt, outcome?.at ?? intent.writtenAt) }
}

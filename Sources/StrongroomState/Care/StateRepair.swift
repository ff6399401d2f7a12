public import CloudHSM
internal import StrongroomModel

/// Mends a state directory as a person agreed to; whatever it replaces is kept beside it.
public struct StateRepair {
    /// What the names of kept files and directories contain.
    static let mark = ".damaged-"

    private let root: HeldDirectory
    private let moment: Timestamp
    private let suffix: String

    /// Carries mends out, under the lock.
    ///
    /// - Parameters:
    ///   - mends: What a ``StateInspection`` proposed and a person agreed to.
    ///   - path: The state directory.
    ///   - request: What the run says of itself, with the present moment by the machine's clock.
    ///   - moment: The present moment by the service's clock.
    /// - Returns: What was done, one line for each mend, and what a run that writes did besides.
    /// - Throws: When a mend could not be made durable; those before it are, and nothing is lost
    ///   that was there.
    public static func mend(
        _ mends: [StateMend],
        at path: String,
        for request: LockRequest,
        now moment: Timestamp
    ) throws(StateError) -> [String] {
        guard let root = try HeldDirectory.open(path) else { throw .noDirectory(path: path) }
        try FileTrust.checkParent(of: root)
        guard let format = try StateFormat.read(from: root) else {
            throw .notAStateDirectory(path: path)
        }
        let repair = StateRepair(
            root: root,
            moment: moment,
            suffix: mark + request.since.description.filter { $0.isLetter || $0.isNumber }
        )
        let lock = try StateLock.take(in: root, for: request) { () throws(StateError) in
            // A run's record that cannot be read would keep everybody out.
            for mend in mends where mend.isOfRunRecord { try repair.carryOut(mend) }
        }
        for mend in mends where !mend.isOfRunRecord { try repair.carryOut(mend) }
        if mends.contains(where: \.isOfRunRecord) {
            try lock.update { $0.suspect("the record of the last run was damaged and set aside") }
        }
        let state = try StateDirectory.openForWriting(root, format, lock, nil)
        try state.finish(at: request.since)
        return mends.map { "done: \($0)" } + state.findings.map { "note: \($0)" }
    }

    private func carryOut(_ mend: StateMend) throws(StateError) {
        switch mend {
        case .rebuildIndex: try rebuildIndex()
        case .rebuildHeads: try rebuildHeads()
        case .restartJournal(let file):
            guard let part = JournalPart(path: file) else { return }
            try restart(part, in: try journal())
        case .setAside(let file, _):
            try keep(file)
            try root.remove(file)
            try root.sync()
        case .separate(let file): try separate(file)
        // Every run that writes does it.
        case .tidy: return
        }
    }
}

extension StateMend {
    fileprivate var isOfRunRecord: Bool {
        switch self {
        case .setAside(let file, _): file == RunFile.fileName
        case .rebuildIndex, .restartJournal, .rebuildHeads, .separate, .tidy: false
        }
    }
}

extension StateRepair {
    /// Keeps a copy of a file of the topmost directory, durably; one that is not there is kept as
    /// it is.
    private func keep(_ name: String) throws(StateError) {
        let parser = JSONParser()
        guard try root.load(name, into: parser) else { return }
        try root.replace(name + suffix, with: Array(parser.bytes))
    }

    private func rebuildIndex() throws(StateError) {
        try keep(StateIndex.fileName)
        var index = StateIndex()
        index.groups = try StateSurvey(of: root).groups
        // A group that has a journal existed, too.
        if let journal = try root.directory(JournalDirectory.directoryName) {
            let parts = try JournalListing(of: journal).parts
            index.groups.formUnion(parts.compactMap(\.group).filter { isListed($0) })
        }
        try root.remove(StateIndex.fileName)
        try index.write(to: root)
    }

    private func isListed(_ id: GroupID) -> Bool {
        let place = try? root.directory("\(id.home.account)")?.directory("\(id.home.region)")
        return place?.contains("\(id.cluster).json") ?? false
    }

    private func journal() throws(StateError) -> HeldDirectory {
        try root.makeDirectory(JournalDirectory.directoryName)
    }

    private func rebuildHeads() throws(StateError) {
        let journal = try journal()
        try keepJournalFile(JournalHeads.fileName, directories: [], in: journal)
        let scan = try JournalScan(of: journal) { true }
        var heads = JournalHeads()
        heads.links = scan.chains.mapValues(\.head).filter { $0.value != .none }
        // What the fleet's file says holds for every group.
        let head = try restart(.fleet, in: journal, knownTo: heads)
        heads.links[.fleet] = head
        try journal.remove(JournalHeads.fileName)
        try heads.write(to: journal)
    }

    private func restart(_ part: JournalPart, in journal: HeldDirectory) throws(StateError) {
        // Heads that could not be read were made anew before.
        try restart(part, in: journal, knownTo: try JournalHeads.read(from: journal))
    }

    /// Begins a file anew with the records before the damage, and says when records were lost.
    @discardableResult
    private func restart(
        _ part: JournalPart,
        in journal: HeldDirectory,
        knownTo heads: JournalHeads
    ) throws(StateError) -> JournalRecord.Link {
        try keepJournalFile(part.fileName, directories: part.directories, in: journal)
        let bytes = try JournalChain.bytes(of: part, in: journal) ?? []
        let chain = JournalChain(salvaging: bytes, of: part)
        let known = heads.links[part]
        let start = ChainStart(cause: .repair, at: moment, head: known, lostAt: moment)
        let kept = chain.records.map(\.content).filter { content in
            if case .begin = content { return false }
            return true
        }
        let last = [chain.head, known ?? .none].max { $0.sequence < $1.sequence } ?? .none
        let written: (bytes: [UInt8], head: JournalRecord.Link)
        do {
            written = try JournalCompaction.bytes(of: [.begin(start)] + kept, after: last)
        } catch {
            throw .unwritable(file: journal.path(of: part.path), reason: "\(error)")
        }
        try journal.makeDirectory(of: part).replace(part.fileName, with: written.bytes)
        return written.head
    }

    /// Keeps a copy of a file of the journal in `journal.damaged-…`, at the same place.
    private func keepJournalFile(
        _ name: String,
        directories: [String],
        in journal: HeldDirectory
    ) throws(StateError) {
        var from = journal
        for directory in directories {
            guard let inner = try from.directory(directory) else { return }
            from = inner
        }
        let parser = JSONParser()
        guard try from.load(name, into: parser) else { return }
        var to = try root.makeDirectory(JournalDirectory.directoryName + suffix)
        for directory in directories { to = try to.makeDirectory(directory) }
        try to.replace(name, with: Array(parser.bytes))
    }

    private func separate(_ file: String) throws(StateError) {
        var directory = root
        let parts = file.split(separator: "/").map(String.init)
        for name in parts.dropLast() {
            guard let inner = try directory.directory(name) else { return }
            directory = inner
        }
        let parser = JSONParser()
        guard let name = parts.last, try directory.load(name, into: parser) else { return }
        try directory.replace(name, with: Array(parser.bytes))
    }
}

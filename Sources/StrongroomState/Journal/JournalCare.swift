internal import CloudHSM
internal import StrongroomModel

/// What a run does to the journal before it writes the first record.
struct JournalCare {
    private let journal: HeldDirectory
    private let lastRunWasCutShort: Bool

    /// What a person should know.
    private(set) var findings: [StateFinding] = []

    /// How far the files that can be read reach now.
    private(set) var links: [JournalPart: JournalRecord.Link]

    /// How far the files reached when a run last ended well; `nil` if that cannot be read.
    let heads: JournalHeads?

    /// The latest taking of the lock that an intent was written under; 0 if none says.
    let newestEpoch: Int

    /// Sees to the whole journal; only under the lock.
    ///
    /// - Parameters:
    ///   - journal: The journal's directory.
    ///   - lastRunWasCutShort: Whether the last run was killed, perhaps in the middle of a record.
    /// - Throws: When a file could not be made durable. Damage is no error here.
    init(of journal: HeldDirectory, lastRunWasCutShort: Bool) throws(StateError) {
        self.journal = journal
        self.lastRunWasCutShort = lastRunWasCutShort
        for directory in try JournalListing(of: journal).directories {
            try directory.removeTemporaries(among: try directory.names())
            if lastRunWasCutShort { try directory.sync() }
        }
        let scan = try JournalScan(of: journal) { lastRunWasCutShort }
        for stray in scan.strays { findings.append(.stray(path: stray)) }
        heads = scan.heads
        newestEpoch = scan.newestEpoch
        links = scan.chains.mapValues(\.head).filter { $0.value != .none }
        let chains = scan.chains.values.sorted { $0.part.path < $1.part.path }
        for chain in chains { try mend(chain) }
        guard let newest = scan.newest else { return }
        let compaction = JournalCompaction(newest: newest)
        for chain in chains { try compact(chain, by: compaction) }
    }

    /// Makes a file end with a whole record that is stored.
    private mutating func mend(_ chain: JournalChain) throws(StateError) {
        let file = journal.path(of: chain.part.path)
        if case .torn(let bytes) = chain.ending {
            findings.append(.tornRecord(file: file, line: chain.records.count + 1, bytes: bytes))
        }
        // What a killed run wrote can be seen, but was perhaps never stored; a second sync of the
        // same pages may say so wrongly.
        let isBeyond = lastRunWasCutShort && chain.head != heads?.links[chain.part] ?? .none
        guard chain.ending != .whole || isBeyond else { return }
        let bytes = try JournalChain.bytes(of: chain.part, in: journal) ?? []
        let lineBreak = chain.ending == .unbroken ? [JournalLine.end] : []
        try replace(chain.part, with: bytes.prefix(chain.wholeCount) + lineBreak)
    }

    private mutating func compact(
        _ chain: JournalChain,
        by compaction: JournalCompaction
    ) throws(StateError) {
        let compacted: (bytes: [UInt8], head: JournalRecord.Link)?
        do {
            compacted = try compaction.bytes(of: chain, knownAs: heads?.links[chain.part])
        } catch {
            let file = journal.path(of: chain.part.path)
            throw .unwritable(file: file, reason: "\(error)")
        }
        guard let compacted else { return }
        try replace(chain.part, with: compacted.bytes)
        links[chain.part] = compacted.head
    }

    private func replace(
        _ part: JournalPart,
        with bytes: some Sequence<UInt8>
    ) throws(StateError) {
        try journal.makeDirectory(of: part).replace(part.fileName, with: Array(bytes))
    }
}

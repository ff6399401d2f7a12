internal import CloudHSM
internal import StrongroomModel

/// Leaves out of the journal what ended so long ago that nothing asks for it any more.
struct JournalCompaction {
    /// How long an ended intent is kept, counted back from the newest record.
    static let keepsEndedFor = Duration.days(30)

    private let newest: Timestamp
    private var horizon: Timestamp { newest - Self.keepsEndedFor }

    /// - Parameter newest: The newest moment any record of the journal speaks of.
    init(newest: Timestamp) { self.newest = newest }

    /// The file without what is over.
    ///
    /// The first record says how the chain went on, and names the place that the heads know: a
    /// crash before they are written again does not look like damage.
    ///
    /// - Parameters:
    ///   - chain: The file.
    ///   - known: The place of it that the heads know.
    /// - Returns: Its new bytes and last place; `nil` if everything in it is still asked for.
    /// - Throws: When a record could not be written as it was read.
    func bytes(
        of chain: JournalChain,
        knownAs known: JournalRecord.Link?
    ) throws -> (bytes: [UInt8], head: JournalRecord.Link)? {
        let points = RecoveryPointRecords(chain.entries)
        let over = Set(
            chain.entries.filter { entry in
                entry.outcome != nil && entry.newest < horizon && !points.isStanding(entry)
            }.map(\.intent.id)
        )
        let kept = chain.records.map(\.content).filter { isKept($0, leavingOut: over) }
        let left = chain.records.count - kept.count - (chain.start == nil ? 0 : 1)
        guard left > 0 else { return nil }
        let start = ChainStart(
            cause: .compaction,
            at: newest,
            head: known,
            lostAt: chain.start?.lostAt.flatMap { $0 < horizon ? nil : $0 }
        )
        return try Self.bytes(of: [.begin(start)] + kept, after: chain.head)
    }

    /// The lines of records that follow a place, and the last place.
    static func bytes(
        of contents: [JournalRecord.Content],
        after place: JournalRecord.Link
    ) throws -> (bytes: [UInt8], head: JournalRecord.Link) {
        var place = place
        var bytes: [UInt8] = []
        for content in contents {
            let (line, link) = try JournalLine.bytes(content, after: place)
            bytes += line
            place = link
        }
        return (bytes, place)
    }

    private func isKept(_ content: JournalRecord.Content, leavingOut over: Set<String>) -> Bool {
        switch content {
        case .intent(let intent): !over.contains(intent.id)
        case .outcome(_, let intent): !over.contains(intent)
        case .use(let use): use.at >= horizon
        case .begin: false
        }
    }
}

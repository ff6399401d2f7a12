internal import CloudHSM
internal import StrongroomModel

/// What one file of the journal says, checked from its first byte to its last.
struct JournalChain {
    /// How the file ends.
    enum Ending: Hashable {
        /// With a record and its line break.
        case whole
        /// With a whole record, whose line break was not written any more.
        case unbroken
        /// With the beginning of a record, of so many bytes: it was never acknowledged.
        case torn(bytes: Int)
    }

    let part: JournalPart

    /// The records, in the order written.
    private(set) var records: [JournalRecord] = []

    /// Intents and how they ended, in the order begun.
    private(set) var entries: [JournalEntry] = []

    private(set) var ending = Ending.whole

    /// How many bytes the whole records take, the line break of the last included if it is there.
    private(set) var wholeCount = 0

    private var positions: [String: Int] = [:]

    /// Reads a file's bytes.
    init(_ bytes: [UInt8], of part: JournalPart) throws(LocatedDamage) {
        self.part = part
        try read(bytes)
    }

    /// Reads what stands before the damage.
    init(salvaging bytes: [UInt8], of part: JournalPart) {
        self.part = part
        // What could be read by then is what is wanted.
        try? read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) throws(LocatedDamage) {
        let reader = JournalLine()
        let parser = JSONParser()
        while wholeCount < bytes.count {
            let rest = bytes[wholeCount...]
            guard let end = rest.firstIndex(of: JournalLine.end) else {
                try takeEnd(Array(rest), with: reader, parser)
                return
            }
            try take(Array(rest[..<end]), with: reader, parser)
            wholeCount = end + 1
        }
    }

    /// The place of the last record.
    var head: JournalRecord.Link { records.last?.link ?? .none }

    /// How the chain begins, if not with the first record of all.
    var start: ChainStart? {
        guard case .begin(let start) = records.first?.content else { return nil }
        return start
    }

    /// What people agreed to and was used, in order.
    var uses: [ApprovalUse] {
        records.compactMap { record in
            guard case .use(let use) = record.content else { return nil }
            return use
        }
    }

    /// What is wrong with the file, given how far it reached when a run last ended well.
    func damage(since known: JournalRecord.Link) -> JournalDamage? {
        guard let first = records.first else { return .endsEarly(lastKnown: known.sequence) }
        if first.previous == known || start?.head == known { return nil }
        if known.sequence > head.sequence { return .endsEarly(lastKnown: known.sequence) }
        let index = known.sequence - first.link.sequence
        guard index >= 0, records[index].link == known else {
            return .otherThanBefore(sequence: known.sequence)
        }
        return nil
    }
}

extension JournalChain {
    private mutating func take(
        _ line: [UInt8],
        with reader: JournalLine,
        _ parser: JSONParser
    ) throws(LocatedDamage) {
        do throws(JournalDamage) {
            let record = try reader.read(line, after: records.last?.link, with: parser)
            try take(record)
            records.append(record)
        } catch {
            throw LocatedDamage(line: records.count + 1, damage: error)
        }
    }

    private mutating func take(_ record: JournalRecord) throws(JournalDamage) {
        switch record.content {
        case .intent(let intent):
            guard JournalPart(of: intent.group) == part else { throw .otherGroup }
            guard positions.updateValue(entries.count, forKey: intent.id) == nil else {
                throw .repeated(intent: intent.id)
            }
            entries.append(JournalEntry(intent: intent, outcome: nil))
        case .outcome(let outcome, let intent):
            guard let position = positions[intent] else { throw .outcomeWithoutIntent(intent) }
            let entry = entries[position]
            guard entry.outcome == nil else { throw .repeated(intent: intent) }
            entries[position] = JournalEntry(intent: entry.intent, outcome: outcome)
        case .use:
            guard part == .fleet else { throw .otherGroup }
        case .begin:
            guard records.isEmpty else { throw .unreadable("a chain begins within another") }
        }
    }

    /// Takes what stands behind the last line break.
    private mutating func takeEnd(
        _ rest: [UInt8],
        with reader: JournalLine,
        _ parser: JSONParser
    ) throws(LocatedDamage) {
        // A file grows before its bytes arrive, so what did not arrive reads as zeros.
        let arrived = rest.lastIndex { $0 != 0 }.map { Array(rest[...$0]) } ?? []
        if JournalLine.digest(of: arrived) != nil {
            try take(arrived, with: reader, parser)
            wholeCount += arrived.count
            ending = .unbroken
        } else if JournalLine.isBeginning(arrived, after: records.last?.link) {
            ending = .torn(bytes: rest.count)
        } else {
            throw LocatedDamage(line: records.count + 1, damage: .digestDiffers)
        }
    }
}

internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads what people agreed to and was used, strictly.
struct ApprovalUseReader {
    private enum Key: Int, RecordKey {
        case approver, at, digest, kind, subject
        static let names: [StaticString] = ["approver", "at", "digest", "kind", "subject"]
    }

    private let record = JSONRecord<Key>()

    func read(_ slot: csj_slot) throws(JSONFault) -> ApprovalUse {
        try record.readClosed(slot)
        let text = try record.require(.kind, try record.string(.kind))
        guard let kind = ApprovalUse.Kind(rawValue: text) else {
            throw record.unexpected(.kind, expected: "a known kind")
        }
        return ApprovalUse(
            kind,
            of: try record.require(.digest, try record.string(.digest)),
            about: try record.require(.subject, try record.string(.subject)),
            by: try record.string(.approver),
            at: try record.require(.at, try record.timestamp(.at))
        )
    }
}

/// Reads how a chain begins, strictly.
struct ChainStartReader {
    private enum Key: Int, RecordKey {
        case at, cause, head, lostAt
        static let names: [StaticString] = ["at", "cause", "head", "lostAt"]
    }

    private let record = JSONRecord<Key>()
    private let links = LinkReader()

    func read(_ slot: csj_slot) throws(JSONFault) -> ChainStart {
        try record.readClosed(slot)
        return ChainStart(
            cause: try record.require(.cause, try record.word(.cause)),
            at: try record.require(.at, try record.timestamp(.at)),
            head: try links.read(record[.head], at: "head"),
            lostAt: try record.timestamp(.lostAt)
        )
    }
}

/// Reads a place in a chain, strictly.
struct LinkReader {
    private enum Key: Int, RecordKey {
        case digest, sequence
        static let names: [StaticString] = ["digest", "sequence"]
    }

    private let record = JSONRecord<Key>()

    func read(_ slot: csj_slot, at key: String) throws(JSONFault) -> JournalRecord.Link? {
        guard slot.type != .absent else { return nil }
        do throws(JSONFault) {
            try record.readClosed(slot)
            let digest = try record.require(.digest, try record.string(.digest))
            guard let digest = JournalDigest(digest) else {
                throw record.unexpected(.digest, expected: "64 lower-case hexadecimal digits")
            }
            let sequence = try record.require(.sequence, try record.integer(.sequence))
            guard sequence >= 1 else { throw record.unexpected(.sequence, expected: "1 or more") }
            return JournalRecord.Link(sequence: Int(sequence), digest: digest)
        } catch {
            throw error.under(key)
        }
    }
}

internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// How far each file of the journal reached when a run last ended well: what a file that was cut
/// or removed is noticed by.
struct JournalHeads: Hashable {
    static let fileName = "heads.json"

    /// The format of the journal's files.
    static let format: Int64 = 2

    var links: [JournalPart: JournalRecord.Link] = [:]

    private enum Key: Int, RecordKey {
        case format, heads
        static let names: [StaticString] = ["format", "heads"]
    }

    private enum HeadKey: Int, RecordKey {
        case digest, file, sequence
        static let names: [StaticString] = ["digest", "file", "sequence"]
    }

    private struct HeadText: Encodable {
        let digest: String
        let file: String
        let sequence: Int
    }

    /// Reads the file; every journal has one.
    static func read(from journal: HeldDirectory) throws(StateError) -> JournalHeads {
        let parser = JSONParser()
        let file = journal.path(of: fileName)
        guard try journal.load(fileName, into: parser) else { throw .missing(file: file) }
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.readClosed(root)
            guard try record.integer(.format) == format else {
                throw record.unexpected(.format, expected: "\(format)")
            }
            guard record[.heads].type != .absent else { throw JSONFault("heads", .missing) }
            var heads = JournalHeads()
            let entry = JSONRecord<HeadKey>()
            try JSONTree.forEach(of: record[.heads], at: "heads") { (slot, _) throws(JSONFault) in
                try entry.readClosed(slot)
                try heads.take(entry)
            }
            return heads
        } catch {
            throw error.inFile(file)
        }
    }

    /// Replaces the file, unless it says this already.
    func write(to journal: HeldDirectory) throws(StateError) {
        let file = journal.path(of: Self.fileName)
        let bytes: [UInt8]
        do {
            let lines = try links.map { part, link in
                HeadText(digest: link.digest.text, file: part.path, sequence: link.sequence)
            }.sorted { $0.file < $1.file }.map { try JSONText.line($0) }
            let fields = [
                (key: "format", text: "\(Self.format)"),
                (key: "heads", text: JSONText.array(lines)),
            ]
            bytes = Array(JSONText.object(fields).utf8)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try journal.update(Self.fileName, to: bytes, comparingWith: JSONParser())
    }

    private mutating func take(_ entry: JSONRecord<HeadKey>) throws(JSONFault) {
        let file = try entry.require(.file, try entry.string(.file))
        guard let part = JournalPart(path: file) else {
            throw entry.unexpected(.file, expected: "a file of the journal")
        }
        let digest = try entry.require(.digest, try entry.string(.digest))
        let sequence = try entry.require(.sequence, try entry.integer(.sequence))
        guard let digest = JournalDigest(digest) else {
            throw entry.unexpected(.digest, expected: "a digest")
        }
        guard sequence >= 1 else { throw entry.unexpected(.sequence, expected: "1 or more") }
        let link = JournalRecord.Link(sequence: Int(sequence), digest: digest)
        guard links.updateValue(link, forKey: part) == nil else {
            throw JSONFault("file", .repeated(name: file))
        }
    }
}

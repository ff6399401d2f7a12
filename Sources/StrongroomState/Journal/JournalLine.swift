internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Writes and reads one record as one line of JSON.
///
/// The line is `{"digest":D,"previous":P,"sequence":N,` and one of four kinds of content; D is the
/// SHA-256 of the line's bytes without the digest's field, so any change of any byte shows.
struct JournalLine {
    private static let opening = Array(#"{"digest":""#.utf8)
    private static let afterDigest = Array(#"","#.utf8)
    static let end = UInt8(ascii: "\n")

    private let intents = IntentReader()
    private let outcomes = OutcomeReader()
    private let uses = ApprovalUseReader()
    private let starts = ChainStartReader()
    private let record = JSONRecord<Key>()

    private enum Key: Int, RecordKey {
        case begin, digest, intent, outcome, previous, sequence, use
        static let names: [StaticString] = [
            "begin", "digest", "intent", "outcome", "previous", "sequence", "use",
        ]
    }

    /// The line of a record that follows another, its line break included, and its place.
    static func bytes(
        _ content: JournalRecord.Content,
        after previous: JournalRecord.Link
    ) throws -> (line: [UInt8], link: JournalRecord.Link) {
        let sequence = previous.sequence + 1
        let rest =
            #""previous":"\#(previous.digest.text)","sequence":\#(sequence),\#(try content.text)}"#
        let digest = JournalDigest(of: Array("{\(rest)".utf8))
        let line = #"{"digest":"\#(digest.text)",\#(rest)"# + "\n"
        return (Array(line.utf8), JournalRecord.Link(sequence: sequence, digest: digest))
    }

    /// Reads a line without its line break.
    ///
    /// - Parameters:
    ///   - line: The bytes.
    ///   - previous: The record before; `nil` at the head of a file, where a chain may begin anew.
    ///   - parser: Memory to parse in.
    /// - Returns: The record.
    /// - Throws: What is wrong with it.
    func read(
        _ line: [UInt8],
        after previous: JournalRecord.Link?,
        with parser: JSONParser
    ) throws(JournalDamage) -> JournalRecord {
        guard let digest = Self.digest(of: line) else { throw .digestDiffers }
        do {
            parser.load(line)
            let record = try read(try parser.parse(file: ""), digest: digest)
            try check(record, after: previous)
            return record
        } catch let damage as JournalDamage {
            throw damage
        } catch let fault as JSONFault {
            throw .unreadable(fault.inFile("").problemText)
        } catch let error as StateError {
            throw .unreadable(error.problemText)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// Whether the bytes are a whole line, its digest right.
    static func digest(of line: [UInt8]) -> JournalDigest? {
        let start = opening.count
        guard
            line.count > start + 64 + afterDigest.count, line.starts(with: opening),
            let written = JournalDigest(
                String(decoding: line[start..<start + 64], as: UTF8.self)
            ),
            line[(start + 64)...].starts(with: afterDigest)
        else { return nil }
        let rest = line[(start + 64 + afterDigest.count)...]
        guard JournalDigest(of: [UInt8(ascii: "{")] + rest) == written else { return nil }
        return written
    }

    private func check(
        _ read: JournalRecord,
        after previous: JournalRecord.Link?
    ) throws(JournalDamage) {
        if let previous {
            guard read.previous == previous else {
                throw .outOfChain(found: read.link.sequence, expected: previous.sequence + 1)
            }
        } else if read.previous != .none {
            guard case .begin = read.content else {
                throw .outOfChain(found: read.link.sequence, expected: 1)
            }
        }
    }

    private func read(
        _ slot: csj_slot,
        digest: JournalDigest
    ) throws(JSONFault) -> JournalRecord {
        try record.readClosed(slot)
        let sequence = try record.require(.sequence, try record.integer(.sequence))
        guard sequence >= 1 else { throw record.unexpected(.sequence, expected: "1 or more") }
        let previous = try record.require(.previous, try record.string(.previous))
        guard let previous = JournalDigest(previous) else {
            throw record.unexpected(.previous, expected: "a digest")
        }
        return JournalRecord(
            link: JournalRecord.Link(sequence: Int(sequence), digest: digest),
            previous: JournalRecord.Link(sequence: Int(sequence) - 1, digest: previous),
            content: try content()
        )
    }

    private func content() throws(JSONFault) -> JournalRecord.Content {
        let kinds: [Key] = [.begin, .intent, .outcome, .use]
        let found = kinds.filter { record[$0].type != .absent }
        guard let key = found.first, found.count == 1 else {
            throw JSONFault(found.dropFirst().first.map(record.name) ?? "intent", .missing)
        }
        do throws(JSONFault) {
            switch key {
            case .begin: return .begin(try starts.read(record[.begin]))
            case .intent: return .intent(try intents.read(record[.intent]))
            case .outcome:
                let (outcome, intent) = try outcomes.readWithIntent(record[.outcome])
                return .outcome(outcome, of: intent)
            case .use: return .use(try uses.read(record[.use]))
            case .digest, .previous, .sequence: throw JSONFault("", .missing)
            }
        } catch {
            throw error.under(record.name(key))
        }
    }
}

extension JournalRecord.Content {
    private struct OutcomeText: Encodable {
        let at: Timestamp
        let intent: String
        let made: String?
        let message: String?
        let result: Outcome.Result
    }

    private struct LinkText: Encodable {
        let digest: String
        let sequence: Int
    }

    private struct StartText: Encodable {
        let at: Timestamp
        let cause: String
        let head: LinkText?
        let lostAt: Timestamp?
    }

    /// The field of its kind, as a line holds it.
    fileprivate var text: String {
        get throws {
            switch self {
            case .intent(let intent): return try #""intent":"# + JSONText.line(intent)
            case .use(let use): return try #""use":"# + JSONText.line(use)
            case .outcome(let outcome, let intent):
                let text = OutcomeText(
                    at: outcome.at,
                    intent: intent,
                    made: outcome.made,
                    message: outcome.message,
                    result: outcome.result
                )
                return try #""outcome":"# + JSONText.line(text)
            case .begin(let start):
                let text = StartText(
                    at: start.at,
                    cause: start.cause.rawValue,
                    head: start.head.map {
                        LinkText(digest: $0.digest.text, sequence: $0.sequence)
                    },
                    lostAt: start.lostAt
                )
                return try #""begin":"# + JSONText.line(text)
            }
        }
    }
}

internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads and writes the two kinds of journal file.
enum JournalFile {
    private struct IntentText: Encodable {
        let format = FileFormat.newest
        let intent: Intent
    }

    private struct OutcomeText: Encodable {
        let format = FileFormat.newest
        let intent: String
        let outcome: Outcome
    }

    /// Writes an intent durably.
    static func write(
        _ intent: Intent,
        sequence: Int,
        to directory: HeldDirectory
    ) throws(StateError) {
        let name = JournalFileName(sequence: sequence, intent: intent.id, isOutcome: false)
        try write(IntentText(intent: intent), named: name, to: directory) {
            (parser, file) throws(StateError) in
            _ = try readIntent(parser, id: intent.id, file: file)
        }
    }

    /// Writes an outcome durably.
    static func write(
        _ outcome: Outcome,
        of intent: String,
        sequence: Int,
        to directory: HeldDirectory
    ) throws(StateError) {
        let name = JournalFileName(sequence: sequence, intent: intent, isOutcome: true)
        try write(OutcomeText(intent: intent, outcome: outcome), named: name, to: directory) {
            (parser, file) throws(StateError) in
            _ = try readOutcome(parser, of: intent, file: file)
        }
    }

    private static func write(
        _ value: some Encodable,
        named name: JournalFileName,
        to directory: HeldDirectory,
        reading: (JSONParser, String) throws(StateError) -> Void
    ) throws(StateError) {
        let file = directory.path(of: name.description)
        let bytes: [UInt8]
        do {
            bytes = Array((try JSONText.pretty(value) + "\n").utf8)
            let parser = JSONParser()
            parser.load(bytes)
            try reading(parser, file)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try directory.replace(name.description, with: bytes)
    }
}

extension JournalFile {
    private enum TopKey: Int, RecordKey {
        case format, intent, outcome
        static let names: [StaticString] = ["format", "intent", "outcome"]
    }

    /// Reads an intent's file, loaded into a parser.
    static func readIntent(
        _ parser: JSONParser,
        id: String,
        file: String
    ) throws(StateError) -> Intent {
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = try top(root, without: .outcome)
            do throws(JSONFault) {
                let intent = try IntentReader().read(record[.intent])
                guard intent.id == id else {
                    throw JSONFault("id", .unexpected(found: "\"\(intent.id)\"", expected: id))
                }
                return intent
            } catch {
                throw error.under("intent")
            }
        } catch {
            throw error.inFile(file)
        }
    }

    /// Reads an outcome's file, loaded into a parser.
    static func readOutcome(
        _ parser: JSONParser,
        of id: String,
        file: String
    ) throws(StateError) -> Outcome {
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = try top(root, without: nil)
            guard try record.string(.intent) == id else {
                throw record.unexpected(.intent, expected: "\"\(id)\"")
            }
            do throws(JSONFault) {
                return try OutcomeReader().read(record[.outcome])
            } catch {
                throw error.under("outcome")
            }
        } catch {
            throw error.inFile(file)
        }
    }

    private static func top(
        _ root: csj_slot,
        without unwanted: TopKey?
    ) throws(JSONFault) -> JSONRecord<TopKey> {
        let record = JSONRecord<TopKey>()
        try record.read(root)
        try FileFormat.check(try record.integer(.format), at: "format")
        try record.readClosed(root)
        for key in TopKey.allCases {
            let isThere = record[key].type != .absent
            guard isThere != (key == unwanted) else {
                throw JSONFault(record.name(key), isThere ? .unknownKey : .missing)
            }
        }
        return record
    }
}

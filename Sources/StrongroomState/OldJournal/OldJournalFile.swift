internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads the two kinds of file of a journal of format 1.
enum OldJournalFile {
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

internal import StrongroomModel

/// The name of a file in a journal of format 1: `<sequence>-<intent id>.json`, or `….done.json` for an outcome.
struct OldJournalName: Hashable, CustomStringConvertible {
    /// The intent's number, from 1, in the order begun.
    let sequence: Int

    /// The intent's id.
    let intent: String

    /// Whether the file holds the outcome.
    let isOutcome: Bool

    init(sequence: Int, intent: String, isOutcome: Bool) {
        self.sequence = sequence
        self.intent = intent
        self.isOutcome = isOutcome
    }

    /// Reads a name found in the journal.
    init(_ name: String, in directory: HeldDirectory) throws(StateError) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let ending = parts.dropFirst().joined(separator: ".")
        let halves = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard
            ending == "json" || ending == "done.json", halves.count == 2,
            let sequence = Int(halves[0]), sequence > 0, Intent.isID(halves[1])
        else {
            let problem = StateError.ContentProblem.unexpected(
                found: "no journal file by its name",
                expected: "<number>-<intent id>.json or <number>-<intent id>.done.json"
            )
            throw .content(file: directory.path(of: name), key: "", problem)
        }
        self.init(
            sequence: sequence,
            intent: String(halves[1]),
            isOutcome: ending == "done.json"
        )
    }

    /// The name, its number wide enough for names to sort as numbers do.
    var description: String {
        let number = String(sequence)
        let zeros = String(repeating: "0", count: max(0, 8 - number.count))
        return "\(zeros)\(number)-\(intent)\(isOutcome ? ".done" : "").json"
    }
}

import Foundation

/// What the journal of a state directory says; the only place that knows how it is laid out.
struct JournalLook: Sendable {
    /// What was begun.
    struct Intent: Sendable, Decodable {
        let id: String
        let operation: String
        let name: String?
        let target: String
        let destination: String?
        let place: Place

        struct Place: Sendable, Decodable {
            let region: String
        }

        /// Whether it sets something to a value, so that twice is as good as once.
        var setsValue: Bool {
            operation.hasSuffix("TagResource") || operation.hasPrefix("Modify")
        }

        /// What it was for, in words that are the same in every run: a new thing's id is not.
        var need: String {
            let target = target.hasPrefix("backup-") ? "a backup" : target
            return "\(operation) \(name ?? "-") \(place.region) \(target) \(destination ?? "")"
        }
    }

    private(set) var intents: [Intent] = []
    private(set) var results: [String: String] = [:]

    /// What is wrong with it, file by file.
    private(set) var faults: [String] = []

    /// The intents without an outcome.
    var open: [Intent] { intents.filter { results[$0.id] == nil } }

    /// How often each need was met: accepted, or found done.
    var met: [String: Int] {
        var met: [String: Int] = [:]
        for intent in intents where isMet(intent) { met[intent.need, default: 0] += 1 }
        return met
    }

    private func isMet(_ intent: Intent) -> Bool {
        switch results[intent.id] {
        case "accepted": true
        // A call that sets a value is over when it is found open: done or not, it may be repeated.
        case "foundDone": !intent.setsValue
        default: false
        }
    }

    /// Looks at the journal of a state directory.
    ///
    /// - Parameters:
    ///   - contents: Every file of the state directory.
    ///   - mayBeTorn: Whether a last line may be cut short, as after a crash.
    init(in contents: [String: Data], mayBeTorn: Bool) {
        for (path, data) in contents.sorted(by: { $0.key < $1.key })
        where path.hasPrefix("journal/") && path.hasSuffix(".jsonl")
            && !StateLook.isTemporary(path)
        {
            read(data, of: path, mayBeTorn: mayBeTorn)
        }
    }

    /// A record: an intent, or the outcome of one, or neither.
    private struct Record: Decodable {
        struct Outcome: Decodable {
            let intent: String
            let result: String
        }

        let intent: Intent?
        let outcome: Outcome?
    }

    private mutating func read(_ data: Data, of path: String, mayBeTorn: Bool) {
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.isEmpty {
            // Behind the last line break there is nothing, but after a crash.
            let isTorn = number == lines.count - 1
            if isTorn, !mayBeTorn { faults.append("\(path): its last line has no end") }
            do {
                let record = try JSONDecoder().decode(Record.self, from: Data(line))
                if let intent = record.intent { intents.append(intent) }
                if let outcome = record.outcome { results[outcome.intent] = outcome.result }
            } catch {
                guard !isTorn else { continue }
                faults.append("\(path), line \(number + 1) cannot be read: \(error)")
            }
        }
    }
}

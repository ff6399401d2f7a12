import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// A state of format 1: read as it is, and brought to the present format by the first run that
/// writes, with the old journal kept.
@Suite struct OldJournalTests {
    let state: TemporaryState
    private let now = TemporaryState.now

    init() throws {
        state = try TemporaryState()
        try state.putOldFormat()
    }

    private func expectMigrated(_ numbers: [Int], _ attempt: String) throws {
        #expect(try state.text(of: "FORMAT").contains("\"Format\" : 2"), "\(attempt)")
        let reading = try state.journal()
        #expect(reading.entries.map(\.intent.step.number) == numbers, "\(attempt)")
        #expect(reading.entries.map { $0.outcome == nil } == [false, true, false], "\(attempt)")
        #expect(reading.gaps.isEmpty, "\(attempt)")
    }

    private func putThreeEntries() throws {
        try state.putOld(7, sequence: 1, endingAs: .refused)
        try state.putOld(3, sequence: 2)
        try state.putOld(12, sequence: 3, endingAs: .accepted)
    }

    @Test func anOldStateIsReadAsItIs() throws {
        try putThreeEntries()
        let before = try state.everything()
        let reading = try state.journal()
        #expect(reading.entries.map(\.intent.step.number) == [7, 3, 12])
        #expect(reading.entries.map(\.outcome?.result) == [.refused, nil, .accepted])
        #expect(reading.entries.first?.intent.losing.count == 1)
        #expect(try state.everything() == before)
    }

    @Test func theFirstRunThatWritesBringsItToThePresentFormatAndKeepsTheOld() async throws {
        try putThreeEntries()
        let before = try state.everything().filter { $0.key.hasPrefix("journal/") }
        let lineage = try state.reading().lineage
        do {
            let directory = try state.writing()
            let kept = state.path(of: "journal.format-1")
            #expect(directory.findings == [.migrated(from: 1, oldJournal: kept)])
            #expect(directory.lineage == lineage)
            try await directory.journal.end(SampleJournal.intent(3), SampleJournal.outcome())
            try directory.finish(at: TemporaryState.now)
        }
        for (name, data) in before {
            let kept = "journal.format-1/" + name.dropFirst("journal/".count)
            #expect(try state.everything()[kept] == data)
        }
        #expect(try Set(state.journalNumbers()) == [7, 3, 12])
        #expect(try state.journal().gaps.isEmpty)
        #expect(try state.lines(of: SampleJournal.groupFile)[0].contains("migration"))
        #expect(try state.writing().findings.isEmpty)
        #expect(try state.reading().lineage == lineage)
    }

    @Test func aMigrationThatWasCutShortIsFinished() throws {
        try putThreeEntries()
        let old = try state.everything()
        do { _ = try state.writing() }
        let new = try state.everything().filter { name, data in
            name.hasPrefix("journal/") && !data.isEmpty
        }
        let format = try #require(old["FORMAT"])
        // While it is built: some of its files are there, the heads, which come last, not.
        for count in 0..<new.count {
            try state.remove("journal")
            try? state.remove("journal.format-1")
            for (name, data) in old where name.hasPrefix("journal/") {
                try state.put(data, at: name)
            }
            let built = new.filter { !$0.key.hasSuffix("heads.json") }.sorted { $0.key < $1.key }
            for (name, data) in built.prefix(count) {
                try state.put(data, at: ".journal.format-2/" + name.dropFirst("journal/".count))
            }
            try state.put(format, at: "FORMAT")
            #expect(try state.journalNumbers() == [7, 3, 12])
            do { _ = try state.writing() }
            try expectMigrated([7, 3, 12], "built \(count)")
        }
        // Between the two renames.
        let files = FileManager.default
        try files.moveItem(
            atPath: state.path(of: "journal"),
            toPath: state.path(of: ".journal.format-2")
        )
        try state.put(format, at: "FORMAT")
        #expect(try state.journalNumbers() == [7, 3, 12])
        do { _ = try state.writing() }
        try expectMigrated([7, 3, 12], "between the renames")
        // Before FORMAT says so.
        try state.put(format, at: "FORMAT")
        #expect(try state.journalNumbers() == [7, 3, 12])
        do { _ = try state.writing() }
        try expectMigrated([7, 3, 12], "before FORMAT")
    }

    @Test func anOldJournalThatIsBrokenIsNotMigrated() throws {
        try putThreeEntries()
        let name = OldSample.name(of: 3, sequence: 2)
        try state.put("{", at: name)
        let before = try state.everything().filter { $0.key.hasPrefix("journal/") }
        let error = #expect(throws: StateError.self) { try state.writing() }
        #expect(error?.description.contains(state.path(of: name)) == true)
        #expect(try state.everything().filter { $0.key.hasPrefix("journal/") } == before)
        #expect(try state.text(of: "FORMAT").contains("\"Format\" : 1"))
    }

    @Test func whatARemovalLeftThatWasCutShortIsOver() throws {
        try state.putOld(1, sequence: 1, endingAs: .accepted, at: now - .days(31))
        try state.putOld(2, sequence: 2)
        try state.remove(OldSample.name(of: 1, sequence: 1))
        #expect(try state.journalNumbers() == [2])
    }

    @Test func aLostIntentIsNoticed() throws {
        try state.putOld(1, sequence: 1, endingAs: .accepted)
        let name = OldSample.name(of: 1, sequence: 1)
        try state.remove(name)
        let error = StateError.missing(file: state.path(of: name))
        #expect(throws: error) { try state.journal() }
        #expect(throws: error) { try state.writing() }
    }

    @Test(arguments: [
        (#""format":1"#, #""format":2"#, "format 2"), (#""format":1,"#, "", "format is missing"),
        (#""format":1"#, #""format":1, "format":1"#, "format stands twice"),
        (#""format":1"#, #""format":1, "note":1"#, "note is not a known key"),
        (#""format":1"#, #""format":1, "outcome":{}"#, "outcome is not a known key"),
        (#""step":1"#, #""step":"1""#, "intent.step is \"1\", but must be a whole number"),
        (#""step":1"#, #""step":0"#, "intent.step is 0"),
        (#""rule""#, #""rules""#, "intent.rules is not a known key"),
        (#""target":"backup-ro5c4er4aac","#, "", "intent.target is missing"),
        (#""us-east-1""#, #""moon""#, "intent.group.home.region is \"moon\""),
        (#""cluster-2ndsmpk7w5q""#, "7", "intent.group.cluster is 7"),
        (#"["backup-ro5c4er4aac""#, #"["hsm-aaaaaaaaaaa""#, "intent.losing[0] is"),
        (#"00001""#, #"00002""#, "intent.id is"), ("}}", "}", "broken JSON"),
    ])
    func aBrokenIntentIsNamedAndNeverPassedOver(
        snippet: String,
        replacement: String,
        message: String
    ) throws {
        try state.putOld(1, sequence: 1)
        let name = OldSample.name(of: 1, sequence: 1)
        let text = try state.text(of: name)
        let options: String.CompareOptions = message.contains("JSON") ? .backwards : []
        let range = try #require(text.range(of: snippet, options: options))
        try state.put(text.replacingCharacters(in: range, with: replacement), at: name)
        for attempt in [{ _ = try state.journal() }, { _ = try state.writing() }] {
            let error = #expect(throws: StateError.self) { try attempt() }
            let prose = error?.description ?? ""
            #expect(prose.contains(state.path(of: name)) && prose.contains(message), "\(prose)")
        }
    }

    @Test(arguments: [
        (#""accepted""#, #""maybe""#, "outcome.result is \"maybe\""),
        (#"00001""#, #"00002""#, "intent is"),
        (#""result":"accepted""#, #""made":"x""#, "outcome"),
        (#""result":"accepted""#, #""result":"accepted","intent":"x""#, "outcome.intent"),
    ])
    func aBrokenOutcomeIsNamed(snippet: String, replacement: String, message: String) throws {
        try state.putOld(1, sequence: 1, endingAs: .accepted)
        let name = OldSample.name(of: 1, sequence: 1, isOutcome: true)
        try state.put(try state.text(of: name).replacing(snippet, with: replacement), at: name)
        let error = #expect(throws: StateError.self) { try state.journal() }
        let prose = error?.description ?? ""
        #expect(prose.contains(state.path(of: name)) && prose.contains(message), "\(prose)")
    }

    @Test(arguments: ["notes.txt", "1-2.json", "00000001-0.json", "a-b-c.json", "1.json"])
    func aFileThatIsNoEntryIsNotPassedOver(name: String) throws {
        try state.put("{}", at: "journal/" + name)
        let error = #expect(throws: StateError.self) { try state.journal() }
        #expect(error?.description.contains("journal/" + name) == true)
    }

    @Test func anIntentThatStandsTwiceIsNamed() throws {
        try state.putOld(1, sequence: 1)
        let twin = OldSample.name(of: 1, sequence: 2)
        try state.put(try state.text(of: OldSample.name(of: 1, sequence: 1)), at: twin)
        let error = StateError.content(
            file: state.path(of: twin),
            key: "intent.id",
            .repeated(name: SampleJournal.intent(1).id)
        )
        #expect(throws: error) { try state.journal() }
    }
}

/// The files of a journal of format 1.
enum OldSample {
    static func name(of number: Int, sequence: Int, isOutcome: Bool = false) -> String {
        let digits = String(sequence)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        let id = SampleJournal.intent(number).id
        return "journal/\(padded)-\(id)\(isOutcome ? ".done" : "").json"
    }
}

extension TemporaryState {
    private struct IntentText: Encodable {
        let format = 1
        let intent: Intent
    }

    private struct OutcomeText: Encodable {
        let format = 1
        let intent: String
        let outcome: Outcome
    }

    /// Makes it a state as an older Strongroom creates it.
    func putOldFormat() throws {
        try put(
            text(of: "FORMAT").replacing("\"Format\" : 2", with: "\"Format\" : 1"),
            at: "FORMAT"
        )
        try remove("journal")
        try put("", at: "journal/.keep")
    }

    /// Puts an entry into a journal of format 1.
    func putOld(
        _ number: Int,
        sequence: Int,
        endingAs result: Outcome.Result? = nil,
        at moment: Timestamp = TemporaryState.now
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let intent = SampleJournal.intent(number, at: moment)
        try put(
            encoder.encode(IntentText(intent: intent)),
            at: OldSample.name(of: number, sequence: sequence)
        )
        guard let result else { return }
        let outcome = SampleJournal.outcome(result, at: moment)
        try put(
            encoder.encode(OutcomeText(intent: intent.id, outcome: outcome)),
            at: OldSample.name(of: number, sequence: sequence, isOutcome: true)
        )
    }
}

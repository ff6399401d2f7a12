import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// Intents with ids and moments that follow from a number.
enum SampleJournal {
    static func intent(_ number: Int, at moment: Timestamp = TemporaryState.now) -> Intent {
        let digits = String(number, radix: 16)
        return Intent(
            id: String(repeating: "0", count: 32 - digits.count) + digits,
            name: "payments",
            group: number.isMultiple(of: 2) ? nil : Sample.id,
            place: Sample.id.home,
            operation: "DeleteBackup",
            target: "backup-ro5c4er4aac",
            step: StepID(number),
            rule: "retention-count",
            writtenAt: moment,
            losing: [BackupID("backup-ro5c4er4aac")].compactMap { $0 }
        )
    }

    static func recording(
        _ name: String,
        _ operation: String,
        of backup: String,
        _ number: Int,
        at moment: Timestamp
    ) -> Intent {
        Intent(
            id: intent(number).id,
            name: "payments",
            group: Sample.id,
            place: Sample.id.home,
            operation: operation,
            target: backup,
            recoveryPoint: name,
            step: StepID(number),
            rule: "recovery-point",
            writtenAt: moment
        )
    }

    static func name(of number: Int, sequence: Int, isOutcome: Bool = false) -> String {
        let digits = String(sequence)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        return "journal/\(padded)-\(intent(number).id)\(isOutcome ? ".done" : "").json"
    }
}

@Suite struct JournalTests {
    let state: TemporaryState
    private let now = TemporaryState.now

    init() throws { state = try TemporaryState() }

    private func outcome(at moment: Timestamp) -> Outcome {
        Outcome(.accepted, made: "hsm-aaaaaaaaaaa", message: nil, at: moment)
    }

    @Test func whatIsBegunAndEndedIsReadAgainInOrder() async throws {
        let intents = [7, 3, 12].map { SampleJournal.intent($0) }
        let ended = Outcome(.refused, message: "\"no\"\n", at: now + .minutes(1))
        do {
            let journal = try state.writing().journal
            for intent in intents { try await journal.begin(intent) }
            try await journal.end(intents[1], ended)
        }
        let entries = try state.reading().journal.entries()
        #expect(entries.map(\.intent) == intents)
        #expect(entries.map(\.outcome) == [nil, ended, nil])
        #expect(
            try state.everything().keys.filter { $0.hasPrefix("journal/0") }.sorted() == [
                SampleJournal.name(of: 7, sequence: 1),
                SampleJournal.name(of: 3, sequence: 2, isOutcome: true),
                SampleJournal.name(of: 3, sequence: 2), SampleJournal.name(of: 12, sequence: 3),
            ]
        )
    }

    @Test func numbersGoOnWhereTheLastRunEnded() async throws {
        try await state.writing().journal.begin(SampleJournal.intent(1))
        try await state.writing().journal.begin(SampleJournal.intent(2))
        #expect(try state.everything().keys.contains(SampleJournal.name(of: 2, sequence: 2)))
    }

    @Test func whatIsOpenOrOfLatelyMattersStill() async throws {
        let journal = try state.writing().journal
        let old = now - .days(3)
        for (number, moment) in [(1, old), (2, old), (3, old), (4, now)] {
            try await journal.begin(SampleJournal.intent(number, at: moment))
        }
        try await journal.end(SampleJournal.intent(1, at: old), outcome(at: old))
        try await journal.end(SampleJournal.intent(2, at: old), outcome(at: now))
        try await journal.end(SampleJournal.intent(4, at: now), outcome(at: now))
        let recent = try state.reading().journal.recent(since: now - .days(1))
        #expect(recent.map(\.intent.step.number) == [2, 3, 4])
    }

    @Test func whichBackupARecoveryPointMeansMattersForEver() async throws {
        let long = now - .days(900)
        do {
            let journal = try state.writing().journal
            let records: [(Int, String, String, String)] = [
                (1, "TagResource", "before-rotation", "backup-ro5c4er4aac"),
                (2, "TagResource", "moved", "backup-ro5c4er4aac"),
                (3, "TagResource", "moved", "backup-ro5c4er4aad"),
                (4, "TagResource", "given-up", "backup-ro5c4er4aac"),
                (5, "UntagResource", "given-up", "backup-ro5c4er4aac"),
            ]
            for (number, operation, name, backup) in records {
                let intent = SampleJournal.recording(name, operation, of: backup, number, at: long)
                try await journal.begin(intent)
                try await journal.end(intent, Outcome(.accepted, at: long))
            }
            try await journal.begin(SampleJournal.intent(9))
        }
        // Opening for writing removes what ended long ago.
        _ = try state.writing()
        let journal = try state.reading().journal
        #expect(try journal.entries().map(\.intent.step.number) == [1, 3, 9])
        #expect(try journal.recent(since: now).map(\.intent.step.number) == [1, 3, 9])
        #expect(try journal.entries().first?.intent.recoveryPoint == "before-rotation")
    }

    @Test func noIntentIsBegunTwiceOrEndedUnbegun() async throws {
        let journal = try state.writing().journal
        let intent = SampleJournal.intent(1)
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .neverBegun)) {
            try await journal.end(intent, outcome(at: now))
        }
        try await journal.begin(intent)
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .alreadyBegun)) {
            try await journal.begin(intent)
        }
    }

    @Test func theNextRunKnowsWhatWasBegun() async throws {
        let intent = SampleJournal.intent(1)
        try await state.writing().journal.begin(intent)
        let journal = try state.writing().journal
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .alreadyBegun)) {
            try await journal.begin(intent)
        }
        try await journal.end(intent, outcome(at: now))
        #expect(try journal.entries().first?.outcome == outcome(at: now))
    }

    @Test func anOutcomeIsNeverEdited() async throws {
        let journal = try state.writing().journal
        let intent = SampleJournal.intent(1)
        try await journal.begin(intent)
        try await journal.end(intent, outcome(at: now))
        try await journal.end(intent, outcome(at: now))
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .alreadyEnded)) {
            try await journal.end(intent, Outcome(.refused, at: now))
        }
        #expect(try journal.entries().first?.outcome == outcome(at: now))
    }

    @Test(arguments: ["", "../../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF", "1"])
    func anIDThatIsNoneIsRefused(id: String) async throws {
        let sample = SampleJournal.intent(1)
        let intent = Intent(
            id: id,
            name: nil,
            group: nil,
            place: sample.place,
            operation: "x",
            target: "x",
            step: StepID(1),
            rule: "x",
            writtenAt: now
        )
        let journal = try state.writing().journal
        await #expect(throws: StateError.journalRefusal(intent: id, .malformedID)) {
            try await journal.begin(intent)
        }
    }

    @Test func nothingIsBegunThroughADirectoryOpenedForReading() async throws {
        let journal = try state.reading().journal
        let error = StateError.openedForReading(path: state.path(of: "journal"))
        await #expect(throws: error) { try await journal.begin(SampleJournal.intent(1)) }
        await #expect(throws: error) {
            try await journal.end(SampleJournal.intent(1), outcome(at: now))
        }
    }

    @Test func manyIntentsAtOnceGetNumbersOfTheirOwn() async throws {
        let journal = try state.writing().journal
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 1...30 {
                tasks.addTask { try await journal.begin(SampleJournal.intent(number)) }
            }
            try await tasks.waitForAll()
        }
        #expect(try journal.entries().count == 30)
        let numbers = try state.everything().keys.compactMap { name in
            name.hasPrefix("journal/0") ? name.dropFirst(8).prefix(8) : nil
        }
        #expect(Set(numbers).count == 30)
    }

    @Test func whatEndedLongAgoIsRemovedAndWhatIsOpenNever() async throws {
        let longAgo = now - .days(31)
        do {
            let journal = try state.writing().journal
            for number in 1...2 {
                try await journal.begin(SampleJournal.intent(number, at: longAgo))
            }
            try await journal.end(SampleJournal.intent(1, at: longAgo), outcome(at: longAgo))
            try await journal.begin(SampleJournal.intent(3))
        }
        #expect(try state.reading().journal.entries().count == 3)
        let journal = try state.writing().journal
        #expect(try journal.entries().map(\.intent.step.number) == [2, 3])
        try await journal.begin(SampleJournal.intent(4))
        #expect(try state.everything().keys.contains(SampleJournal.name(of: 4, sequence: 4)))
    }

    @Test func aRemovalThatWasCutShortIsFinished() async throws {
        let longAgo = now - .days(31)
        do {
            let journal = try state.writing().journal
            try await journal.begin(SampleJournal.intent(1, at: longAgo))
            try await journal.end(SampleJournal.intent(1, at: longAgo), outcome(at: longAgo))
            try await journal.begin(SampleJournal.intent(2))
        }
        try state.remove(SampleJournal.name(of: 1, sequence: 1))
        #expect(try state.reading().journal.entries().count == 1)
        _ = try state.writing()
        let done = SampleJournal.name(of: 1, sequence: 1, isOutcome: true)
        #expect(try !state.everything().keys.contains(done))
    }

    @Test func aLostIntentIsNoticed() async throws {
        do {
            let journal = try state.writing().journal
            try await journal.begin(SampleJournal.intent(1))
            try await journal.end(SampleJournal.intent(1), outcome(at: now))
        }
        let name = SampleJournal.name(of: 1, sequence: 1)
        try state.remove(name)
        let error = StateError.missing(file: state.path(of: name))
        #expect(throws: error) { try state.reading().journal.entries() }
        #expect(throws: error) { try state.writing() }
    }

    @Test func aLostJournalIsNotAnEmptyOne() throws {
        try state.remove("journal")
        let error = StateError.missing(file: state.path(of: "journal"))
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
    }

    @Test(arguments: [
        (#""format" : 1"#, #""format" : 2"#, "format 2"),
        (#""format" : 1,"#, "", "format is missing"),
        (#""format" : 1"#, #""format" : 1, "format" : 1"#, "format stands twice"),
        (#""format" : 1"#, #""format" : 1, "note" : 1"#, "note is not a known key"),
        (#""format" : 1"#, #""format" : 1, "outcome" : {}"#, "outcome is not a known key"),
        (#""step" : 1"#, #""step" : "1""#, "intent.step is \"1\", but must be a whole number"),
        (#""step" : 1"#, #""step" : 0"#, "intent.step is 0"),
        (#""rule""#, #""rules""#, "intent.rules is not a known key"),
        (#""target" : "backup-ro5c4er4aac","#, "", "intent.target is missing"),
        (#""us-east-1""#, #""moon""#, "intent.group.home.region is \"moon\""),
        (#""cluster-2ndsmpk7w5q""#, "7", "intent.group.cluster is 7"),
        (#"      "backup-ro5c4er4aac""#, #""hsm-aaaaaaaaaaa""#, "intent.losing[0] is"),
        (#"00001""#, #"00002""#, "intent.id is"), ("}\n", "", "is not valid JSON"),
    ])
    func aBrokenIntentIsNamedAndNeverPassedOver(
        snippet: String,
        replacement: String,
        message: String
    ) async throws {
        try await state.writing().journal.begin(SampleJournal.intent(1))
        let name = SampleJournal.name(of: 1, sequence: 1)
        let text = try state.text(of: name)
        let range = try #require(
            message.contains("JSON")
                ? text.range(of: snippet, options: .backwards) : text.range(of: snippet)
        )
        try state.put(text.replacingCharacters(in: range, with: replacement), at: name)
        let reading = try state.reading()
        for attempt in [{ _ = try reading.journal.entries() }, { _ = try state.writing() }] {
            let error = #expect(throws: StateError.self) { try attempt() }
            let prose = error?.description ?? ""
            #expect(prose.contains(state.path(of: name)) && prose.contains(message), "\(prose)")
        }
    }

    @Test(arguments: [
        (#""accepted""#, #""maybe""#, "outcome.result is \"maybe\""),
        (#"00001""#, #"00002""#, "intent is"),
        (#""result" : "accepted""#, #""made" : "x""#, "outcome"),
    ])
    func aBrokenOutcomeIsNamed(
        snippet: String,
        replacement: String,
        message: String
    ) async throws {
        do {
            let journal = try state.writing().journal
            try await journal.begin(SampleJournal.intent(1))
            try await journal.end(SampleJournal.intent(1), outcome(at: now))
        }
        let name = SampleJournal.name(of: 1, sequence: 1, isOutcome: true)
        let text = try state.text(of: name)
        try state.put(text.replacing(snippet, with: replacement), at: name)
        let error = #expect(throws: StateError.self) { try state.reading().journal.entries() }
        let prose = error?.description ?? ""
        #expect(prose.contains(state.path(of: name)) && prose.contains(message), "\(prose)")
    }

    @Test(arguments: ["notes.txt", "1-2.json", "00000001-0.json", "a-b-c.json", "1.json"])
    func aFileThatIsNoEntryIsNotPassedOver(name: String) throws {
        try state.put("{}", at: "journal/" + name)
        let error = #expect(throws: StateError.self) { try state.reading().journal.entries() }
        #expect(error?.description.contains("journal/" + name) == true)
    }

    @Test func anIntentThatStandsTwiceIsNamed() async throws {
        try await state.writing().journal.begin(SampleJournal.intent(1))
        let text = try state.text(of: SampleJournal.name(of: 1, sequence: 1))
        let twin = SampleJournal.name(of: 1, sequence: 2)
        try state.put(text, at: twin)
        let error = StateError.content(
            file: state.path(of: twin),
            key: "intent.id",
            .repeated(name: SampleJournal.intent(1).id)
        )
        #expect(throws: error) { try state.reading().journal.entries() }
    }
}

extension TemporaryState {
    fileprivate func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }
}

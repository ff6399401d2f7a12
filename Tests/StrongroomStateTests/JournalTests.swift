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
        at moment: Timestamp,
        in group: GroupID = Sample.id
    ) -> Intent {
        Intent(
            id: intent(number).id,
            name: "payments",
            group: group,
            place: Sample.id.home,
            operation: operation,
            target: backup,
            recoveryPoint: name,
            step: StepID(number),
            rule: "recovery-point",
            writtenAt: moment
        )
    }

    static let fleetFile = "journal/fleet.jsonl"

    static let groupFile = "journal/111122223333/us-east-1/cluster-2ndsmpk7w5q.jsonl"

    static func use(_ number: Int, at moment: Timestamp = TemporaryState.now) -> ApprovalUse {
        let digest = String(repeating: "\(number % 10)", count: 64)
        return ApprovalUse(.planBegun, of: digest, about: "acme", by: "Ada", at: moment)
    }

    static func outcome(
        _ result: Outcome.Result = .accepted,
        at moment: Timestamp = TemporaryState.now
    ) -> Outcome {
        Outcome(result, made: "hsm-aaaaaaaaaaa", at: moment)
    }
}

extension TemporaryState {
    /// Everything the journal says.
    func journal() throws -> JournalReading {
        try reading().journal.reading(since: Timestamp(milliseconds: 0))
    }

    /// The numbers of the intents in it, in order.
    func journalNumbers() throws -> [Int] { try journal().entries.map(\.intent.step.number) }

    /// A file's lines.
    func lines(of name: String) throws -> [String] {
        try text(of: name).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    func put(lines: [String], at name: String) throws {
        try put(lines.joined(separator: "\n"), at: name)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }

    /// Leaves the state as a run does that is killed.
    func pretendTheLastRunWasKilled() throws { try put("{}", at: "lock.owner") }

    /// A run that ends well, with the entries of the numbers begun and accepted.
    func record(_ numbers: ClosedRange<Int>, at moment: Timestamp = TemporaryState.now) async throws
    {
        let state = try writing()
        for number in numbers {
            let intent = SampleJournal.intent(number, at: moment)
            try await state.journal.begin(intent)
            try await state.journal.end(intent, SampleJournal.outcome(at: moment))
        }
        try state.finish(at: Self.now)
    }
}

@Suite struct JournalTests {
    let state: TemporaryState
    private let now = TemporaryState.now

    init() throws { state = try TemporaryState() }

    @Test func whatIsBegunAndEndedIsReadAgainInOrder() async throws {
        let intents = [7, 3, 11].map { SampleJournal.intent($0) }
        let ended = Outcome(.refused, message: "\"no\"\n", at: now + .minutes(1))
        do {
            let journal = try state.writing().journal
            for intent in intents { try await journal.begin(intent) }
            try await journal.end(intents[1], ended)
        }
        let reading = try state.journal()
        #expect(reading.entries.map(\.intent) == intents)
        #expect(reading.entries.map(\.outcome) == [nil, ended, nil])
        #expect(reading.gaps.isEmpty && reading.uses.isEmpty && reading.losses.isEmpty)
    }

    @Test func eachGroupHasAFileAndWhatIsAboutNoneAnother() async throws {
        do {
            let journal = try state.writing().journal
            for number in 1...3 { try await journal.begin(SampleJournal.intent(number)) }
            try await journal.record(SampleJournal.use(4))
        }
        #expect(try state.lines(of: SampleJournal.groupFile).count == 3)
        #expect(try state.lines(of: SampleJournal.fleetFile).count == 3)
        #expect(try Set(state.journalNumbers()) == [1, 2, 3])
    }

    @Test func entriesOfAllGroupsStandInTheOrderTheyWereBegun() async throws {
        let journal = try state.writing().journal
        for number in 1...9 {
            let intent = SampleJournal.intent(number, at: now + .seconds(number))
            try await journal.begin(intent)
        }
        #expect(try state.journalNumbers() == Array(1...9))
    }

    @Test func withinAGroupTheFilesOrderCountsWhateverTheClockSays() async throws {
        let journal = try state.writing().journal
        for number in [1, 3, 5] {
            let intent = SampleJournal.intent(number, at: now - .seconds(number))
            try await journal.begin(intent)
        }
        #expect(try state.journalNumbers() == [1, 3, 5])
    }

    @Test func whatIsOpenOrOfLatelyMattersStill() async throws {
        let journal = try state.writing().journal
        let old = now - .days(3)
        for (number, moment) in [(1, old), (3, old), (5, old), (7, now)] {
            try await journal.begin(SampleJournal.intent(number, at: moment))
        }
        let ends = [(1, old), (3, now), (7, now)]
        for (number, moment) in ends {
            try await journal.end(
                SampleJournal.intent(number, at: moment),
                SampleJournal.outcome(at: moment)
            )
        }
        try await journal.record(SampleJournal.use(1, at: old))
        try await journal.record(SampleJournal.use(2, at: now))
        let recent = try state.reading().journal.reading(since: now - .days(1))
        #expect(recent.entries.map(\.intent.step.number) == [3, 5, 7])
        #expect(recent.uses == [SampleJournal.use(2, at: now)])
    }

    @Test func noIntentIsBegunTwiceOrEndedUnbegun() async throws {
        let journal = try state.writing().journal
        let intent = SampleJournal.intent(1)
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .neverBegun)) {
            try await journal.end(intent, SampleJournal.outcome())
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
        try await journal.end(intent, SampleJournal.outcome())
        #expect(try state.journal().entries.first?.outcome == SampleJournal.outcome())
    }

    @Test func anOutcomeIsNeverEdited() async throws {
        let journal = try state.writing().journal
        let intent = SampleJournal.intent(1)
        try await journal.begin(intent)
        try await journal.end(intent, SampleJournal.outcome())
        try await journal.end(intent, SampleJournal.outcome())
        await #expect(throws: StateError.journalRefusal(intent: intent.id, .alreadyEnded)) {
            try await journal.end(intent, SampleJournal.outcome(.refused))
        }
        #expect(try state.journal().entries.map(\.outcome) == [SampleJournal.outcome()])
        #expect(try state.lines(of: SampleJournal.groupFile).count == 3)
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
            try await journal.end(SampleJournal.intent(1), SampleJournal.outcome())
        }
        await #expect(throws: error) { try await journal.record(SampleJournal.use(1)) }
    }

    @Test func manyIntentsAtOnceMakeOneChainForEachGroup() async throws {
        let journal = try state.writing().journal
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 1...30 {
                tasks.addTask {
                    try await journal.begin(SampleJournal.intent(number))
                    try await journal.end(SampleJournal.intent(number), SampleJournal.outcome())
                }
            }
            try await tasks.waitForAll()
        }
        #expect(try Set(state.journalNumbers()) == Set(1...30))
        #expect(try state.journal().gaps.isEmpty)
        #expect(try state.lines(of: SampleJournal.groupFile).count == 31)
    }

    @Test func everythingAnIntentSaysIsKept() async throws {
        let intent = Intent(
            id: SampleJournal.intent(5).id,
            name: "payments",
            group: Sample.id,
            place: Sample.id.home,
            operation: "CopyBackupToRegion",
            target: "backup-ro5c4er4aac",
            destination: Region("eu-west-1"),
            step: StepID(5),
            rule: "copies",
            writtenAt: now,
            hsmsBefore: ["eni-0a1b2c3d"],
            epoch: 12,
            approval: String(repeating: "a", count: 64),
            preconditions: ["the cluster is ACTIVE", "\"quoted\" \u{202e}"]
        )
        let ends: [Outcome.Result] = [.notSent, .decidedDone, .decidedNotDone]
        do {
            let journal = try state.writing().journal
            try await journal.begin(intent)
            for (number, result) in zip([1, 3, 7], ends) {
                try await journal.begin(SampleJournal.intent(number))
                let outcome = Outcome(result, message: "Ada looked", at: now)
                try await journal.end(SampleJournal.intent(number), outcome)
            }
            try await journal.record(SampleJournal.use(1))
        }
        let reading = try state.journal()
        #expect(reading.entries.first?.intent == intent)
        #expect(reading.entries.dropFirst().map(\.outcome?.result) == ends)
        #expect(reading.uses == [SampleJournal.use(1)])
    }

    @Test func aShortWriteIsNoRecordAndTheNextRewritesTheFile() async {
        await #expect(processExitsWith: .success) {
            let state = try TemporaryState()
            signal(SIGXFSZ, SIG_IGN)
            let directory = try state.writing()
            try await directory.journal.begin(SampleJournal.intent(1))
            let size = try state.text(of: SampleJournal.groupFile).utf8.count
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(1), &limit)
            var short = rlimit(rlim_cur: rlim_t(size + 40), rlim_max: limit.rlim_max)
            setrlimit(__rlimit_resource_t(1), &short)
            for number in [3, 5] {
                guard
                    (try? await directory.journal.begin(SampleJournal.intent(number))) == nil
                else { exit(2) }
            }
            let torn = try state.text(of: SampleJournal.groupFile).utf8.count
            guard torn == size + 40 else { exit(3) }
            // Readers pass over what was never acknowledged.
            guard try state.journalNumbers() == [1] else { exit(4) }
            setrlimit(__rlimit_resource_t(1), &limit)
            try await directory.journal.begin(SampleJournal.intent(7))
            guard try state.journalNumbers() == [1, 7] else { exit(5) }
            guard try state.journal().gaps.isEmpty else { exit(6) }
            try await directory.journal.begin(SampleJournal.intent(9))
            guard try state.journalNumbers() == [1, 7, 9] else { exit(7) }
        }
    }

    @Test func aFileSomethingElseWroteToIsNotAddedTo() async throws {
        let journal = try state.writing().journal
        try await journal.begin(SampleJournal.intent(1))
        let text = try state.text(of: SampleJournal.groupFile)
        try state.overwrite(Data((text + "x").utf8), at: SampleJournal.groupFile)
        let path = state.path(of: SampleJournal.groupFile)
        await #expect(throws: StateError.unsafe(path: path, .changed)) {
            try await journal.begin(SampleJournal.intent(3))
        }
    }
}

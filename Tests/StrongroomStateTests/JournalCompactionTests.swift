import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct JournalCompactionTests {
    let state: TemporaryState
    private let now = TemporaryState.now
    private var longAgo: Timestamp { now - .days(31) }

    init() throws { state = try TemporaryState() }

    /// Old entries, one of them open, and one of the present.
    private func recordOldAndNew() async throws {
        let journal = try state.writing()
        for number in [1, 3] {
            try await journal.journal.begin(SampleJournal.intent(number, at: longAgo))
        }
        try await journal.journal.end(
            SampleJournal.intent(1, at: longAgo),
            SampleJournal.outcome(at: longAgo)
        )
        try await journal.journal.begin(SampleJournal.intent(5))
        try await journal.journal.record(SampleJournal.use(1, at: longAgo))
        try await journal.journal.record(SampleJournal.use(2, at: now - .days(29)))
        try journal.finish(at: TemporaryState.now)
    }

    @Test func whatEndedLongAgoIsLeftOutAndWhatIsOpenNever() async throws {
        try await recordOldAndNew()
        #expect(try state.journalNumbers() == [1, 3, 5])
        do {
            let directory = try state.writing()
            try await directory.journal.begin(SampleJournal.intent(7))
            try directory.finish(at: TemporaryState.now)
        }
        let reading = try state.journal()
        #expect(reading.entries.map(\.intent.step.number) == [3, 5, 7])
        #expect(reading.uses == [SampleJournal.use(2, at: now - .days(29))])
        #expect(reading.gaps.isEmpty && reading.losses.isEmpty)
        let first = try state.lines(of: SampleJournal.groupFile)[0]
        #expect(first.contains(#""sequence":5,"begin":{"#) && first.contains("compaction"))
    }

    @Test func aCrashBeforeTheHeadsAreWrittenIsNoDamage() async throws {
        try await recordOldAndNew()
        // A run that writes, compacts nothing any more the second time, and never ends well.
        for number in [7, 9] {
            try await state.writing().journal.begin(SampleJournal.intent(number))
            #expect(try state.journal().gaps.isEmpty)
        }
        #expect(try state.journalNumbers() == [3, 5, 7, 9])
        try state.writing().finish(at: TemporaryState.now)
        #expect(try state.journal().gaps.isEmpty)
    }

    @Test func whatIsLostAfterACompactionIsFound() async throws {
        try await recordOldAndNew()
        try state.writing().finish(at: TemporaryState.now)
        let lines = try state.lines(of: SampleJournal.groupFile)
        try state.put(lines: lines.dropLast(2) + [""], at: SampleJournal.groupFile)
        #expect(try state.journal().gaps.map(\.group) == [Sample.id])
    }

    @Test func nothingIsRewrittenWhileEverythingIsAskedForStill() async throws {
        try await state.record(1...4)
        let before = try state.everything().filter { $0.key.hasPrefix("journal/") }
        try state.writing().finish(at: TemporaryState.now)
        #expect(try state.everything().filter { $0.key.hasPrefix("journal/") } == before)
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
        _ = try state.writing()
        #expect(try state.journalNumbers() == [1, 3, 9])
        let recent = try state.reading().journal.reading(since: now)
        #expect(recent.entries.map(\.intent.step.number) == [1, 3, 9])
        #expect(recent.entries.first?.intent.recoveryPoint == "before-rotation")
    }
}

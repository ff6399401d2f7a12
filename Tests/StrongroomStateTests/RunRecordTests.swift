import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct RunRecordTests {
    let state: TemporaryState
    private let now = TemporaryState.now

    init() throws { state = try TemporaryState() }

    private func suspicion(_ directory: StateDirectory) -> String? {
        directory.run?.suspicion?.reason
    }

    /// A run that writes an intent under its own number, and ends well.
    private func runOnce(_ number: Int) async throws {
        let directory = try state.writing()
        let sample = SampleJournal.intent(number)
        let intent = Intent(
            id: sample.id,
            name: nil,
            group: sample.group,
            place: sample.place,
            operation: "DeleteHsm",
            target: "hsm-aaaaaaaaaaa",
            step: sample.step,
            rule: "x",
            writtenAt: now,
            epoch: directory.epoch
        )
        try await directory.journal.begin(intent)
        try directory.finish(at: now)
    }

    @Test func beforeTheFirstRunThatWritesNothingIsKnown() throws {
        let directory = try state.reading()
        #expect(directory.run == nil && directory.anchor == nil && directory.lease == nil)
        #expect(directory.epoch == 0)
    }

    @Test func everyTakingOfTheLockHasANumberOfItsOwn() throws {
        for number in 1...5 {
            let directory = try state.writing("run \(number)")
            #expect(directory.epoch == number && directory.lease?.epoch == number)
            #expect(try state.reading().epoch == number)
            // Also a run that is killed has used its number.
            if number.isMultiple(of: 2) { try directory.finish(at: now) }
        }
        #expect(try state.reading().run?.operation == "run 5")
    }

    @Test func aRunThatEndedWellSaysSo() throws {
        do {
            let directory = try state.writing()
            #expect(try state.reading().run?.ended == nil)
            try directory.finish(at: now + .minutes(1))
        }
        #expect(try state.reading().run?.ended == now + .minutes(1))
        let next = try state.writing()
        #expect(try state.reading().run?.ended == nil)
        withExtendedLifetime(next) {}
    }

    @Test func whatARunKeepsIsKeptByTheNext() throws {
        let ids = Set([1, 2].map { SampleJournal.intent($0).id })
        do {
            let directory = try state.writing()
            var run = try #require(directory.run)
            run.since = now - .days(3)
            run.tick = now
            run.every = .minutes(15)
            run.known = ids
            run.suspicion = RunRecord.Suspicion("a reason", since: now)
            try directory.save(run)
            #expect(directory.run == run)
        }
        let timeline = try state.reading().run?.timeline
        let run = try #require(try state.writing().run)
        #expect(run.since == now - .days(3) && run.tick == now && run.every == .minutes(15))
        #expect(run.known == ids && run.suspicion == RunRecord.Suspicion("a reason", since: now))
        #expect(run.timeline == timeline && run.epoch == 2)
        let error = StateError.openedForReading(path: state.path)
        #expect(throws: error) { try state.reading().save(run) }
    }

    @Test func aStatePutBackFromYesterdayIsNoticedByItsAnchor() async throws {
        try await runOnce(1)
        let yesterday = try state.everything()
        try await runOnce(3)
        let anchor = try #require(try state.reading().anchor)
        #expect(try suspicion(state.writing(anchor: anchor)) == nil)
        for (name, data) in yesterday where !name.hasSuffix("lock") {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(
                atPath: state.path(of: name),
                isDirectory: &isDirectory
            )
            if !isDirectory.boolValue { try state.overwrite(data, at: name) }
        }
        let reading = try StateDirectory.open(at: state.path, for: .reading, anchor: anchor)
        #expect(suspicion(reading)?.contains("its anchor knows number 2") == true)
        let directory = try state.writing(anchor: anchor)
        #expect(suspicion(directory)?.contains("its last run is number 1") == true)
        #expect(directory.epoch > anchor.epoch, "numbers go on growing")
        #expect(directory.run?.timeline != anchor.timeline, "what was saved before is void")
    }

    @Test func aSuspicionStaysUntilARunTakesItBack() async throws {
        try await runOnce(1)
        let anchor = try #require(try state.reading().anchor)
        try state.remove("run.json")
        let timeline = try state.writing(anchor: anchor).run?.timeline
        do {
            let directory = try state.writing()
            #expect(suspicion(directory) != nil && directory.run?.timeline == timeline)
            var run = try #require(directory.run)
            run.suspicion = nil
            try directory.save(run)
        }
        #expect(try suspicion(state.writing()) == nil)
    }

    @Test func aJournalThatKnowsOfALaterRunIsNoticed() async throws {
        try await runOnce(1)
        let early = try state.text(of: "run.json")
        for number in [3, 5, 7] { try await runOnce(number) }
        try state.put(early, at: "run.json")
        let directory = try state.writing()
        #expect(suspicion(directory)?.contains("its journal knows number 4") == true)
        #expect(directory.epoch == 5)
    }

    @Test func anotherStatesAnchorIsRefused() throws {
        let other = try TemporaryState(service: nil)
        var generator = SeededGenerator(seed: 5)
        try StateDirectory.create(
            at: other.path,
            service: .simulator,
            lineage: LineageID(using: &generator),
            storage: .any
        )
        let anchor = try #require(try other.writing().anchor)
        let error = StateError.otherAnchor(path: state.path)
        #expect(throws: error) { try state.writing(anchor: anchor) }
        #expect(try state.reading().run == nil)
    }

    @Test func anAnchorIsKeptInAFile() throws {
        let path = state.parent + "/anchor.json"
        #expect(try StateAnchor.read(at: path) == nil)
        let anchor = try #require(try state.writing().anchor)
        try anchor.write(to: path)
        #expect(try StateAnchor.read(at: path) == anchor)
        try Data(#"{"Epoch": 0}"#.utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: StateError.self) { try StateAnchor.read(at: path) }
    }

    @Test(arguments: [
        ("{", "broken JSON"), (#"{"Format": 2}"#, "newer"),
        (#"{"Format": 1}"#, "Epoch is missing"), (#"{"Format": 1, "Epok": 1}"#, "Epok is not"),
        (#"{"Format": 1, "Epoch": 0}"#, "Epoch is 0, but must be 1 or more"),
    ])
    func aRunThatCannotBeReadIsNamedAndNothingIsWritten(text: String, words: String) throws {
        do { _ = try state.writing() }
        try state.put(text, at: "run.json")
        let before = try state.everything()
        for attempt in [{ _ = try state.reading() }, { _ = try state.writing() }] {
            let error = #expect(throws: StateError.self) { try attempt() }
            let prose = error?.description ?? ""
            #expect(prose.contains("run.json") && prose.contains(words), "\(prose)")
        }
        #expect(try state.everything() == before)
    }
}

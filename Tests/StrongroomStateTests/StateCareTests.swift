import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// `strongroom state verify` and `state repair`: everything is read, and nothing is mended that a
/// person did not agree to.
@Suite struct StateCareTests {
    let state: TemporaryState
    private let now = TemporaryState.now

    init() async throws {
        state = try TemporaryState()
        do {
            let directory = try state.writing()
            let other = Sample.id(of: "cluster-aaaaaaaaaaa")
            try directory.save(
                [Sample.id, other].map { GroupRecord(group: ProtectionGroup(id: $0, cluster: nil)) }
            )
            try directory.saveSimulatedWorld(.null)
            try directory.save(SeenFileTests.seen)
        }
        try await state.record(1...4)
    }

    private func faults() async -> [String] {
        await StateInspection(of: state.path).faults.map(\.description)
    }

    /// Carries out what an inspection proposes.
    @discardableResult
    private func repair() async throws -> [String] {
        let mends = await StateInspection(of: state.path).mends
        let request = LockRequest(for: "state repair", since: now)
        return try StateRepair.mend(mends, at: state.path, for: request, now: now)
    }

    /// What a kept file holds.
    private func kept(_ prefix: String) throws -> [Data] {
        try state.everything().filter { $0.key.hasPrefix(prefix + ".damaged-") }
            .filter { !$0.value.isEmpty }.map(\.value)
    }

    @Test func aSoundStateHasNoFaults() async throws {
        let before = try state.everything()
        let inspection = await StateInspection(of: state.path)
        #expect(inspection.faults.isEmpty && inspection.mends.isEmpty && !inspection.isDamaged)
        #expect(inspection.groupCount == 2 && inspection.recordCount == 8)
        #expect(try state.everything() == before)
    }

    @Test(arguments: [
        "FORMAT", "index.json", "seen.json", "run.json", "simulator.json", Sample.file(),
        SampleJournal.groupFile, SampleJournal.fleetFile, "journal/heads.json",
    ])
    func everyBrokenFileIsFoundAndNamed(name: String) async throws {
        for text in ["", "?", "{}"] {
            try state.overwrite(Data(text.utf8), at: name)
            let before = try state.everything()
            let inspection = await StateInspection(of: state.path)
            #expect(inspection.isDamaged, "\(name): \(text)")
            let isNamed = inspection.faults.contains { $0.description.contains(name) }
            #expect(isNamed, "\(inspection.faults)")
            #expect(try state.everything() == before)
        }
    }

    @Test func everyByteOfTheWholeStateThatChangesWhatItSaysIsFoundOrHarmless() async throws {
        // What the journal says is held by digests; here, that verifying never fails otherwise.
        var random = SeededGenerator(seed: 8)
        for name in ["FORMAT", "index.json", "run.json", "journal/heads.json"] {
            let whole = try Data(state.text(of: name).utf8)
            for index in stride(from: 0, to: whole.count, by: 7) {
                var changed = whole
                changed[index] ^= UInt8.random(in: 1...255, using: &random)
                try state.overwrite(changed, at: name)
                _ = await StateInspection(of: state.path)
            }
            try state.overwrite(whole, at: name)
        }
        #expect(await StateInspection(of: state.path).faults.isEmpty)
    }

    @Test func whatIsNotWorthAnErrorIsNoted() async throws {
        try state.put("", at: "notes.txt")
        try state.put("", at: "journal/.fleet.jsonl.tmp.1")
        chmod(state.path(of: "index.json"), 0o644)
        let inspection = await StateInspection(of: state.path)
        let texts = inspection.faults.map(\.description).joined(separator: "\n")
        #expect(!inspection.isDamaged)
        for words in ["notes.txt", "temporary file", "index.json can be read by others"] {
            #expect(texts.contains(words), "\(texts)")
        }
        #expect(inspection.mends == [.tidy])
        try await repair()
        #expect(await faults().count == 1, "the note about a file that is none of ours stays")
    }

    @Test func aBrokenIndexIsMadeAnewFromTheFiles() async throws {
        try state.overwrite(Data("?".utf8), at: "index.json")
        #expect(await StateInspection(of: state.path).mends == [.rebuildIndex])
        #expect(try await repair().contains { $0.contains("index.json anew") })
        #expect(try state.reading().groupIDs().count == 2)
        #expect(try kept("index.json") == [Data("?".utf8)])
        #expect(await faults().isEmpty)
    }

    @Test func aDamagedJournalIsBegunAnewWithWhatCanBeRead() async throws {
        let file = SampleJournal.groupFile
        let text = try state.text(of: file)
        let lines = try state.lines(of: file)
        // The third of four records is changed.
        let damaged = text.replacing(lines[2], with: lines[2].replacing("prior", with: "x") + " ")
        try state.overwrite(Data(damaged.utf8), at: file)
        #expect(try state.journal().gaps.map(\.group) == [Sample.id])
        try await repair()
        let reading = try state.journal()
        #expect(reading.gaps.isEmpty)
        #expect(reading.losses == [JournalLoss(of: Sample.id, at: now)])
        #expect(reading.entries.map(\.intent.step.number).sorted() == [1, 2, 4])
        #expect(try kept("journal") == [Data(damaged.utf8)])
        #expect(await faults().isEmpty)
        try await state.record(5...6)
        #expect(try state.journalNumbers().sorted() == [1, 2, 4, 5, 6])
        #expect(try state.journal().losses.count == 1)
    }

    @Test func aJournalThatIsGoneOrCutIsBegunAnew() async throws {
        try state.remove(SampleJournal.groupFile)
        let lines = try state.lines(of: SampleJournal.fleetFile)
        try state.put(lines: lines[..<2] + [""], at: SampleJournal.fleetFile)
        try await repair()
        let reading = try state.journal()
        #expect(reading.losses.map(\.group) == [Sample.id, nil])
        #expect(reading.gaps.isEmpty && reading.entries.map(\.intent.step.number) == [2])
        #expect(await faults().isEmpty)
        try state.remove(SampleJournal.groupFile)
        #expect(try state.journal().gaps.count == 1, "the new chain is watched over as well")
    }

    @Test func lostHeadsAreMadeAnewAndEveryDeletionIsHeldForADay() async throws {
        try state.remove("journal/heads.json")
        try await repair()
        let reading = try state.journal()
        #expect(reading.losses == [JournalLoss(of: nil, at: now)])
        #expect(reading.gaps.isEmpty && reading.entries.count == 4)
        #expect(await faults().isEmpty)
    }

    @Test func aWholeJournalThatIsGoneIsBegunAnew() async throws {
        try state.remove("journal")
        try await repair()
        let reading = try state.journal()
        #expect(reading.losses == [JournalLoss(of: nil, at: now)] && reading.entries.isEmpty)
        #expect(await faults().isEmpty)
    }

    @Test func aLostRunRecordLeavesASuspicion() async throws {
        try state.overwrite(Data("?".utf8), at: "run.json")
        try await repair()
        #expect(try state.reading().run?.suspicion != nil)
        #expect(try kept("run.json") == [Data("?".utf8)])
        #expect(await faults().isEmpty)
    }

    @Test func aSecondNameIsTakenFromAFile() async throws {
        let file = state.path(of: Sample.file())
        #expect(link(file, state.parent + "/other") == 0)
        #expect(await StateInspection(of: state.path).mends == [.separate(file: Sample.file())])
        try await repair()
        #expect(await faults().isEmpty)
        #expect(try state.writing().record(of: Sample.id).group.id == Sample.id)
    }

    @Test func whatCannotBeMendedIsLeftAsItIs() async throws {
        for name in [Sample.file(), "simulator.json"] {
            try state.overwrite(Data("?".utf8), at: name)
        }
        let before = try state.everything()
        let inspection = await StateInspection(of: state.path)
        #expect(inspection.faults.count == 2 && inspection.mends.isEmpty)
        #expect(try state.everything() == before)
    }

    @Test func aRepairWaitsForARunThatIsAtWork() async throws {
        let directory = try state.writing()
        try state.overwrite(Data("?".utf8), at: "run.json")
        await #expect(throws: StateError.self) { try await repair() }
        #expect(try state.text(of: "run.json") == "?")
        withExtendedLifetime(directory) {}
    }
}

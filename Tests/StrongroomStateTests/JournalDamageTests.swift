import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// What happens to the journal outside of Strongroom: each change is found, or harmless.
@Suite struct JournalDamageTests {
    let state: TemporaryState
    private let now = TemporaryState.now
    private let file = SampleJournal.groupFile

    init() throws { state = try TemporaryState() }

    private func expectGap(
        _ words: String,
        of group: GroupID? = Sample.id,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let gaps = try state.journal().gaps
        #expect(gaps.map(\.group) == [group], sourceLocation: sourceLocation)
        let reason = gaps.first?.reason ?? ""
        #expect(reason.contains(words), "\(reason)", sourceLocation: sourceLocation)
    }

    @Test func aTornEndIsPassedOverAndRemovedWhereverItWasCut() async throws {
        try await state.record(1...2)
        let before = try state.text(of: file)
        try await state.writing().journal.begin(SampleJournal.intent(3))
        let whole = try state.text(of: file)
        let last = whole.utf8.count - before.utf8.count
        #expect(last > 400)
        for cut in 1..<last - 1 {
            let torn = Data(whole.utf8.dropLast(cut + 1))
            try state.overwrite(torn, at: file)
            try state.pretendTheLastRunWasKilled()
            #expect(try state.journalNumbers().filter { $0 != 2 } == [1], "cut by \(cut)")
            #expect(try state.journal().gaps.isEmpty, "cut by \(cut)")
            guard cut.isMultiple(of: 23) else { continue }
            let findings = try state.writing().findings
            let path = state.path(of: file)
            #expect(
                findings == [.tornRecord(file: path, line: 3, bytes: last - cut - 1)],
                "cut by \(cut)"
            )
            #expect(try state.text(of: file) == before)
        }
    }

    @Test func aTornEndOfZerosIsRemoved() async throws {
        try await state.record(1...2)
        let before = try Data(state.text(of: file).utf8)
        for zeros in [1, 700] {
            try state.overwrite(before + Data(count: zeros), at: file)
            try state.pretendTheLastRunWasKilled()
            #expect(try state.journal().gaps.isEmpty)
            #expect(try state.writing().findings.count == 1)
            #expect(try Data(state.text(of: file).utf8) == before)
        }
    }

    @Test func aRecordThatLacksOnlyItsLineBreakCounts() async throws {
        try await state.record(1...1)
        try await state.writing().journal.begin(SampleJournal.intent(3))
        let whole = try state.text(of: file)
        try state.overwrite(Data(whole.utf8.dropLast()), at: file)
        #expect(try state.journalNumbers() == [1, 3])
        do {
            let journal = try state.writing().journal
            #expect(try state.text(of: file) == whole)
            try await journal.begin(SampleJournal.intent(5))
        }
        #expect(try state.journalNumbers() == [1, 3, 5])
    }

    @Test func aTornEndAfterARunThatEndedWellIsDamage() async throws {
        try await state.record(1...3)
        let text = try state.text(of: file)
        try state.overwrite(Data(text.utf8.dropLast(20)), at: file)
        try expectGap("\(state.path(of: file)):4 is cut off")
        #expect(try state.journalNumbers() == [2])
    }

    @Test func aFirstRecordThatWasCutShortLeavesAnEmptyFile() async throws {
        try await state.writing().journal.begin(SampleJournal.intent(1))
        let text = try state.text(of: file)
        try state.overwrite(Data(text.utf8.prefix(100)), at: file)
        try state.pretendTheLastRunWasKilled()
        do {
            let directory = try state.writing()
            #expect(directory.findings.count == 1)
            try await directory.journal.begin(SampleJournal.intent(1))
        }
        #expect(try state.text(of: file) == text)
    }

    @Test(arguments: [
        (#"{"digest":"x"#, true), ("{}", true), ("junk", true), (#"{"digest":"00"} "#, true),
        (#"{"digest":"0f"#, false), ("{", false),
    ])
    func onlyTheBeginningOfARecordIsATornEnd(end: String, isDamage: Bool) async throws {
        try await state.record(1...2)
        let text = try state.text(of: file)
        try state.overwrite(Data((text + end).utf8), at: file)
        try state.pretendTheLastRunWasKilled()
        #expect(try state.journal().gaps.isEmpty != isDamage)
        _ = try state.writing()
        #expect(try state.text(of: file) == (isDamage ? text + end : text))
    }

    @Test func everyChangedByteIsFoundOrHarmless() async throws {
        try await state.record(1...2)
        let isFull = ProcessInfo.processInfo.environment["STRONGROOM_TORTURE"] == "full"
        let flips: [UInt8] = isFull ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : []
        var random = SeededGenerator(seed: 4)
        let calm = try state.journal()
        for name in [file, SampleJournal.fleetFile, "journal/heads.json"] {
            let whole = try Data(state.text(of: name).utf8)
            for index in whole.indices {
                for flip in flips + [UInt8.random(in: 1...255, using: &random)] {
                    var changed = whole
                    changed[index] ^= flip
                    try state.overwrite(changed, at: name)
                    let wasKilled = index.isMultiple(of: 2)
                    if wasKilled { try state.pretendTheLastRunWasKilled() }
                    let reading = try state.journal()
                    #expect(
                        !reading.gaps.isEmpty || reading == calm,
                        "byte \(index) of \(name) xor \(flip), seed 4"
                    )
                    if wasKilled { try state.remove("lock.owner") }
                }
            }
            try state.overwrite(whole, at: name)
        }
    }

    @Test func linesThatChangePlacesAreFound() async throws {
        try await state.record(1...6)
        let lines = try state.lines(of: file)
        var changed = lines
        changed.swapAt(1, 3)
        try state.put(lines: changed, at: file)
        try expectGap("\(state.path(of: file)):2 is record 4, which does not follow")
    }

    @Test func aLineThatStandsTwiceIsFound() async throws {
        try await state.record(1...3)
        let lines = try state.lines(of: file)
        try state.put(lines: [lines[0], lines[0]] + lines[1...], at: file)
        try expectGap(":2 is record 1, which does not follow")
    }

    @Test(arguments: 0...3)
    func aRemovedLineIsFound(number: Int) async throws {
        try await state.record(1...4)
        var lines = try state.lines(of: file)
        #expect(lines.count == 5)
        lines.remove(at: number)
        try state.put(lines: lines, at: file)
        try expectGap(number == 3 ? "ends before record 4" : "does not follow the line before")
    }

    @Test func theEndThatIsGoneIsFound() async throws {
        try await state.record(1...4)
        let lines = try state.lines(of: file)
        try state.put(lines: lines[..<2] + [""], at: file)
        try expectGap("ends before record 4, which it had when the last run ended")
    }

    @Test func aFileThatIsGoneIsFound() async throws {
        try await state.record(1...4)
        try state.remove(file)
        try expectGap("\(state.path(of: file)) is not there")
        try state.remove(SampleJournal.fleetFile)
        #expect(try state.journal().gaps.map(\.group) == [Sample.id, nil])
        #expect(try state.journalNumbers() == [])
    }

    @Test func anotherChainOfTheSameLengthIsFound() async throws {
        try await state.record(1...1)
        let other = try TemporaryState()
        try await other.record(3...3)
        try state.put(try other.text(of: file), at: file)
        try expectGap("has another record 2")
    }

    @Test func aFileOfAnotherGroupIsFound() async throws {
        try await state.record(1...1)
        let other = Sample.id(of: "cluster-aaaaaaaaaaa")
        let text = try state.text(of: file)
        try state.put(text, at: "journal/\(Sample.file(of: other))l")
        try expectGap("about another group", of: other)
    }

    @Test(arguments: ["", "{", #"{"format" : 2}"#, #"{"format" : 3, "heads" : []}"#])
    func headsThatCannotBeReadAreAGapOfAll(text: String) async throws {
        try await state.record(1...1)
        try state.put(text, at: "journal/heads.json")
        try expectGap("heads.json", of: nil)
        try await state.record(3...3)
        #expect(try state.text(of: "journal/heads.json") == text)
        try state.remove("journal/heads.json")
        try expectGap("heads.json is not there", of: nil)
    }

    @Test func damageBlocksItsOwnGroupOnly() async throws {
        try await state.record(1...2)
        let other = Sample.id(of: "cluster-aaaaaaaaaaa")
        let text = try state.text(of: file)
        try state.overwrite(Data(text.replacing("payments", with: "payment$").utf8), at: file)
        let broken = try state.text(of: file)
        let error = StateError.damagedJournal(
            file: state.path(of: file),
            line: 1,
            .digestDiffers
        )
        do {
            let directory = try state.writing()
            await #expect(throws: error) {
                try await directory.journal.begin(SampleJournal.intent(3))
            }
            try await directory.journal.begin(SampleJournal.intent(4))
            try await directory.journal.begin(
                SampleJournal.recording("x", "TagResource", of: "b", 7, at: now, in: other)
            )
            try directory.finish(at: TemporaryState.now)
        }
        #expect(try state.journalNumbers().sorted() == [2, 4, 7])
        #expect(try state.text(of: file) == broken)
        try expectGap("\(state.path(of: file)):1 is not what was written")
    }

    @Test func aLostJournalIsNotAnEmptyOne() throws {
        try state.remove("journal")
        let error = StateError.missing(file: state.path(of: "journal"))
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
    }

    @Test(arguments: ["notes.txt", "cluster-1.jsonl", "111122223333/moon", "fleet.jsonl.bak"])
    func aFileThatIsNoneOfTheJournalIsReported(name: String) throws {
        try state.put("{}", at: "journal/" + name)
        #expect(try state.writing().findings == [.stray(path: state.path(of: "journal/" + name))])
    }
}

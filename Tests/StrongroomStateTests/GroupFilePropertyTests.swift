import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct GroupFilePropertyTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func whatIsWrittenIsReadAgainAndWrittenAlike(seed: UInt64) throws {
        var groups = RandomGroups(seed: seed)
        var record = groups.record()
        record.group.backups.sort {
            ($0.createdAt, $0.region, $0.id) < ($1.createdAt, $1.region, $1.id)
        }
        let directory = try state.writing()
        try directory.save(record)
        let text = try state.text(of: Sample.file())
        let again = try directory.record(of: Sample.id)
        #expect(again == record, "seed \(seed)")
        var shuffled = record
        var generator = SeededGenerator(seed: seed)
        shuffled.group.backups.shuffle(using: &generator)
        try directory.save(GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil)))
        try directory.save(shuffled)
        #expect(try state.text(of: Sample.file()) == text, "seed \(seed)")
    }

    @Test func noTruncationIsTakenForAWholeFile() throws {
        let bytes = Data(Sample.text.utf8)
        try state.put(group: Sample.text)
        let directory = try state.reading()
        let whole = try directory.record(of: Sample.id)
        for length in 0..<bytes.count {
            try state.overwrite(bytes.prefix(length), at: Sample.file())
            let reading = Result { try directory.record(of: Sample.id) }
            if length == bytes.count - 1 {
                // Only the line break at the end is gone.
                #expect(try reading.get() == whole)
            } else {
                #expect(throws: StateError.self, "length \(length)") { try reading.get() }
            }
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func aFlippedByteIsNoticedOrChangesOneValueOnly(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = Data(Sample.text.utf8)
        try state.put(group: Sample.text)
        let directory = try state.reading()
        let whole = try directory.record(of: Sample.id)
        for _ in 0..<250 {
            var broken = bytes
            let place = Int.random(in: 0..<broken.count, using: &generator)
            broken[place] ^= UInt8.random(in: 1...255, using: &generator)
            try state.overwrite(broken, at: Sample.file())
            guard let read = try? directory.record(of: Sample.id) else { continue }
            let context: Comment = "seed \(seed), byte \(place) is \(broken[place])"
            #expect(read.group.cluster?.id == whole.group.cluster?.id, context)
            #expect(read.group.backups.count == whole.group.backups.count, context)
            #expect(read.group.cluster?.hsms.count == whole.group.cluster?.hsms.count, context)
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func whatTheReaderTakesFoundationTakesAsWell(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = Array(Sample.text.utf8)
        try state.put(group: Sample.text)
        let directory = try state.reading()
        for _ in 0..<250 {
            var broken = bytes
            let start = Int.random(in: 0..<broken.count, using: &generator)
            let length = Int.random(in: 0...min(9, broken.count - start), using: &generator)
            let from = Int.random(in: 0..<(broken.count - 9), using: &generator)
            broken.replaceSubrange(start..<(start + length), with: bytes[from..<(from + 5)])
            try state.overwrite(Data(broken), at: Sample.file())
            guard (try? directory.record(of: Sample.id)) != nil else { continue }
            #expect(throws: Never.self, "seed \(seed), \(length) bytes at \(start) from \(from)") {
                try JSONSerialization.jsonObject(with: Data(broken))
            }
        }
    }
}

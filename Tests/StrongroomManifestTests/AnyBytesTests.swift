import StrongroomManifest
import StrongroomModel
import Testing

/// Whatever the bytes are, reading ends with a fleet or with mistakes that point into the text.
@Suite struct AnyBytesTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func damagedManifestsEndInAVerdict(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try Corpus.texts().map { Array($0.utf8) }
        for round in 0..<250 {
            let bytes = damaged(corpus[round % corpus.count], by: &random)
            let found: [Diagnostic]
            do {
                _ = try ManifestReader().read(["-"], standardInput: bytes)
                found = []
            } catch {
                found = error.diagnostics
                #expect(!found.isEmpty, "seed \(seed), round \(round)")
            }
            #expect(found == found.sorted(), "seed \(seed), round \(round)")
            let lines = SourceText(file: "-", bytes: bytes).mark(ofByte: bytes.count).line + 1
            for place in found.compactMap(\.location) {
                #expect((1...Int(lines)).contains(place.line), "seed \(seed), round \(round)")
            }
        }
    }

    private func damaged(_ bytes: [UInt8], by random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let nasty =
            Array("\t\r\n\0&*!|>%@`\"'{}[],:?-#~<\u{FEFF}\u{85}\u{2028}é".utf8) + [0xFF, 0xC0]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: bytes.indices, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(nasty[Int.random(in: nasty.indices, using: &random)], at: place)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: end)
            default: bytes.removeSubrange(place...)
            }
            if bytes.isEmpty { bytes = nasty }
        }
        return bytes
    }
}

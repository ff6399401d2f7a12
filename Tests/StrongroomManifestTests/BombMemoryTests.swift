import Foundation
import StrongroomManifest
import StrongroomModel
import Testing

/// Inputs made to exhaust a machine, read from a file by a process of their own: each is refused with
/// its file and line, and the process stays small.
@Suite struct BombMemoryTests {
    /// What a process may take at its largest, this test program itself included.
    private static let mostMemory = 128 * 1_024

    /// A bomb, made piece by piece so that making it takes no memory either.
    enum Bomb: String, CaseIterable, Codable {
        case aliases = "alias bomb"
        case brackets = "200 KB of ["
        case keys = "100,000 keys"
        case scalar = "10 MB scalar"
        case documents = "1,001 documents"

        private var pieces: (count: Int, text: (Int) -> String) {
            switch self {
            case .aliases:
                (
                    10,
                    { level in
                        let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(
                            separator: ","
                        )
                        return "a\(level): &a\(level) [\(level == 0 ? "x" : uses)]\n"
                    }
                )
            case .brackets: (200, { _ in String(repeating: "[", count: 1_024) })
            case .keys: (100_000, { "k\($0): \n" })
            case .scalar:
                (10_000, { ($0 == 0 ? "a: " : "") + String(repeating: "x", count: 1_000) })
            case .documents: (1_001, { "---\na: \($0)\n" })
            }
        }

        func write(to path: String) throws {
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw CocoaError(.fileWriteUnknown) }
            let (count, text) = pieces
            for number in 0..<count { try file.write(contentsOf: Data(text(number).utf8)) }
            try file.close()
        }

        /// What the mistake is called, and on which line.
        var refusal: (rule: String, line: Int) {
            switch self {
            case .aliases: ("yaml-anchor", 1)
            case .brackets: ("too-deep", 1)
            case .keys: ("too-many-nodes", 50_000)
            case .scalar: ("file-too-large", 1)
            case .documents: ("too-many-documents", 2_001)
            }
        }
    }

    @Test func eachIsRefusedWithItsPlaceAndLittleMemory() async throws {
        var most = 0
        for bomb in Bomb.allCases {
            let folder = try Folder()
            let path = folder.path("bomb.yaml")
            try bomb.write(to: path)
            await #expect(processExitsWith: .success, "\(bomb.rawValue)") {
                [bomb = bomb as Bomb, path = path as String] in
                let refused = try #require(throws: ManifestErrors.self) {
                    try ManifestReader().read([path])
                }
                let places = refused.diagnostics.filter { $0.rule == bomb.refusal.rule }
                    .compactMap(\.location)
                #expect(places.contains { $0.file == path && $0.line == bomb.refusal.line })
                try "\(BombMemoryTests.largestMemory())"
                    .write(toFile: path + ".memory", atomically: false, encoding: .utf8)
            }
            let memory = try String(contentsOfFile: path + ".memory", encoding: .utf8)
            let largest = try #require(Int(memory))
            #expect(largest < Self.mostMemory, "\(bomb.rawValue)")
            most = max(most, largest)
        }
        print(
            "torture F18 | bombs \(Bomb.allCases.count) | refused \(Bomb.allCases.count) "
                + "| largest MB \(most / 1_024) | seed 0"
        )
    }

    /// The most memory this process has had, in KiB.
    static func largestMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let words = line?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? Int(words[1]) ?? .max : .max
    }
}

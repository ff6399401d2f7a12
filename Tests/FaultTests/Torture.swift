import Foundation
import Testing

/// Every fault test, one after the other: each uses all cores by itself.
@Suite("Faults on the real program", .serialized)
struct Faults {}

/// How much is tried, and from which seed.
enum Torture {
    /// Whether the full figures are asked for.
    static let isFull = ProcessInfo.processInfo.environment["STRONGROOM_TORTURE"] == "full"

    /// What every choice is made from; any failure replays from it.
    static let seed: UInt64 = {
        let written = ProcessInfo.processInfo.environment["STRONGROOM_SEED"]
        return written.flatMap(UInt64.init) ?? 20_261_124
    }()

    /// A figure in the size asked for.
    ///
    /// - Parameters:
    ///   - full: The figure of a release.
    ///   - normal: The figure of every day, at least a tenth of it.
    /// - Returns: One of the two.
    static func figure(full: Int, normal: Int) -> Int { isFull ? full : normal }

    /// Prints what a test did, in the one line that is looked for.
    ///
    /// - Parameters:
    ///   - test: The test's id, such as F01.
    ///   - counts: What was counted, in order.
    static func close(_ test: String, _ counts: [(name: String, value: Int)]) {
        let pairs = counts.map { "\($0.name) \($0.value)" } + ["seed \(seed)"]
        say("torture \(test) | \(pairs.joined(separator: " | "))")
    }

    /// Prints why a test is left out here.
    static func skip(_ test: String, because reason: String) {
        say("torture \(test) | skipped: \(reason)")
    }

    /// Prints a line at once, whole, whoever else prints.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

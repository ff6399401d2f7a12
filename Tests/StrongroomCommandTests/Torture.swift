import Foundation

/// How large a fault test is, and what it prints in the end.
enum Torture {
    /// Whether the full figures are asked for.
    static let isFull = ProcessInfo.processInfo.environment["STRONGROOM_TORTURE"] == "full"

    /// The seed of everything that is chosen; it can be given to repeat a run.
    static let seed =
        ProcessInfo.processInfo.environment["STRONGROOM_SEED"].flatMap { UInt64($0) } ?? 42

    /// Prints a test's closing line.
    ///
    /// - Parameters:
    ///   - test: Its number.
    ///   - figures: Names and counts.
    ///   - way: How it was done, where another test has the same number.
    static func close(_ test: String, _ figures: [(String, Int)], _ way: String? = nil) {
        let words = figures.map { "\($0.0) \($0.1)" } + (way.map { [$0] } ?? []) + ["seed \(seed)"]
        print("torture \(test) | " + words.joined(separator: " | "))
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

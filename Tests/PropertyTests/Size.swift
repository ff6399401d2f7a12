import Foundation
import StrongroomModel

/// How much is tried: `STRONGROOM_TORTURE=full` asks for the full figures, `tenth` for a tenth of
/// the usual ones.
enum Size {
    /// A figure in the size asked for.
    static func figure(full: Int, normal: Int) -> Int {
        switch ProcessInfo.processInfo.environment["STRONGROOM_TORTURE"] {
        case "full": full
        case "tenth": max(normal / 10, 1)
        default: normal
        }
    }

    /// The seed everything begins from; `STRONGROOM_SEED=n` chooses another.
    static let seed =
        ProcessInfo.processInfo.environment["STRONGROOM_SEED"]
        .flatMap(UInt64.init) ?? 1

    /// Work in equal shares, side by side on all cores.
    ///
    /// - Parameters:
    ///   - shares: How many shares.
    ///   - work: What is done for the share of a number, from 0.
    /// - Returns: The results in order of the shares.
    /// - Throws: What the work throws first.
    static func inShares<Result: Sendable>(
        _ shares: Int,
        _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        try await sideBySide(
            Array(0..<shares),
            width: ProcessInfo.processInfo.activeProcessorCount,
            work
        )
    }
}

/// Numbers that a seed decides (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        // Stirred first, so that neighbouring seeds share no part of their sequences.
        state = seed
        state = next() ^ 0xD1B5_4A32_D192_ED03
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number from 0; quicker than the library's, and even enough.
    mutating func upTo(_ most: Int) -> Int { Int(next() >> 33) % (most + 1) }

    /// True once in so many times.
    mutating func one(in count: Int) -> Bool { upTo(count - 1) == 0 }

    /// One of several values.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[upTo(values.count - 1)] }
}

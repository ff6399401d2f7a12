import CloudHSM
import Foundation

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
}

/// The seeds a property is tried with: one number stands for one whole world.
///
/// `STRONGROOM_LONG=1` tries twenty times as many, `STRONGROOM_SEED=n` only that one.
///
/// - Parameter count: How many in a usual run.
/// - Returns: The seeds.
func seeds(_ count: Int) -> [UInt64] {
    let environment = ProcessInfo.processInfo.environment
    if let text = environment["STRONGROOM_SEED"], let seed = UInt64(text) { return [seed] }
    let isLong = environment["STRONGROOM_LONG"] == "1"
    let usual = Size.figure(full: count, normal: count)
    return (1...UInt64(isLong ? count * 20 : usual)).map { $0 }
}

/// Chance that a seed decides (SplitMix64), and short words for drawing from it.
struct Chance: RandomNumberGenerator {
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

    /// A number of a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True so many times in a hundred.
    mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of several; nothing out of none.
    mutating func one<Element>(of elements: [Element]) -> Element? {
        elements.randomElement(using: &self)
    }

    /// One of several, of which there is always a first.
    mutating func one<Element>(_ first: Element, _ others: Element...) -> Element {
        ([first] + others).randomElement(using: &self) ?? first
    }

    /// A span of so many minutes and odd milliseconds, so that no two ages are ever equal.
    mutating func span(minutes range: ClosedRange<Int>) -> Duration {
        .minutes(number(range)) + .milliseconds(number(1...59_999))
    }
}

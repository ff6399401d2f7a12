import CloudHSM
import Synchronization

/// Failures that are put in by chance, so that clients can be tried against them.
final class FaultPlan: Sendable {
    /// What happens to a call.
    enum Fault: Hashable, Sendable {
        /// Nothing.
        case none
        /// It is refused for now, and nothing was done.
        case throttled
        /// It is answered with a server error, and nothing was done.
        case lost
        /// It is answered with a server error, although it was done.
        case answerLost
    }

    private let throttling: Double
    private let failing: Double
    private let bits: Mutex<SeededBits>

    /// Plans failures.
    ///
    /// - Parameters:
    ///   - throttling: How many of all calls are throttled, 0 to 1.
    ///   - failing: How many of the others get a server error, 0 to 1; half of them are done.
    ///   - seed: Decides which.
    init(throttling: Double, failing: Double, seed: UInt64) {
        self.throttling = throttling
        self.failing = failing
        bits = Mutex(SeededBits(seed: seed))
    }

    /// What happens to the next call.
    ///
    /// - Returns: The fault.
    func next() -> Fault {
        guard throttling > 0 || failing > 0 else { return .none }
        return bits.withLock { bits in
            if Double.random(in: 0..<1, using: &bits) < throttling { return .throttled }
            guard Double.random(in: 0..<1, using: &bits) < failing else { return .none }
            return Bool.random(using: &bits) ? .lost : .answerLost
        }
    }
}

extension ServiceException {
    /// A service fault that was put in on purpose.
    static let onPurpose = ServiceException(
        .internalFailure,
        "A failure that the emulator was asked to put in."
    )
}

/// SplitMix64: the same bits on every machine and in every run.
struct SeededBits: RandomNumberGenerator {
    private var state: UInt64

    /// Begins a sequence.
    ///
    /// - Parameter seed: Decides all of it.
    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

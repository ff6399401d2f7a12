import CloudHSM
import Foundation

/// This machine's clock.
enum RealClock {
    /// The present.
    static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

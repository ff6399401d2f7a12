/// The right to act on a state, which can be lost while a run goes on.
public protocol Lease: Sendable {
    /// A number that grows each time the right is taken.
    var epoch: Int { get }

    /// Looks whether the right is held still.
    ///
    /// - Throws: ``LeaseLost`` if it is not: nothing may be sent or written any more.
    func check() throws
}

/// The lock was lost: another run may be at work by now.
public struct LeaseLost: Error, Hashable, Sendable, CustomStringConvertible {
    /// How that was noticed.
    public let reason: String

    /// Describes a loss.
    ///
    /// - Parameter reason: How it was noticed.
    public init(_ reason: String) {
        self.reason = reason
    }

    /// What is wrong and what to do next.
    public var description: String {
        "the lock was lost: \(reason); nothing more was sent or written: run the command again"
    }
}

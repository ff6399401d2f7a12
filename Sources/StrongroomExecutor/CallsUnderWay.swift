internal import Synchronization

/// How many calls of a run are on their way at present, so that who stops it is told whether there is
/// anything to be seen through.
public final class CallsUnderWay: Sendable {
    private let number = Mutex(0)

    /// Counts from none.
    public init() {}

    /// Whether no call is on its way.
    ///
    /// Asked once the run was cancelled, it is final: a call that begins then is not sent.
    public var isEmpty: Bool { number.withLock { $0 == 0 } }

    /// Does something that counts as a call.
    func counting<Value: Sendable>(
        _ call: () async throws -> Value
    ) async rethrows -> Value {
        number.withLock { $0 += 1 }
        defer { number.withLock { $0 -= 1 } }
        return try await call()
    }
}

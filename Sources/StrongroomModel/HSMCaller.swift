public import CloudHSM

/// The half of the boundary to CloudHSM that acts: it has the clock, and carries calls.
///
/// What is seen of the service may come another way, such as through the pages of its listings.
public protocol HSMCaller: Sendable {
    /// The service's clock.
    ///
    /// - Returns: The present moment there.
    func now() async throws -> Timestamp

    /// Makes a call ready to be sent; nothing leaves the machine.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns; `nil` where a cluster is to be made.
    /// - Returns: The call with its signature.
    /// - Throws: When it cannot be signed.
    func sign(_ call: Call, at place: Place, in group: GroupID?) async throws -> SignedCall

    /// Sends a call, once; never repeats it by itself, and follows no redirect.
    ///
    /// - Parameter call: The call as it was signed.
    /// - Returns: The service's answer.
    /// - Throws: ``ServiceException`` for a refusal or fault; ``CallNotDone`` or ``CallHindered`` if
    ///   it certainly was not carried out; ``CallInDoubt`` if it may have happened although no
    ///   answer came.
    func send(_ call: SignedCall) async throws -> Answer

    /// Lets time pass at the service.
    ///
    /// - Parameter span: How long.
    /// - Throws: `CancellationError` if the run is to stop.
    func wait(_ span: Duration) async throws
}

/// A call that may have happened although no answer came.
public struct CallInDoubt: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong on the way.
    public let description: String

    /// Describes a lost answer.
    ///
    /// - Parameter description: What went wrong on the way.
    public init(_ description: String) {
        self.description = description
    }
}

/// A call that certainly was not carried out, though the service did not refuse it: it never left,
/// or was turned away before the service looked at it.
public struct CallNotDone: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong on the way, and what to do about it.
    public let description: String

    /// Describes a call that was turned away.
    ///
    /// - Parameter description: What went wrong on the way, and what to do about it.
    public init(_ description: String) {
        self.description = description
    }
}

/// A call that certainly was not carried out, because something it rests on could not be read.
public struct CallHindered: ReadingFailure, Hashable, CustomStringConvertible {
    /// What could not be read, and why.
    public let unreadReason: UnreadReason

    /// Describes what kept a call from being carried out.
    ///
    /// - Parameter reason: What could not be read, and why.
    public init(_ reason: UnreadReason) { unreadReason = reason }

    /// What could not be read, and why.
    public var description: String { "\(unreadReason)" }
}

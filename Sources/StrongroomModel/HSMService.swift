public import CloudHSM

/// The boundary to CloudHSM, simulated or real.
public protocol HSMService: Sendable {
    /// The service's clock.
    ///
    /// - Returns: The present moment there.
    func now() async throws -> Timestamp

    /// Which groups exist, and which places could be read.
    ///
    /// - Returns: The groups in a fixed order.
    /// - Throws: When nothing can be said at all.
    func inventory() async throws -> Inventory

    /// One group as the service shows it now, every Region and page read.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group.
    /// - Throws: When it, or a part of it, cannot be read.
    func observe(_ id: GroupID) async throws -> ProtectionGroup

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
    /// - Throws: ``ServiceException`` for a refusal or fault; ``CallInDoubt`` if it may have
    ///   happened although no answer came.
    func send(_ call: SignedCall) async throws -> Answer

    /// Lets time pass at the service.
    ///
    /// - Parameter span: How long.
    /// - Throws: `CancellationError` if the run is to stop.
    func wait(_ span: Duration) async throws
}

/// Which groups exist, and which places could not be read whole.
public struct Inventory: Hashable, Sendable {
    /// Every group, in order of id.
    public let groups: [GroupID]

    /// The places that could not be read whole, and why.
    public let unreadPlaces: [Place: String]

    /// Lists what exists.
    ///
    /// - Parameters:
    ///   - groups: Every group, in any order.
    ///   - unreadPlaces: The places that could not be read whole, and why.
    public init(groups: [GroupID], unreadPlaces: [Place: String] = [:]) {
        self.groups = groups.sorted()
        self.unreadPlaces = unreadPlaces
    }
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

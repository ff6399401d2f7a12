/// Shares a backup with other accounts, by a policy that replaces the one before it.
///
/// Source: `API`; `UG+:sharing`; fact sheet, sections 6 and 16 (a READY backup of one's own).
public struct PutResourcePolicy: Hashable, Sendable {
    /// Characters of a policy (`API`, shape `ResourcePolicy`).
    public static let policyLength = 1...20_000

    /// What is shared.
    public let resource: ResourceARN

    /// The policy's text, JSON in the language of IAM.
    public let policy: String

    /// Describes the sharing.
    ///
    /// - Parameters:
    ///   - resource: What is shared.
    ///   - policy: The policy's text.
    public init(_ resource: ResourceARN, policy: String) {
        self.resource = resource
        self.policy = policy
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameters:
    ///   - target: The backup as it is; `nil` if unknown.
    ///   - account: The account that asks.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?, by account: AccountID) -> ServiceException? {
        if let refusal = resource.refusal(on: target, by: account) { return refusal }
        guard let target, target.isReady else {
            return .invalid("\(resource) is \(target?.state ?? .deleted), not READY")
        }
        guard Self.policyLength.contains(policy.unicodeScalars.count) else {
            return .invalid("a policy has 1 to \(Self.policyLength.upperBound) characters")
        }
        return nil
    }
}

/// Reads with whom a backup is shared.
///
/// Source: `API`; `UG+:sharing`.
public struct GetResourcePolicy: Hashable, Sendable {
    /// Whose policy.
    public let resource: ResourceARN

    /// Describes the question.
    ///
    /// - Parameter resource: Whose policy.
    public init(_ resource: ResourceARN) {
        self.resource = resource
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameters:
    ///   - target: The backup as it is; `nil` if unknown.
    ///   - account: The account that asks.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?, by account: AccountID) -> ServiceException? {
        resource.refusal(on: target, by: account)
    }
}

/// Ends the sharing of a backup; clusters that others made from it stay.
///
/// Source: `API`; `UG+:sharing`. Whether it is refused where there is no policy is unknown; here
/// it is not, so that asking twice is safe.
public struct DeleteResourcePolicy: Hashable, Sendable {
    /// What is no longer to be shared.
    public let resource: ResourceARN

    /// Describes the end of a sharing.
    ///
    /// - Parameter resource: What is no longer to be shared.
    public init(_ resource: ResourceARN) {
        self.resource = resource
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameters:
    ///   - target: The backup as it is; `nil` if unknown.
    ///   - account: The account that asks.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?, by account: AccountID) -> ServiceException? {
        resource.refusal(on: target, by: account)
    }
}

extension ResourceARN {
    /// The backup the ARN names; only backups take a policy (`UG+:sharing`).
    public var backup: BackupID? {
        if case .backup(let id) = resource { return id }
        return nil
    }

    fileprivate func refusal(on target: Backup?, by account: AccountID) -> ServiceException? {
        guard let backup else { return .invalid("\(self) is not a backup") }
        guard account == self.account else {
            return ServiceException(.accessDenied, "\(self) belongs to another account")
        }
        guard let target, target.id == backup, target.region == region, target.state != .deleted
        else { return .notFound(self) }
        return nil
    }
}

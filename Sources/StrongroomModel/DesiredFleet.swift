public import CloudHSM

/// What the manifests say, checked: the fleet and every cluster in it.
public struct DesiredFleet: Sendable {
    /// The fleet's name.
    public let name: Located<String>

    /// Which service carries the plan out.
    public let service: ServiceKind

    /// The state directory's path, resolved against the manifest that names it.
    public let stateDirectory: String

    /// The accounts, in the order written; one default account where none is.
    public let accounts: [DesiredAccount]

    /// Every Region to observe, in the order written.
    public let regions: [Region]

    /// Budgets and freeze.
    public let safety: Safety

    /// What each account may have in each Region.
    public let quotas: Quotas

    /// The clusters, ordered by name.
    public let clusters: [DesiredCluster]

    /// Joins what was read.
    ///
    /// - Parameters:
    ///   - name: The fleet's name.
    ///   - service: Which service carries the plan out.
    ///   - stateDirectory: The state directory's path.
    ///   - accounts: The accounts, at least one.
    ///   - regions: Every Region to observe.
    ///   - safety: Budgets and freeze.
    ///   - quotas: What each account may have in each Region.
    ///   - clusters: The clusters, in any order.
    public init(
        name: Located<String>,
        service: ServiceKind,
        stateDirectory: String,
        accounts: [DesiredAccount],
        regions: [Region],
        safety: Safety = .standard,
        quotas: Quotas = .serviceDefault,
        clusters: [DesiredCluster]
    ) {
        self.name = name
        self.service = service
        self.stateDirectory = stateDirectory
        self.accounts = accounts
        self.regions = regions
        self.safety = safety
        self.quotas = quotas
        self.clusters = clusters.sorted { $0.name.value < $1.name.value }
    }
}

/// Which service carries a plan out.
public enum ServiceKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The embedded simulated service; the state directory is its memory.
    case simulator
    /// AWS CloudHSM.
    case aws
}

/// An account as a fleet names it.
public struct DesiredAccount: Hashable, Sendable {
    /// The name clusters refer to it by.
    public let name: String

    /// Its id.
    public let id: AccountID

    /// The role to take on in it, if any.
    public let roleARN: String?

    /// What the role's owner asks of whoever takes it on, if anything.
    public let externalID: String?

    /// Describes an account.
    ///
    /// - Parameters:
    ///   - name: The name clusters refer to it by.
    ///   - id: Its id.
    ///   - roleARN: The role to take on in it.
    ///   - externalID: What the role's owner asks of whoever takes it on.
    public init(
        name: String,
        id: AccountID,
        roleARN: String? = nil,
        externalID: String? = nil
    ) {
        self.name = name
        self.id = id
        self.roleARN = roleARN
        self.externalID = externalID
    }

    /// The one account of a fleet that names none.
    public static let standard = DesiredAccount(name: "default", id: .simulated)
}

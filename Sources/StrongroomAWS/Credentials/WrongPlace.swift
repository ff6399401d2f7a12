public import CloudHSM

/// Credentials that would act somewhere else than the manifests say.
public enum WrongPlace: Error, Hashable, Sendable {
    /// They are of another account: which they should be of, and who AWS takes us for.
    case account(AccountID, CallerIdentity)
    /// They are of another partition than a Region: which Region, and who AWS takes us for.
    case partition(Region, CallerIdentity)
    /// A role to take on that belongs to another account than the one it stands for.
    case roleOfAccount(RoleARN, AccountID)
    /// A role to take on that lies in another partition than a Region.
    case roleOfPartition(RoleARN, Region)
}

extension WrongPlace: CustomStringConvertible {
    /// What does not fit together, and what next.
    public var description: String {
        switch self {
        case .account(let wanted, let identity):
            "the credentials are of account \(identity.account) (\(identity)), not of \(wanted); "
                + "choose another profile, or write roleArn for the account in the fleet"
        case .partition(let region, let identity):
            "the credentials are of the partition \(identity.partition.rawValue) (\(identity)), "
                + "and \(region) is not in it; choose another profile"
        case .roleOfAccount(let role, let account):
            "\(role) is not a role of account \(account); write a role of that account"
        case .roleOfPartition(let role, let region):
            "\(role) is of the partition \(role.partition.rawValue), and \(region) is not in it"
        }
    }
}

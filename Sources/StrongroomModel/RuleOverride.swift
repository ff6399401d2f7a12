/// A person's leave to go beyond one limit, for one group and one run.
public struct RuleOverride: Hashable, Sendable {
    /// The limits that a person can go beyond; every other rule holds for everyone.
    public enum Rule: String, Hashable, Sendable, Codable, CaseIterable {
        /// How many backups may be deleted in a run, a day and a group.
        case deletionBudget = "deletion-budget"
        /// How many HSMs may be created in an hour.
        case creationBudget = "creation-budget"
        /// That nothing is deleted in a group that lost most of its backups since last time.
        case shrunk
    }

    /// Which limit.
    public let rule: Rule

    /// Which group.
    public let group: GroupID

    /// Gives leave.
    ///
    /// - Parameters:
    ///   - rule: Which limit.
    ///   - group: Which group.
    public init(_ rule: Rule, in group: GroupID) {
        self.rule = rule
        self.group = group
    }
}

/// The promises that a plan is proved to keep, numbered as in the design, section 8.
///
/// The ninth, that nothing secret is read or shown, holds by construction and by no plan.
public enum Promise: Int, Hashable, Sendable, Codable, CaseIterable {
    /// READY backups never fall below their floor by our hand, and never to zero.
    case floors = 1
    /// A nominated recovery point never goes, and is pinned before retention could reach it.
    case recoveryPoints
    /// What replaces something is READY before the something goes.
    case replacements
    /// Healthy HSMs never fall below the smaller of what is there and what is asked.
    case healthyHSMs
    /// What is not known for certain neither deletes nor makes anything.
    case certainty
    /// Deletions stay inside their budgets.
    case budgets
    /// Nothing is touched that no manifest asks for.
    case ownership
    /// Nothing is done twice.
    case repeats
}

extension Promise: CustomStringConvertible {
    /// The promise in words, as it stands after "promise 1, ".
    public var description: String {
        switch self {
        case .floors: "READY backups never fall below their floor"
        case .recoveryPoints: "recovery points stay"
        case .replacements: "what replaces is READY before the replaced goes"
        case .healthyHSMs: "healthy HSMs never fall below what is asked"
        case .certainty: "nothing goes or is made on uncertain ground"
        case .budgets: "deletions stay inside their budgets"
        case .ownership: "nothing is touched that no manifest asks for"
        case .repeats: "nothing is done twice"
        }
    }
}

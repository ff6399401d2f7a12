internal import CloudHSM
internal import StrongroomModel

/// What every rule sees: one cluster as desired and as observed, the fleet and the clock.
///
/// A class, because rules hand it on to their parts, and a fleet's worth of values is not copied
/// for each.
final class Situation: Sendable {
    let desired: DesiredCluster
    let fleet: DesiredFleet
    let context: PlanContext

    /// The group as observed; `nil` while the cluster is to be made.
    let group: ProtectionGroup?

    /// The group that the manifest restores from; `nil` if it names none, or none is seen.
    let source: ProtectionGroup?

    /// The journal entries of the group, or of the creation of a cluster of that name and place.
    let entries: [JournalEntry]

    init(
        desired: DesiredCluster,
        fleet: DesiredFleet,
        context: PlanContext,
        group: ProtectionGroup?,
        source: ProtectionGroup? = nil,
        entries: [JournalEntry]
    ) {
        self.desired = desired
        self.fleet = fleet
        self.context = context
        self.group = group
        self.source = source
        self.entries = entries
    }

    /// The moment planned for.
    var now: Timestamp { context.now }

    /// The cluster unless it is missing or gone.
    var cluster: Cluster? { group?.livingCluster }

    /// The Region the cluster lives in.
    var home: Region { desired.region.value }

    /// Why a Region of the group's account was not read whole; `nil` if it was.
    func unread(_ region: Region) -> UnreadReason? {
        context.unreadPlaces[Place(account: desired.account.id, region: region)]
    }
}

/// One rule: from a situation, and what earlier rules found, to its own part of the plan.
struct Rule {
    /// The code that stands in reasons, lower-case words joined by hyphens.
    let code: String

    /// Finds this rule's part.
    let find: @Sendable (Situation, Findings) -> Findings
}

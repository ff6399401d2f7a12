internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Whether there is a cluster to speak of: looks at tombstones, lost clusters and busy states
    /// before any other rule may plan.
    static let presence = Rule(code: "presence") { situation, _ in
        let desired = situation.desired
        if let home = situation.group?.id.home, home != desired.home {
            return .stop(
                "cluster",
                "it lives in \(home), and a cluster cannot move; correct the Region or account, "
                    + "or choose another name for a new cluster",
                at: desired.region.location
            )
        }
        if let reason = situation.unread(situation.home) {
            return .blind(
                "\(situation.home) was not read, so nothing is planned\(reason.pageInWords)",
                at: desired.region.location
            )
        }
        if let reason = whatItMayBe(in: situation) {
            return .blind(
                "it may be what could not be read, so nothing is planned: \(reason)",
                at: desired.name.location
            )
        }
        if let item = futureDated(in: situation) {
            return .stop(
                "cluster",
                "\(item) is dated in the future, so no age can be trusted and nothing is planned",
                at: desired.name.location
            )
        }
        // What is to be gone and is gone is no loss.
        if situation.desired.ensure.value != .present, situation.cluster == nil { return .nothing }
        if let lost = lostCluster(in: situation) { return lost }
        return busyCluster(in: situation)
    }

    /// Why the group or place that could not be read, and may be what seems to be missing, was not.
    ///
    /// A manifest may name the wrong Region of a cluster, so a place counts wherever it is.
    private static func whatItMayBe(in situation: Situation) -> String? {
        guard situation.group == nil, !isCloneOfALostCluster(situation) else { return nil }
        if let place = situation.context.unreadPlaces.min(by: { $0.key < $1.key }) {
            return "\(place.key)"
        }
        let unread = situation.context.unreadGroups
        guard let clusterID = situation.desired.clusterID?.value else {
            return unread.filter { $0.key.home == situation.desired.home }
                .min { $0.key < $1.key }?.value.description
        }
        return unread.filter { $0.key.cluster == clusterID }.min { $0.key < $1.key }?.value
            .description
    }

    /// Whether it is a clone of a cluster whose home is lost: then what cannot be read there is no
    /// reason to stop, as long as the clone's own home is read; the clone's rule weighs the rest.
    private static func isCloneOfALostCluster(_ situation: Situation) -> Bool {
        guard let source = situation.desired.restoreFrom?.value else { return false }
        let origin = situation.fleet.clusters.first { $0.name.value == source.cluster }
        let unread = situation.context.unreadGroups
        return origin.map { situation.context.unreadPlaces[$0.home] != nil } ?? false
            && situation.unread(situation.home) == nil
            && unread.allSatisfy { $0.key.home != situation.desired.home }
    }

    /// What is dated after the present, allowing a minute for clock skew.
    private static func futureDated(in situation: Situation) -> String? {
        guard let group = situation.group else { return nil }
        let limit = situation.now + .minutes(1)
        if let createdAt = group.cluster?.createdAt, createdAt > limit {
            return "\(group.id.cluster)"
        }
        guard group.backups.contains(where: { $0.createdAt > limit }) else { return nil }
        return group.backups.filter { $0.createdAt > limit }.map(\.id).min()?.description
    }

    /// A cluster that was there and is not: creating an empty one would not bring its keys back.
    private static func lostCluster(in situation: Situation) -> Findings? {
        guard situation.cluster == nil else { return nil }
        if let clusterID = situation.desired.clusterID {
            return .stop(
                "cluster",
                "\(clusterID.value) does not exist in \(situation.desired.home); correct the id, "
                    + "or remove the line to have a new cluster made",
                at: clusterID.location
            )
        }
        guard let group = situation.group else { return nil }
        return .stop(
            "create cluster",
            "\(group.id.cluster) of that name is listed as DELETED or not at all, and left "
                + "\(group.backups.count) backups; a new cluster would be empty, so choose another "
                + "name for one",
            at: situation.desired.name.location
        )
    }

    private static func busyCluster(in situation: Situation) -> Findings {
        guard let cluster = situation.cluster, cluster.state.isBusy else { return .nothing }
        let location = situation.desired.name.location
        switch cluster.state {
        case .degraded:
            return .stop(
                "cluster",
                "it is DEGRADED; the way out is not documented, so it is only read",
                at: location
            )
        case .unrecognised(let name):
            return .stop(
                "cluster",
                "it is in the state \(name), which this version does not know; it is only read",
                at: location
            )
        case .deleteInProgress where situation.desired.ensure.value != .present:
            return final(
                .waiting(
                    "delete cluster",
                    Reason(
                        rule: "presence",
                        "it is being deleted",
                        at: situation.desired.ensure.location
                    )
                )
            )
        case .modifyInProgress, .rollbackInProgress:
            return final(
                .waiting(
                    "HSM type",
                    Reason(rule: "presence", typeChange(of: cluster), at: location)
                )
            )
        case .deleteInProgress:
            return .stop("cluster", "it is being deleted by someone else", at: location)
        case .createInProgress, .initializeInProgress, .updateInProgress, .uninitialized,
            .initialized, .active, .deleted:
            return final(
                .waiting(
                    "cluster",
                    Reason(rule: "presence", "it is \(cluster.state)", at: location)
                )
            )
        }
    }

    /// A change of type under way, whoever began it (fact sheet, section 15).
    private static func typeChange(of cluster: Cluster) -> String {
        guard cluster.state == .modifyInProgress else {
            return "it is \(cluster.state): a change of type is taken back, about 30 min per HSM"
        }
        let changed = cluster.hsms.count { $0.type == .hsm2mMedium }
        return "it is \(cluster.state): \(changed) of \(cluster.hsms.count) HSMs are moved, about "
            + "30 min each, and writes to keys and users are blocked meanwhile"
            + (cluster.typeRollbackExpiration.map { "; it can be rolled back until \($0)" } ?? "")
    }

    private static func final(_ findings: Findings) -> Findings {
        var findings = findings
        findings.isFinal = true
        return findings
    }
}

extension UnreadReason {
    /// Where reading stopped, to be put behind a sentence; empty if no page can be named.
    fileprivate var pageInWords: String { page.map { " (reading stopped at \($0))" } ?? "" }
}

extension Findings {
    /// A line that rests on what was not read, and keeps every other rule from planning.
    fileprivate static func blind(_ text: String, at location: SourceLocation?) -> Findings {
        var findings = unread("cluster", Reason(rule: "presence", text, at: location))
        findings.isFinal = true
        return findings
    }

    /// A hold that keeps every other rule from planning.
    fileprivate static func stop(
        _ subject: String,
        _ text: String,
        at location: SourceLocation?
    ) -> Findings {
        var findings = held(subject, Reason(rule: "presence", text, at: location))
        findings.isFinal = true
        return findings
    }
}

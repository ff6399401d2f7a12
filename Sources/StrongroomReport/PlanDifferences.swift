internal import CloudHSM
public import StrongroomModel

extension PlanDocument {
    /// What a step does to what, without its reason, its age and its number.
    public struct StepFingerprint: Hashable, Sendable {
        /// The cluster.
        public let subject: PlanSubject

        /// The change and its operands.
        public let action: PlannedAction

        /// Both in words, safe to show.
        public var words: String { SafeText.terminal("\(subject.title): \(action.words)") }
    }

    /// A fingerprint of every step, in plan order.
    public var stepFingerprints: [StepFingerprint] {
        body.groups.flatMap { group in
            group.steps.map { StepFingerprint(subject: group.subject, action: $0.action) }
        }
    }

    /// What another plan would do otherwise.
    ///
    /// Reasons, ages, notes and the order of steps do not count.
    ///
    /// - Parameter other: The plan that was approved before; this one is the present plan.
    /// - Returns: One line per difference; empty if both do the same.
    public func differences(from other: PlanDocument) -> [String] {
        guard body.fleet == other.body.fleet else {
            let names = [other.body.fleet, body.fleet].map(SafeText.terminal)
            return ["the saved plan is for the fleet \(names[0]), not \(names[1])"]
        }
        let old = other.stepFingerprints
        let new = stepFingerprints
        let gone = Self.excess(of: old, over: new)
        let come = Self.excess(of: new, over: old)
        return gone.map { "no longer planned: \($0.words)" }
            + come.map { "newly planned: \($0.words)" }
    }

    /// The fingerprints that one list has more often than another, in order.
    private static func excess(
        of list: [StepFingerprint],
        over other: [StepFingerprint]
    ) -> [StepFingerprint] {
        var left: [StepFingerprint: Int] = [:]
        for fingerprint in other { left[fingerprint, default: 0] += 1 }
        return list.filter { fingerprint in
            guard let count = left[fingerprint], count > 0 else { return true }
            left[fingerprint] = count - 1
            return false
        }
    }
}

extension PlannedAction {
    /// The change in words, with every operand that can differ.
    fileprivate var words: String {
        switch type {
        case .createCluster: "create cluster \(cluster.map { "\($0.hsmType)" } ?? "")"
        case .initializeCluster: "initialise with \(certificates?.certificate ?? "")"
        case .addHSM: "add HSM \(zone.map { "\($0)" } ?? "")"
        case .removeHSM: "remove HSM \(hsm.map { "\($0)" } ?? "added before")"
        case .setRetention:
            "retention \(RetentionPolicy(days: fromDays)) → \(toDays ?? 0) days, losing "
                + (losing.map { $0.isEmpty ? "nothing" : Self.list($0) } ?? "nothing")
        case .copyBackup:
            "copy \(backup.map { "\($0)" } ?? "the new backup") → \(region.map { "\($0)" } ?? "")"
        case .deleteBackup:
            "delete \(backup.map { "\($0)" } ?? "") in \(region.map { "\($0)" } ?? "")"
        case .restoreBackup:
            "restore \(backup.map { "\($0)" } ?? "") in \(region.map { "\($0)" } ?? "")"
        case .pinBackup: "pin \(backup.map { "\($0)" } ?? "the new backup")"
        case .unpinBackup: "unpin \(backup.map { "\($0)" } ?? "")"
        case .tagBackup: "tag \(backup.map { "\($0)" } ?? "the new backup")"
        case .untagBackup: "untag \(backup.map { "\($0)" } ?? "")"
        case .changeType: "HSM type → \(toType.map { "\($0)" } ?? "")"
        case .deleteCluster: "delete \(clusterID.map { "\($0)" } ?? "the cluster")"
        case .tagCluster:
            "tag "
                + (tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: ", ")
        }
    }

    private static func list(_ backups: [BackupID]) -> String {
        backups.map(\.description).joined(separator: ", ")
    }
}

extension RetentionPolicy {
    /// A policy as a file holds it.
    ///
    /// - Parameter days: The days; `nil` where retention is unmanaged.
    fileprivate init(days: Int?) {
        self = days.map { .days($0) } ?? .unmanaged
    }
}

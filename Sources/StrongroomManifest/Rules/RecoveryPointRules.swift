import CloudHSM
import StrongroomModel

/// No two recovery points of a cluster have one name.
@Sendable func recoveryPointsHaveTheirOwnName(_ subject: Subject) -> [PlacedMistake] {
    var seen: Set<String> = []
    return subject.cluster.recoveryPoints.compactMap(\.name)
        .filter { !seen.insert($0.value).inserted }
        .map { PlacedMistake(RecoveryPointMistake.twice($0.value), at: $0.span) }
}

/// No recovery point is older than material that must go, as far as the manifest tells.
///
/// Source: fact sheet, section 14: a nominated recovery point older than `removedAt` conflicts.
@Sendable func recoveryPointsSurviveThePurge(_ subject: Subject) -> [PlacedMistake] {
    guard let purge = subject.cluster.purge?.value else { return [] }
    return subject.cluster.recoveryPoints.compactMap { point in
        guard let selector = point.selector, case .takenBefore(let moment) = selector.value,
            moment <= purge.materialRemovedAt
        else { return nil }
        let name = point.name?.value ?? ""
        let mistake = RecoveryPointMistake.purged(name, removedAt: "\(purge.materialRemovedAt)")
        return PlacedMistake(mistake, at: selector.span)
    }
}

/// A recovery point that cannot be kept.
enum RecoveryPointMistake: Mistake, Equatable {
    case twice(String)
    case purged(String, removedAt: String)

    var rule: String {
        switch self {
        case .twice: "duplicate-recovery-point"
        case .purged: "recovery-point-purged"
        }
    }

    var message: String {
        switch self {
        case .twice(let name): "two recovery points are named \(quoted(name))"
        case .purged(let name, let removedAt):
            "the recovery point \(quoted(name)) is older than the material removed at \(removedAt)"
        }
    }

    var help: String {
        switch self {
        case .twice: "give each its own name"
        case .purged: "nominate a later backup, or remove the purge"
        }
    }
}

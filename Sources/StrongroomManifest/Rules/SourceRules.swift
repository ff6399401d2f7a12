import CloudHSM

/// What a clone is made from exists in the manifests and can be used where the clone is to live.
///
/// Source: fact sheet, section 11: same account, same Region (hence a copy there), same mode.
@Sendable func sourceExists(_ subject: Subject) -> [PlacedMistake] {
    guard let source = subject.cluster.restoreFrom else { return [] }
    guard source.cluster.value != subject.cluster.name?.value else {
        return [PlacedMistake(SourceMistake.itself, at: source.cluster.span)]
    }
    guard let position = subject.all.firstNamed[source.cluster.value] else {
        let names = subject.all.firstNamed.keys.sorted()
        let mistake = SourceMistake.unknownCluster(source.cluster.value, known: names)
        return [PlacedMistake(mistake, at: source.cluster.span)]
    }
    let origin = subject.all.clusters[position]
    return fit(subject, origin: origin, source: source)
        + recoveryPoint(subject, origin: origin, source: source)
}

private func fit(
    _ subject: Subject,
    origin: WrittenCluster,
    source: WrittenSource
) -> [PlacedMistake] {
    var mistakes: [PlacedMistake] = []
    if let fleet = subject.fleet, let own = fleet.account(of: subject.cluster)?.name?.value,
        let other = fleet.account(of: origin)?.name?.value, own != other
    {
        let mistake = SourceMistake.otherAccount(source.cluster.value, account: other)
        mistakes.append(PlacedMistake(mistake, at: source.cluster.span))
    }
    if let own = subject.cluster.hardware.mode, let other = origin.hardware.mode,
        own.value != other.value
    {
        let mistake = SourceMistake.otherMode(source.cluster.value, mode: other.value.rawValue)
        mistakes.append(PlacedMistake(mistake, at: own.span))
    }
    return mistakes
}

private func recoveryPoint(
    _ subject: Subject,
    origin: WrittenCluster,
    source: WrittenSource
) -> [PlacedMistake] {
    let region = subject.cluster.region?.value
    let home = origin.region?.value
    guard let wanted = source.recoveryPoint else {
        guard let region, let home, region != home,
            !origin.copies.contains(where: { $0.region?.value == region })
        else { return [] }
        let mistake = SourceMistake.notCopied(source.cluster.value, region: "\(region)")
        return [PlacedMistake(mistake, at: source.cluster.span)]
    }
    guard let point = origin.recoveryPoints.first(where: { $0.name?.value == wanted.value }) else {
        let names = origin.recoveryPoints.compactMap { $0.name?.value }
        let mistake = SourceMistake.unknownPoint(
            wanted.value,
            of: source.cluster.value,
            known: names
        )
        return [PlacedMistake(mistake, at: wanted.span)]
    }
    guard let region, let home, region != home,
        !point.regions.contains(where: { $0.value == region })
    else { return [] }
    let mistake = SourceMistake.pointNotHeld(wanted.value, region: "\(region)")
    return [PlacedMistake(mistake, at: wanted.span)]
}

/// A source that a clone cannot be made from.
enum SourceMistake: Mistake, Equatable {
    case itself
    case unknownCluster(String, known: [String])
    case unknownPoint(String, of: String, known: [String])
    case pointNotHeld(String, region: String)
    case notCopied(String, region: String)
    case otherAccount(String, account: String)
    case otherMode(String, mode: String)

    var rule: String {
        switch self {
        case .itself: "restores-from-itself"
        case .unknownCluster: "unknown-cluster"
        case .unknownPoint: "unknown-recovery-point"
        case .pointNotHeld, .notCopied: "source-not-in-region"
        case .otherAccount: "source-in-other-account"
        case .otherMode: "source-in-other-mode"
        }
    }

    var message: String {
        switch self {
        case .itself: "a cluster cannot be restored from itself"
        case .unknownCluster(let name, _): "no manifest describes a cluster \(quoted(name))"
        case .unknownPoint(let point, let name, _):
            "the cluster \(quoted(name)) nominates no recovery point \(quoted(point))"
        case .pointNotHeld(let point, let region):
            "the recovery point \(quoted(point)) is not held in \(region), where the clone is to be"
        case .notCopied(let name, let region):
            "the cluster \(quoted(name)) has no copies in \(region), where the clone is to be"
        case .otherAccount(let name, let account):
            "the cluster \(quoted(name)) lives in the account \(quoted(account)), not in this one"
        case .otherMode(let name, let mode):
            "the cluster \(quoted(name)) runs in \(mode) mode, and a clone must as well"
        }
    }

    var help: String {
        switch self {
        case .itself:
            "describe the clone in a manifest of its own, with another name"
        case .unknownCluster(let name, let known):
            nearestWord(to: name, among: known).map { "did you mean \"\($0)\"?" }
                ?? "write the metadata.name of the cluster the backup is from"
        case .unknownPoint(let point, _, let known):
            nearestWord(to: point, among: known).map { "did you mean \"\($0)\"?" }
                ?? "add it to the recoveryPoints of that cluster"
        case .pointNotHeld(_, let region): "add \(region) to the regions of the recovery point"
        case .notCopied(_, let region): "add \(region) to the copies of that cluster"
        case .otherAccount: "write the same account; backups are never copied between accounts"
        case .otherMode(_, let mode): "write mode: \(mode)"
        }
    }
}

import CloudHSM

/// What a clone is made from exists in the manifests and can be used where the clone is to live.
///
/// It may live in another Region than its source: whether a copy lies there, only the world knows.
///
/// Source: fact sheet, sections 10 and 11: same account and partition, same mode, a type that fits.
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
        + recoveryPoint(of: origin, source: source)
}

private func fit(
    _ subject: Subject,
    origin: WrittenCluster,
    source: WrittenSource
) -> [PlacedMistake] {
    let cluster = subject.cluster
    var mistakes: [PlacedMistake] = []
    if let fleet = subject.fleet, let own = fleet.account(of: cluster)?.name?.value,
        let other = fleet.account(of: origin)?.name?.value, own != other
    {
        let mistake = SourceMistake.otherAccount(source.cluster.value, account: other)
        mistakes.append(PlacedMistake(mistake, at: source.cluster.span))
    }
    if let own = cluster.region, let other = origin.region,
        own.value.partition != other.value.partition
    {
        let mistake = SourceMistake.otherPartition(source.cluster.value, region: "\(other.value)")
        mistakes.append(PlacedMistake(mistake, at: source.cluster.span))
    }
    if let own = cluster.hardware.mode, let other = origin.hardware.mode,
        own.value != other.value
    {
        let mistake = SourceMistake.otherMode(source.cluster.value, mode: other.value.rawValue)
        mistakes.append(PlacedMistake(mistake, at: own.span))
    }
    return mistakes + typeMistakes(cluster, origin: origin, source: source)
}

/// A type that the source's backups cannot be restored on; that of a new hsm1.medium is noted by
/// another rule, and one that exists has been restored.
private func typeMistakes(
    _ cluster: WrittenCluster,
    origin: WrittenCluster,
    source: WrittenSource
) -> [PlacedMistake] {
    guard let own = cluster.hardware.type, let other = origin.hardware.type,
        !cluster.isAdopted, own.value != .hsm1Medium, !other.value.restores(on: own.value)
    else { return [] }
    let mistake = SourceMistake.otherType(source.cluster.value, type: "\(other.value)")
    return [PlacedMistake(mistake, at: own.span)]
}

private func recoveryPoint(
    of origin: WrittenCluster,
    source: WrittenSource
) -> [PlacedMistake] {
    guard let wanted = source.recoveryPoint,
        !origin.recoveryPoints.contains(where: { $0.name?.value == wanted.value })
    else { return [] }
    let mistake = SourceMistake.unknownPoint(
        wanted.value,
        of: source.cluster.value,
        known: origin.recoveryPoints.compactMap { $0.name?.value }
    )
    return [PlacedMistake(mistake, at: wanted.span)]
}

/// A source that a clone cannot be made from.
enum SourceMistake: Mistake, Equatable {
    case itself
    case unknownCluster(String, known: [String])
    case unknownPoint(String, of: String, known: [String])
    case otherAccount(String, account: String)
    case otherPartition(String, region: String)
    case otherMode(String, mode: String)
    case otherType(String, type: String)

    var rule: String {
        switch self {
        case .itself: "restores-from-itself"
        case .unknownCluster: "unknown-cluster"
        case .unknownPoint: "unknown-recovery-point"
        case .otherAccount: "source-in-other-account"
        case .otherPartition: "source-in-other-partition"
        case .otherMode: "source-in-other-mode"
        case .otherType: "source-of-other-type"
        }
    }

    var message: String {
        switch self {
        case .itself: "a cluster cannot be restored from itself"
        case .unknownCluster(let name, _): "no manifest describes a cluster \(quoted(name))"
        case .unknownPoint(let point, let name, _):
            "the cluster \(quoted(name)) nominates no recovery point \(quoted(point))"
        case .otherAccount(let name, let account):
            "the cluster \(quoted(name)) lives in the account \(quoted(account)), not in this one"
        case .otherPartition(let name, let region):
            "the cluster \(quoted(name)) lives in \(region), in another partition than the clone; "
                + "backups are never copied across"
        case .otherType(let name, let type):
            "the backups of \(quoted(name)) are of \(type) and cannot be restored on this type"
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
        case .otherAccount: "write the same account; backups are never copied between accounts"
        case .otherPartition(_, let region):
            "choose a Region of the partition that \(region) lies in"
        case .otherMode(_, let mode): "write mode: \(mode)"
        case .otherType(_, let type): "write hsmType: \(type)"
        }
    }
}

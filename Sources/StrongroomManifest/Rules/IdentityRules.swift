import CloudHSM
import StrongroomModel

/// A cluster has one manifest: no other has its name or its id.
@Sendable func oneManifestPerCluster(_ subject: Subject) -> [PlacedMistake] {
    var mistakes: [PlacedMistake] = []
    if let name = subject.cluster.name, let first = subject.all.firstNamed[name.value],
        first != subject.position, let place = subject.all.clusters[first].nameLocation
    {
        let mistake = IdentityMistake.name(name.value, first: place)
        mistakes.append(PlacedMistake(mistake, at: name.span))
    }
    if let id = subject.cluster.clusterID, let first = subject.all.firstWithID[id.value],
        first != subject.position, let place = subject.all.clusters[first].idLocation
    {
        let mistake = IdentityMistake.id("\(id.value)", first: place)
        mistakes.append(PlacedMistake(mistake, at: id.span))
    }
    return mistakes
}

extension WrittenCluster {
    fileprivate var nameLocation: SourceLocation? {
        name.map { findings.source.location(of: $0.span.start) }
    }

    fileprivate var idLocation: SourceLocation? {
        clusterID.map { findings.source.location(of: $0.span.start) }
    }
}

/// Two manifests that claim one cluster.
enum IdentityMistake: Mistake, Equatable {
    case name(String, first: SourceLocation)
    case id(String, first: SourceLocation)

    var rule: String {
        switch self {
        case .name: "duplicate-name"
        case .id: "duplicate-cluster-id"
        }
    }

    var message: String {
        switch self {
        case .name(let name, let first):
            "a cluster named \(quoted(name)) is described already at \(first)"
        case .id(let id, let first): "\(id) is claimed already at \(first)"
        }
    }

    var help: String {
        switch self {
        case .name: "give one of them another name, or remove one manifest"
        case .id: "one cluster has one manifest: join the two, or correct one id"
        }
    }
}

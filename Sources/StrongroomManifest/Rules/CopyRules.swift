import CloudHSM

/// Copies lie in other Regions of the same partition that the fleet observes, one entry each.
@Sendable func copiesLieElsewhere(_ subject: Subject) -> [PlacedMistake] {
    var seen: Set<Region> = []
    return subject.cluster.copies.compactMap(\.region).flatMap { region in
        guard seen.insert(region.value).inserted else {
            return [PlacedMistake(CopyMistake.twice("\(region.value)"), at: region.span)]
        }
        return subject.mistakes(holdingBackupsIn: region)
    }
}

/// Recovery points are held in other Regions of the same partition that the fleet observes.
@Sendable func recoveryPointsLieElsewhere(_ subject: Subject) -> [PlacedMistake] {
    subject.cluster.recoveryPoints.flatMap(\.regions).flatMap {
        subject.mistakes(holdingBackupsIn: $0)
    }
}

extension Subject {
    fileprivate func mistakes(holdingBackupsIn region: Spanned<Region>) -> [PlacedMistake] {
        if let home = cluster.region?.value {
            if home == region.value {
                return [PlacedMistake(CopyMistake.home("\(home)"), at: region.span)]
            }
            if home.partition != region.value.partition {
                let mistake = CopyMistake.partition("\(region.value)", home: "\(home)")
                return [PlacedMistake(mistake, at: region.span)]
            }
        }
        return fleet?.mistake(observing: region.value).map { [PlacedMistake($0, at: region.span)] }
            ?? []
    }
}

/// A Region that copies of a cluster's backups cannot be in.
enum CopyMistake: Mistake, Equatable {
    case twice(String)
    case home(String)
    case partition(String, home: String)

    var rule: String {
        switch self {
        case .twice: "duplicate-copy-region"
        case .home: "copy-to-home-region"
        case .partition: "copy-to-other-partition"
        }
    }

    var message: String {
        switch self {
        case .twice(let region): "copies in \(region) are described twice"
        case .home(let region): "\(region) is the cluster's own Region; a copy lies in another"
        case .partition(let region, let home):
            "\(region) and \(home) lie in different partitions; backups are never copied across"
        }
    }

    var help: String {
        switch self {
        case .twice: "join the two entries"
        case .home: "choose another Region, or remove this one"
        case .partition(_, let home): "choose a Region of the partition that \(home) lies in"
        }
    }
}

import CloudHSM

/// A mistake and its place in the manifest of the cluster that a rule looked at.
struct PlacedMistake {
    /// What is wrong.
    let mistake: any Mistake

    /// Where.
    let span: Span

    /// Places a mistake.
    init(_ mistake: any Mistake, at span: Span) {
        self.mistake = mistake
        self.span = span
    }
}

/// One rule about a cluster among all manifests.
///
/// A rule judges only what could be read: a missing or malformed value has been noted already.
typealias ClusterRule = @Sendable (_ cluster: Subject) -> [PlacedMistake]

/// One cluster's manifest, and all the others around it.
struct Subject {
    /// The cluster a rule judges.
    let cluster: WrittenCluster

    /// Where it stands among ``AllManifests/clusters``.
    let position: Int

    /// Every manifest of the fleet.
    let all: AllManifests

    /// The fleet, if there is exactly one.
    var fleet: WrittenFleet? { all.fleet }

    /// The cluster's backups, with the fleet's defaults where it says nothing.
    var backups: EffectiveBackups {
        EffectiveBackups(cluster.backups, defaults: all.fleet?.defaults)
    }
}

/// What is read of a fleet, for rules that look across manifests.
struct AllManifests {
    /// The fleet, if there is exactly one.
    let fleet: WrittenFleet?

    /// The clusters, in the order read.
    let clusters: [WrittenCluster]

    /// The first cluster of each name.
    let firstNamed: [String: Int]

    /// The first cluster of each id.
    let firstWithID: [ClusterID: Int]

    /// Indexes what was read.
    init(fleet: WrittenFleet?, clusters: [WrittenCluster]) {
        self.fleet = fleet
        self.clusters = clusters
        var named: [String: Int] = [:]
        var withID: [ClusterID: Int] = [:]
        for (position, cluster) in clusters.enumerated() {
            if let name = cluster.name?.value, named[name] == nil { named[name] = position }
            if let id = cluster.clusterID?.value, withID[id] == nil {
                withID[id] = position
            }
        }
        firstNamed = named
        firstWithID = withID
    }

    /// Every rule about clusters.
    static let rules: [ClusterRule] = [
        oneManifestPerCluster, accountIsKnown, regionIsObserved,
        hardwareFits, subnetsLieInTheRegion, hsmsHaveSubnets,
        retentionIsGiven, retentionOutlastsMaxAge, retentionCanHoldTheFloor,
        copiesLieElsewhere, recoveryPointsLieElsewhere,
        recoveryPointsHaveTheirOwnName, recoveryPointsSurviveThePurge,
        sourceExists,
    ]

    /// Notes what the rules find, each in the manifest it is about.
    func check() {
        for (position, cluster) in clusters.enumerated() {
            let subject = Subject(cluster: cluster, position: position, all: self)
            for rule in Self.rules {
                for placed in rule(subject) {
                    cluster.findings.report(placed.mistake, at: placed.span)
                }
            }
        }
    }
}

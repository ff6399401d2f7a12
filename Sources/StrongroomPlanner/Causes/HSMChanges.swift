internal import CloudHSM
internal import StrongroomModel

/// What became of a cluster's HSMs since the last run, apart from what we did.
///
/// An HSM that the service replaces keeps its interface and gets another id (fact sheet, section
/// 2.3); only people add and remove HSMs.
struct HSMChanges {
    /// HSMs in whose place there was another id.
    private(set) var replaced: [(old: HSMID, new: HSM)] = []

    /// HSMs in places that were not there, and not made by us.
    private(set) var added: [HSM] = []

    /// HSMs whose place is gone, and not removed by us.
    private(set) var removed: [HSMID] = []

    /// Nothing is known of an earlier run.
    init() {}

    init(of cluster: Cluster, since seen: SeenGroup, _ entries: [JournalEntry]) {
        let present = cluster.presentHSMs
        let before = Set(seen.hsms.values)
        // The interface may have been unknown while an HSM was being created, so the id counts too.
        for hsm in present.sorted(by: { $0.id < $1.id }) where !before.contains(hsm.id) {
            if let old = seen.hsms[hsm.place] {
                replaced.append((old, hsm))
            } else if !entries.contains(where: { $0.hasMade(hsm) }) {
                added.append(hsm)
            }
        }
        let places = Set(present.map(\.place))
        let ids = Set(present.map(\.id))
        removed = seen.hsms
            .filter { place, id in !places.contains(place) && !ids.contains(id) }
            .map(\.value).sorted()
            .filter { id in !entries.contains { $0.hasRemoved(id) } }
    }

    /// Whether a person changed how many there are, or where.
    var isByHand: Bool { !added.isEmpty || !removed.isEmpty }
}

extension JournalEntry {
    fileprivate func hasMade(_ hsm: HSM) -> Bool {
        guard intent.operation == "CreateHsm", mayHaveHappened else { return false }
        if let made = outcome?.made { return made == hsm.id.description }
        return intent.target == hsm.zone?.description && !intent.hsmsBefore.contains(hsm.place)
    }

    fileprivate func hasRemoved(_ hsm: HSMID) -> Bool {
        intent.operation == "DeleteHsm" && intent.target == hsm.description && mayHaveHappened
    }
}

import CloudHSM
import StrongroomManifest
import StrongroomModel
import Synchronization

/// Finds what no manifest names, and writes it down so that planning from it changes nothing.
struct Adoption {
    let house: House
    let manifests: ManifestSource
    let choice: AdoptionChoice

    /// What became of the clusters.
    struct Outcome {
        /// Those that can be written.
        var proven: [NewManifest] = []

        /// Those that cannot, and why.
        var refused: [Refusal] = []

        /// The groups that could not be read, and why.
        var unread: [GroupID: UnreadReason] = [:]

        /// The places that were not read whole, and why.
        var unreadPlaces: [Place: UnreadReason] = [:]

        /// Why parts of the journal that are about no one group cannot be read.
        var journalGaps: [String] = []

        /// The end of the command.
        var status: ExitStatus {
            guard journalGaps.isEmpty else { return .stateUnreadable }
            if unread.values.contains(where: { $0.origin == .ownState }) { return .stateUnreadable }
            if !unread.isEmpty || !unreadPlaces.isEmpty || refused.contains(where: \.isBlind) {
                return .unread
            }
            if refused.isEmpty { return .done }
            return proven.isEmpty ? .refusedBySafety : .partlyApplied
        }
    }

    /// A cluster that is not written.
    struct Refusal {
        /// The cluster.
        let id: GroupID

        /// Why not.
        let reason: Reason

        /// Whether it is not written because something could not be read.
        var isBlind: Bool {
            switch reason {
            case .incomplete, .outside: true
            case .gone, .unknownAccount, .mistakes, .changes: false
            }
        }

        /// What keeps a cluster from being written.
        enum Reason {
            /// It is gone, and left so many backups.
            case gone(backups: Int)
            /// A place of its account was not read whole, and may hold copies of it.
            case incomplete(Place)
            /// Its Region is none of the fleet's, so nobody looked there.
            case outside
            /// The fleet does not know its account.
            case unknownAccount
            /// The rules of manifests do not allow it.
            case mistakes([Diagnostic])
            /// The plan from it would not be empty.
            case changes(GroupPlan)
        }
    }

    /// Finds and proves the chosen clusters.
    ///
    /// - Returns: What can be written, what cannot, and what could not be read.
    /// - Throws: ``Trouble`` if the one cluster that was chosen is not there to be adopted.
    func run() async throws -> Outcome {
        let found = Mutex<[GroupID: AdoptedCluster]>([:])
        let backups = Mutex<[GroupID: Int]>([:])
        let accounts = house.fleet.accountNames
        let now = house.service.present
        let choice = choice
        let result = try await house.plan { group in
            guard choice.contains(group.id) else { return }
            backups.withLock { $0[group.id] = group.backups.count { $0.state != .deleted } }
            let account = accounts[group.id.home.account] ?? nil
            guard let cluster = AdoptedCluster(of: group, account: account, at: now) else { return }
            found.withLock { $0[group.id] = cluster }
        }
        let gaps = result.unreadPlaces.keys.sorted()
        var outcome = Outcome()
        outcome.unreadPlaces = result.unreadPlaces
        outcome.unread = result.unread.filter { choice.contains($0.key) }
        outcome.journalGaps = result.journalGaps
        var living: [AdoptedCluster] = []
        for id in try strangers(in: result) {
            if let place = gaps.first(where: { $0.account == id.home.account }) {
                outcome.refuse(id, .incomplete(place))
            } else if let cluster = found.withLock({ $0[id] }) {
                living.append(cluster)
            } else if !house.fleet.regions.contains(id.home.region) {
                outcome.refuse(id, .outside)
            } else {
                outcome.refuse(id, .gone(backups: backups.withLock { $0[id] ?? 0 }))
            }
        }
        try await prove(named(living), accounts, &outcome)
        outcome.refused.sort { $0.id < $1.id }
        return outcome
    }

    /// The chosen groups that no manifest names, in order of id.
    private func strangers(in result: PlanPipeline.Result) throws -> [GroupID] {
        let chosen = result.plan.groups.filter { $0.subject.group.map(choice.contains) ?? false }
        let strangers = chosen.filter { $0.standing != .managed }
        // What was not read may have it.
        let isUnread = chosen.isEmpty && !result.unreadPlaces.isEmpty
        if let cluster = choice.cluster, strangers.isEmpty, !isUnread,
            !result.unread.contains(where: { $0.key.cluster == cluster })
        {
            throw Trouble(reasonNotToFind(cluster, managed: chosen.first), .failure)
        }
        return strangers.compactMap(\.subject.group).sorted()
    }

    private func reasonNotToFind(_ cluster: ClusterID, managed: GroupPlan?) -> String {
        guard let managed else {
            return "there is no \(cluster) in the accounts and Regions that are looked at"
        }
        let manifest = house.fleet.clusters.first { $0.name.value == managed.subject.name }
        let place = manifest.map { " at \($0.name.location)" } ?? ""
        return "\(cluster) is described already\(place), so there is nothing to adopt"
    }

    private func named(_ clusters: [AdoptedCluster]) -> [AdoptedCluster] {
        if let name = choice.name, var only = clusters.first {
            only.name = name
            return [only]
        }
        let taken = Set(house.fleet.clusters.map(\.name.value))
        return AdoptedNames.named(clusters, besides: taken)
    }
}

import CloudHSM
import StrongroomManifest
import StrongroomModel

/// A manifest that is to be written.
struct NewManifest {
    /// What it is about.
    let cluster: AdoptedCluster

    /// The YAML.
    let text: String

    /// Writes a cluster down, in memory.
    init(_ cluster: AdoptedCluster) {
        self.cluster = cluster
        text = ManifestWriter().text(of: cluster)
    }

    /// The name of its file.
    var fileName: String { "\(cluster.name).yaml" }

    /// The text as it is proved: messages about it must not be taken to be about a file.
    var proposal: ManifestText { ManifestText(file: "\(fileName) (not written)", text: text) }
}

extension Adoption {
    /// Reads the new manifests back together with the others and plans from all of them.
    ///
    /// What does not read well, or would be changed, is left out, and the rest is proved again.
    ///
    /// - Parameters:
    ///   - clusters: The clusters, each with a name of its own.
    ///   - accounts: The accounts the fleet knows.
    ///   - outcome: Takes up what is proven and what is refused.
    /// - Throws: ``Trouble`` if nothing can be planned at all.
    func prove(
        _ clusters: [AdoptedCluster],
        _ accounts: [AccountID: String?],
        _ outcome: inout Outcome
    ) async throws {
        var left: [NewManifest] = []
        for cluster in clusters {
            if accounts[cluster.home.account] == nil {
                outcome.refuse(cluster.groupID, .unknownAccount)
            } else {
                left.append(NewManifest(cluster))
            }
        }
        while !left.isEmpty {
            let refused = try await refusals(among: left)
            guard !refused.isEmpty else { break }
            left.removeAll { refused[$0.cluster.groupID] != nil }
            outcome.refused += refused.values
        }
        outcome.proven = left
    }

    private func refusals(among new: [NewManifest]) async throws -> [GroupID: Refusal] {
        let fleet: DesiredFleet
        do {
            fleet = try manifests.read(and: new.map(\.proposal))
        } catch {
            return try mistakes(error.diagnostics, in: new)
        }
        let plan = try await house.with(fleet).plan().plan
        let plans = Dictionary(
            plan.groups.compactMap { part in part.subject.group.map { ($0, part) } },
            uniquingKeysWith: { first, _ in first }
        )
        return new.reduce(into: [:]) { refusals, manifest in
            let id = manifest.cluster.groupID
            guard let part = plans[id], !part.isProof(for: manifest) else { return }
            refusals[id] = Refusal(id: id, reason: .changes(part))
        }
    }

    /// The mistakes of each new manifest; one in another is trouble, since they were read before.
    private func mistakes(
        _ diagnostics: [Diagnostic],
        in new: [NewManifest]
    ) throws -> [GroupID: Refusal] {
        var refusals: [GroupID: Refusal] = [:]
        for manifest in new {
            let own = diagnostics.filter { $0.location?.file == manifest.proposal.file }
            guard !own.isEmpty else { continue }
            let id = manifest.cluster.groupID
            refusals[id] = Refusal(id: id, reason: .mistakes(own))
        }
        guard !refusals.isEmpty else {
            let first = diagnostics.first?.message ?? "they changed meanwhile"
            throw Trouble("the manifests cannot be read any more: \(first)", .manifestsInvalid)
        }
        return refusals
    }
}

extension Adoption.Outcome {
    /// Takes up a cluster that is not written.
    mutating func refuse(_ id: GroupID, _ reason: Adoption.Refusal.Reason) {
        refused.append(Adoption.Refusal(id: id, reason: reason))
    }
}

extension GroupPlan {
    /// Whether it is the plan of that manifest, and nothing is to be done, waits or is held.
    fileprivate func isProof(for manifest: NewManifest) -> Bool {
        standing == .managed && subject.name == manifest.cluster.name && steps.isEmpty
            && !hasOpenNotes
    }
}

extension AdoptedCluster {
    /// The protection group of the cluster.
    var groupID: GroupID { GroupID(home: home, cluster: id) }
}

extension DesiredFleet {
    /// What manifests call each account; nil where there is one that they need not name.
    var accountNames: [AccountID: String?] {
        let isNamed = accounts != [.standard]
        return Dictionary(
            accounts.map { ($0.id, isNamed ? $0.name : nil) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

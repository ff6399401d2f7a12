import CloudHSM
import StrongroomModel

/// Which of the clusters that no manifest names are to be adopted.
struct AdoptionChoice: Sendable {
    /// The only cluster to adopt, if one is chosen.
    let cluster: ClusterID?

    /// What that one is to be called.
    let name: String?

    private let account: AccountID?
    private let region: Region?

    /// Checks what was typed against the fleet.
    ///
    /// - Parameters:
    ///   - command: What was typed.
    ///   - fleet: What the manifests say.
    /// - Throws: ``Trouble`` if the fleet does not know the account or Region, or has the name.
    init(_ command: Adopt, in fleet: DesiredFleet) throws {
        cluster = command.cluster
        name = command.name
        region = command.region
        account = try command.account.map { try Self.account($0, in: fleet) }
        if let region, !fleet.regions.contains(region) {
            throw Trouble(
                "\(region) is not among the fleet's regions: correct --region, or add it there",
                .manifestsInvalid
            )
        }
        if let name, let other = fleet.clusters.first(where: { $0.name.value == name }) {
            throw Trouble(
                "a cluster named \(name) is described already at \(other.name.location): "
                    + "choose another --name",
                .failure
            )
        }
    }

    private static func account(_ text: String, in fleet: DesiredFleet) throws -> AccountID {
        guard let account = fleet.accounts.first(where: { $0.name == text || "\($0.id)" == text })
        else {
            let known = fleet.accounts.map(\.name).joined(separator: ", ")
            throw Trouble(
                "the fleet has no account '\(text)': correct --account (known: \(known))",
                .manifestsInvalid
            )
        }
        return account.id
    }

    /// Whether a group is among the chosen.
    func contains(_ id: GroupID) -> Bool {
        (cluster == nil || cluster == id.cluster) && (account == nil || account == id.home.account)
            && (region == nil || region == id.home.region)
    }
}

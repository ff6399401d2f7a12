internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Makes a cluster that a manifest describes and nobody has made yet.
    ///
    /// A cluster begins with one HSM, whatever is asked: a second is refused before activation
    /// (terraform-provider-aws issue 7437).
    static let creation = Rule(code: "creation") { situation, _ in
        guard situation.group == nil else { return .nothing }
        let desired = situation.desired
        if let source = desired.restoreFrom {
            return .held(
                "create cluster",
                Reason(
                    rule: "creation",
                    "this version of Strongroom does not build clusters from backups; "
                        + "an empty one would not hold the keys of \(source.value.cluster)",
                    at: source.location
                )
            )
        }
        guard let request = request(for: situation) else {
            return .held(
                "create cluster",
                Reason(
                    rule: "creation",
                    "hsmType, mode, subnets and backups.retentionDays are all needed to make one",
                    at: desired.name.location
                )
            )
        }
        if let refusal = request.refusal(cloning: nil) {
            return .held(
                "create cluster",
                Reason(
                    rule: "creation",
                    "the service would refuse: \(refusal.message)",
                    at: desired.name.location
                )
            )
        }
        return .step(
            DraftStep(
                id: Phase.create.draft(0),
                phase: .create,
                action: .createCluster(request),
                reason: Reason(
                    rule: "creation",
                    "no cluster of that name exists in \(desired.home.region)",
                    at: desired.name.location
                ),
                preconditions: [],
                postcondition: .clusterState(.uninitialized)
            )
        )
    }

    private static func request(for situation: Situation) -> CreateCluster? {
        let desired = situation.desired
        guard
            let type = desired.hsmType?.value, let mode = desired.mode?.value,
            let subnets = desired.subnets?.value, let retention = desired.backups.retention?.value
        else { return nil }
        let ownership = [
            OwnershipTag.cluster: desired.name.value,
            OwnershipTag.fleet: situation.fleet.name.value,
        ]
        return CreateCluster(
            hsmType: type,
            subnets: subnets,
            mode: mode,
            networkType: desired.networkType?.value ?? .ipv4,
            retention: retention,
            tags: (desired.tags?.value ?? [:]).merging(ownership) { _, own in own }
        )
    }
}

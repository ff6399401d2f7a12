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
            return Clone(of: source, in: situation).findings
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

    /// The call that makes the cluster; `nil` if the manifest lacks what it needs.
    ///
    /// - Parameters:
    ///   - situation: What is desired.
    ///   - source: The backup to make it from.
    /// - Returns: The call, with our tags.
    static func request(
        for situation: Situation,
        from source: BackupID? = nil
    ) -> CreateCluster? {
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
            sourceBackup: source,
            tags: (desired.tags?.value ?? [:]).merging(ownership) { _, own in own }
        )
    }
}

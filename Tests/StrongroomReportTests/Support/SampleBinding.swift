import CloudHSM
import StrongroomModel
import StrongroomReport

/// What sample plans are for.
enum SampleBinding {
    static let now = binding()

    static func fleet(
        account: String = "111122223333",
        service: ServiceKind = .simulator,
        floor: Int = 2
    ) -> DesiredFleet {
        let home = DesiredAccount(name: "prod", id: Sample.account(account))
        var cluster = DesiredCluster(
            name: Located("payments", at: Sample.place(3)),
            region: Located(Sample.virginia, at: Sample.place(5)),
            account: home
        )
        cluster.backups.keepAtLeast = Located(floor, at: Sample.place(9))
        return DesiredFleet(
            name: Located("acme", at: Sample.place(1)),
            service: service,
            stateDirectory: "/somewhere/state",
            accounts: [home],
            regions: [Sample.virginia],
            clusters: [cluster]
        )
    }

    static func binding(
        _ fleet: DesiredFleet = fleet(),
        endpoint: String? = nil,
        lineage: String = "00112233-4455-6677-8899-aabbccddeeff",
        timeline: String? = "t1",
        epoch: Int? = 7,
        tool: String = "0.1.0",
        at now: Timestamp = Sample.now
    ) -> PlanBinding {
        PlanBinding(
            fleet,
            endpoint: endpoint,
            lineage: lineage,
            timeline: timeline,
            epoch: epoch,
            tool: tool,
            at: now
        )
    }
}

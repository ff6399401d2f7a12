import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 12: quotas of an account in a Region.
@Suite struct QuotaTests {
    @Test func aFifthClusterIsRefusedUntilOneIsDeleted() throws {
        var settings = SimulatorSettings.calm
        settings.quotas = .serviceDefault
        var stage = try Stage(settings)
        for number in 2...4 {
            try stage.call(.createCluster(.plain(tags: ["number": "\(number)"])))
        }
        let fifth = Call.createCluster(.plain(tags: ["number": "5"]))
        #expect(stage.refusal(of: fifth) == .invalidRequest)
        let there = Call.createCluster(.plain(in: ireland.region))
        #expect(stage.refusal(of: there, at: ireland) == nil, "quotas are regional")
        stage.pass(.minutes(3))
        try stage.call(.deleteCluster(DeleteCluster(cluster: stage.cluster)))
        #expect(stage.refusal(of: fifth) == .invalidRequest, "it exists until it is DELETED")
        stage.pass(.minutes(2))
        #expect(stage.refusal(of: fifth) == nil)
    }

    @Test func aSeventhHSMIsRefusedAndOneBeingRemovedDoesNotCount() throws {
        var settings = SimulatorSettings.calm
        settings.quotas = .serviceDefault
        var stage = try Stage.active(hsms: 6, settings)
        let seventh = Call.createHSM(CreateHSM(cluster: stage.cluster, zone: zoneA))
        #expect(stage.refusal(of: seventh) == .invalidRequest)
        try stage.remove(stage.hsms[0].id)
        #expect(stage.refusal(of: seventh) == nil)
    }

    @Test func degradedHSMsCount() throws {
        var settings = SimulatorSettings.calm
        settings.quotas = Quotas(clusters: 1, hsms: 2)
        var stage = try Stage.active(hsms: 2, settings)
        try stage.world.degradeHSM(stage.hsms[1].id)
        let third = Call.createHSM(CreateHSM(cluster: stage.cluster, zone: zoneA))
        #expect(stage.refusal(of: third) == .invalidRequest)
    }

    @Test func aClusterHoldsTwentyEightHSMs() throws {
        var stage = Stage(adopting: Adopted.group(hsms: 27))
        try stage.add()
        let next = Call.createHSM(CreateHSM(cluster: stage.cluster, zone: zoneA))
        #expect(stage.refusal(of: next) == .invalidRequest)
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, sections 5 and 12.
@Suite struct HSMLifeTests {
    @Test func anAddedHSMIsActiveAfterItsLatency() throws {
        var stage = try Stage.active()
        let hsm = try stage.add(in: zoneB)
        #expect(hsm.state == .createInProgress)
        #expect(hsm.zone == zoneB)
        #expect(hsm.subnet == stage.group.cluster?.subnets[zoneB])
        stage.pass(.minutes(8) - .milliseconds(1))
        #expect(stage.hsms.last?.state == .createInProgress)
        stage.pass(.milliseconds(1))
        #expect(stage.hsms.last?.state == .active)
    }

    @Test func aNewcomerIsNotReadyBeforeTheBackupItIsMadeFrom() throws {
        var settings = SimulatorSettings.calm
        settings.latencies.hsmCreate = .minutes(1)
        var stage = try Stage(settings)
        try stage.initialize()
        try stage.world.activate(stage.cluster)
        stage.pass(.minutes(5))
        try stage.add()
        stage.pass(.minutes(5) - .milliseconds(1))
        #expect(stage.hsms.last?.state == .createInProgress)
        stage.pass(.milliseconds(1))
        #expect(stage.own.last?.state == .ready)
        #expect(stage.hsms.last?.state == .active)
    }

    @Test func aRemovedHSMIsListedUntilItIsGone() throws {
        var stage = try Stage.active(hsms: 2)
        let hsm = stage.hsms[1]
        #expect(try stage.remove(hsm.id) == .hsmID(hsm.id))
        #expect(stage.hsms.map(\.state) == [.active, .deleteInProgress])
        stage.pass(.minutes(2) - .milliseconds(1))
        #expect(stage.hsms.count == 2)
        stage.pass(.milliseconds(1))
        #expect(stage.hsms.count == 1)
    }

    @Test func replacedHardwareHasAnotherIdOnTheSameInterface() throws {
        var stage = try Stage.active()
        let old = stage.hsms[0]
        let new = try stage.world.replaceHSM(old.id)
        #expect(new != old.id)
        #expect(stage.hsms.map(\.id) == [new])
        #expect(stage.hsms[0].isSameHSM(as: old))
        #expect(stage.hsms[0].address == old.address)
        #expect(stage.hsms[0].state == .active)
    }

    @Test func aFailedHSMIsDegradedUntilTheServiceHasReplacedIt() throws {
        var stage = try Stage.active()
        let old = stage.hsms[0]
        try stage.world.degradeHSM(old.id)
        #expect(stage.hsms[0].state == .degraded)
        #expect(stage.hsms[0].stateMessage != nil)
        stage.pass(.minutes(10) - .milliseconds(1))
        #expect(stage.hsms[0].state == .degraded)
        stage.pass(.milliseconds(1))
        #expect(stage.hsms[0].state == .active)
        #expect(stage.hsms[0].id != old.id)
        #expect(stage.hsms[0].eni == old.eni)
        #expect(stage.hsms[0].stateMessage == nil)
    }

    @Test func anHSMWhoseCreationFailedStaysDegradedAndCanBeRemoved() throws {
        var stage = try Stage.active()
        let hsm = try stage.add()
        try stage.world.degradeHSM(hsm.id)
        stage.pass(.days(3))
        #expect(stage.hsms.first { $0.id == hsm.id }?.state == .degraded)
        try stage.remove(hsm.id)
        stage.pass(.minutes(2))
        #expect(stage.hsms.count == 1)
    }

    @Test func removingADegradedHSMCancelsItsReplacement() throws {
        var stage = try Stage.active(hsms: 2)
        let hsm = stage.hsms[1]
        try stage.world.degradeHSM(hsm.id)
        try stage.remove(hsm.id)
        stage.pass(.hours(1))
        #expect(stage.hsms.count == 1)
        #expect(stage.hsms.allSatisfy { !$0.isSameHSM(as: hsm) })
    }

    @Test(arguments: [HSMState.createInProgress, .deleteInProgress])
    func anHSMOnItsWayIsNotRemoved(state: HSMState) throws {
        var stage = try Stage.active(hsms: 2)
        var id = stage.hsms[1].id
        if state == .createInProgress { id = try stage.add().id } else { try stage.remove(id) }
        let removal = DeleteHSM(cluster: stage.cluster, hsm: id)
        #expect(stage.refusal(of: .deleteHSM(removal)) == .invalidRequest)
        stage.pass(.minutes(8))
        let isGone = state == .deleteInProgress
        #expect(stage.refusal(of: .deleteHSM(removal)) == (isGone ? .resourceNotFound : nil))
    }

    @Test func anHSMIsRemovedByItsInterfaceOrAddress() throws {
        for name in 0..<2 {
            var stage = try Stage.active(hsms: 2)
            let hsm = stage.hsms[1]
            let target =
                name == 0
                ? DeleteHSM.Target.interface(try #require(hsm.eni))
                : .address(try #require(hsm.address))
            let removal = DeleteHSM(cluster: stage.cluster, target: target)
            #expect(try stage.call(.deleteHSM(removal)) == .hsmID(hsm.id))
            stage.pass(.hours(1))
            #expect(stage.hsms.map(\.id).contains(hsm.id) == false)
            #expect(stage.refusal(of: .deleteHSM(removal)) == .resourceNotFound)
        }
    }

    @Test func beforeActivationThereIsAtMostOneHSM() throws {
        var stage = try Stage()
        stage.pass(.minutes(3))
        try stage.add()
        let second = Call.createHSM(CreateHSM(cluster: stage.cluster, zone: zoneB))
        #expect(stage.refusal(of: second) == .invalidRequest, "UNINITIALIZED, being created")
        stage.pass(.minutes(8))
        #expect(stage.refusal(of: second) == .invalidRequest, "UNINITIALIZED")
        try stage.call(.initializeCluster(stage.claim()))
        #expect(stage.refusal(of: second) == .invalidRequest, "INITIALIZE_IN_PROGRESS")
        stage.pass(.minutes(2))
        #expect(stage.refusal(of: second) == .invalidRequest, "INITIALIZED")
        try stage.world.activate(stage.cluster)
        #expect(stage.refusal(of: second) == nil, "ACTIVE")
    }

    @Test func aZoneMustBeMappedAndMayHoldSeveralHSMs() throws {
        var stage = try Stage.active()
        let elsewhere = CreateHSM(cluster: stage.cluster, zone: value("us-east-1f"))
        #expect(stage.refusal(of: .createHSM(elsewhere)) == .invalidRequest)
        try stage.add(in: zoneA)
        try stage.add(in: zoneA)
        stage.pass(.minutes(8))
        #expect(stage.hsms.count { $0.zone == zoneA && $0.state == .active } == 3)
        #expect(Set(stage.hsms.map(\.address)).count == 3)
        #expect(Set(stage.hsms.map(\.eni)).count == 3)
    }

    @Test func anAddressIsTakenAsGivenAndNotTwice() throws {
        var stage = try Stage.active()
        let request = CreateHSM(cluster: stage.cluster, zone: zoneA, address: "10.1.2.30")
        guard case .hsm(let hsm) = try stage.call(.createHSM(request)) else {
            Issue.record("CreateHsm answers with an HSM")
            return
        }
        #expect(hsm.address == "10.1.2.30")
        #expect(stage.refusal(of: .createHSM(request)) == .invalidRequest)
    }

    @Test func anHSMDeletedAndMadeAgainHasAnotherInterfaceAndAddress() throws {
        var stage = try Stage.active(hsms: 2)
        let old = stage.hsms[1]
        try stage.remove(old.id)
        stage.pass(.minutes(2))
        let new = try stage.add(in: zoneB)
        #expect(new.eni != old.eni)
        #expect(new.address != old.address)
    }

    @Test func aDualStackClusterGivesBothKindsOfAddress() throws {
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [zoneA: value("subnet-0a1b2c3d")],
            mode: .nonFIPS,
            networkType: .dualStack
        )
        var stage = try Stage(creating: request)
        stage.pass(.minutes(3))
        let hsm = try stage.add()
        #expect(hsm.address != nil)
        #expect(hsm.address6 != nil)
    }
}

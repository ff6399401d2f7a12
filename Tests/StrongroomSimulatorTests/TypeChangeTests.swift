import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 15.
@Suite struct TypeChangeTests {
    private func changing(hsms: Int = 2) throws -> Stage {
        let backup = Adopted.backup(1, age: .hours(1))
        var stage = Stage(
            adopting: Adopted.group(type: .hsm1Medium, hsms: hsms, backups: [backup])
        )
        try stage.call(request(.hsm2mMedium, stage))
        return stage
    }

    private func request(_ type: HSMType, _ stage: Stage) -> Call {
        .modifyCluster(ModifyCluster(cluster: stage.cluster, change: .hsmType(type)))
    }

    @Test func oneHSMAfterTheOtherChangesWithABackupBeforeEach() throws {
        var stage = try changing()
        let addresses = stage.hsms.map(\.address)
        #expect(stage.state == .modifyInProgress)
        #expect(stage.group.cluster?.typeRollbackExpiration == morning + .hours(24))
        #expect(stage.own.map(\.createdAt).contains(morning))
        stage.pass(.minutes(30) - .milliseconds(1))
        #expect(stage.hsms.map(\.type) == [.hsm1Medium, .hsm1Medium])
        stage.pass(.milliseconds(1))
        #expect(stage.hsms.map(\.type) == [.hsm2mMedium, .hsm1Medium])
        #expect(stage.own.map(\.createdAt).contains(morning + .minutes(30)))
        #expect(stage.state == .modifyInProgress)
        stage.pass(.minutes(30))
        #expect(stage.state == .active)
        #expect(stage.group.cluster?.hsmType == .hsm2mMedium)
        #expect(stage.hsms.map(\.type) == [.hsm2mMedium, .hsm2mMedium])
        #expect(stage.hsms.map(\.address) == addresses)
        #expect(stage.own.count == 3)
    }

    @Test func nothingElseMayBeDoneMeanwhile() throws {
        var stage = try changing()
        let hsm = stage.hsms[0].id
        for call: Call in [
            .createHSM(CreateHSM(cluster: stage.cluster, zone: zoneA)),
            .deleteHSM(DeleteHSM(cluster: stage.cluster, hsm: hsm)),
            .deleteCluster(DeleteCluster(cluster: stage.cluster)),
            .modifyCluster(
                ModifyCluster(cluster: stage.cluster, change: .retention(.serviceDefault))
            ),
            request(.hsm2mMedium, stage),
        ] {
            #expect(stage.refusal(of: call) == .invalidRequest, "\(call.operation)")
        }
    }

    @Test func aChangeCanBeTakenBackForADayToTheMillisecond() throws {
        var stage = try changing()
        let deadline = try #require(stage.group.cluster?.typeRollbackExpiration)
        stage.world.advance(to: deadline - .milliseconds(1))
        var late = stage
        #expect(stage.refusal(of: request(.hsm1Medium, stage)) == nil)
        #expect(stage.state == .rollbackInProgress)
        late.pass(.milliseconds(1))
        #expect(late.refusal(of: request(.hsm1Medium, late)) == .invalidRequest)
    }

    @Test func takingAChangeBackLosesWhatWasMadeSince() throws {
        var stage = try changing()
        let before = stage.world.groups[stage.id]?.material
        stage.pass(.hours(2))
        try stage.world.changeMaterial(of: stage.cluster)
        try stage.call(request(.hsm1Medium, stage))
        stage.pass(.hours(1))
        #expect(stage.state == .active)
        #expect(stage.group.cluster?.hsmType == .hsm1Medium)
        #expect(stage.group.cluster?.typeRollbackExpiration == nil)
        #expect(stage.hsms.map(\.type) == [.hsm1Medium, .hsm1Medium])
        #expect(stage.world.groups[stage.id]?.material == before)
    }

    @Test func aChangeUnderWayIsTakenBackWithoutGoingOn() throws {
        var stage = try changing(hsms: 3)
        stage.pass(.minutes(30))
        try stage.call(request(.hsm1Medium, stage))
        stage.pass(.minutes(30) - .milliseconds(1))
        #expect(stage.state == .rollbackInProgress, "one HSM had changed")
        stage.pass(.milliseconds(1))
        #expect(stage.state == .active)
        #expect(stage.hsms.allSatisfy { $0.type == .hsm1Medium })
    }

    @Test func aParkedClusterChangesWithoutABackup() throws {
        var stage = try changing(hsms: 0)
        stage.pass(.minutes(30))
        #expect(stage.state == .active)
        #expect(stage.group.cluster?.hsmType == .hsm2mMedium)
        #expect(stage.own.count == 1)
    }

    @Test(arguments: [(27, true), (28, false)])
    func atMostTwentySevenHSMsMayChange(count: Int, isAccepted: Bool) {
        var stage = Stage(adopting: Adopted.group(type: .hsm1Medium, hsms: count))
        let refusal = stage.refusal(of: request(.hsm2mMedium, stage))
        #expect(refusal == (isAccepted ? nil : .invalidRequest))
    }

    @Test func theNewTypeDoesNotBecomeTheOldOne() throws {
        var stage = try Stage.active()
        #expect(stage.refusal(of: request(.hsm1Medium, stage)) == .invalidRequest)
        #expect(stage.refusal(of: request(.hsm2mMedium, stage)) == .invalidRequest)
    }
}

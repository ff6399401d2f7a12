import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 4: every row of the table of states.
@Suite struct ClusterLifeTests {
    @Test func aNewClusterIsUninitializedWithoutHSMsAfterItsLatency() throws {
        var stage = try Stage()
        #expect(stage.state == .createInProgress)
        stage.pass(.minutes(3) - .milliseconds(1))
        #expect(stage.state == .createInProgress)
        stage.pass(.milliseconds(1))
        #expect(stage.state == .uninitialized)
        #expect(stage.hsms.isEmpty)
        #expect(stage.group.backups.isEmpty)
    }

    @Test func theFirstHSMLeavesTheClusterUninitializedAndBringsTheSigningRequest() throws {
        var stage = try Stage()
        stage.pass(.minutes(3))
        try stage.add()
        #expect(stage.group.cluster?.signingRequest == nil)
        stage.pass(.minutes(8))
        #expect(stage.state == .uninitialized)
        #expect(stage.hsms.map(\.state) == [.active])
        #expect(stage.group.cluster?.signingRequest != nil)
    }

    @Test func initialisationTakesTheRequestAwayAndShowsTheCertificate() throws {
        var stage = try Stage()
        stage.pass(.minutes(3))
        try stage.add()
        stage.pass(.minutes(8))
        let claim = stage.claim()
        try stage.call(.initializeCluster(claim))
        #expect(stage.state == .initializeInProgress)
        #expect(stage.group.cluster?.signingRequest == nil)
        stage.pass(.minutes(2))
        #expect(stage.state == .initialized)
        #expect(
            stage.group.cluster?.certificates["ClusterCertificate"] == claim.signedCertificate
        )
        #expect(stage.group.backups.isEmpty, "initialisation makes no backup")
    }

    @Test func activationMakesTheClusterActiveAndItsFirstBackup() throws {
        var stage = try Stage()
        try stage.initialize()
        try stage.world.activate(stage.cluster)
        #expect(stage.state == .active)
        #expect(stage.own.map(\.state) == [.createInProgress])
        #expect(stage.own.map(\.createdAt) == [stage.world.now])
        stage.pass(.minutes(5))
        #expect(stage.own.map(\.state) == [.ready])
    }

    @Test func aReplacedFirstHSMHasAnotherRequestAndTheOldCertificateNoLongerFits() throws {
        var stage = try Stage()
        stage.pass(.minutes(3))
        try stage.add()
        stage.pass(.minutes(8))
        let stale = stage.claim()
        try stage.world.replaceHSM(stage.hsms[0].id)
        #expect(stage.refusal(of: .initializeCluster(stale)) == .invalidRequest)
        #expect(stage.refusal(of: .initializeCluster(stage.claim())) == nil)
    }

    @Test func aRemovedFirstHSMTakesTheRequestWithItAndLeavesNoBackup() throws {
        var stage = try Stage()
        stage.pass(.minutes(3))
        let hsm = try stage.add()
        stage.pass(.minutes(8))
        try stage.remove(hsm.id)
        #expect(stage.group.cluster?.signingRequest == nil)
        stage.pass(.minutes(2))
        #expect(stage.hsms.isEmpty)
        #expect(stage.group.backups.isEmpty)
        try stage.add()
        stage.pass(.minutes(8))
        #expect(stage.group.cluster?.signingRequest != nil)
    }

    @Test func withoutHSMsTheClusterStaysActive() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.days(30))
        #expect(stage.state == .active)
        #expect(stage.hsms.isEmpty)
    }

    @Test func retentionChangesLeaveTheClusterActive() throws {
        var stage = try Stage.active()
        let week = try #require(RetentionPeriod(days: 7))
        let change = ModifyCluster(cluster: stage.cluster, change: .retention(week))
        guard case .cluster(let answer) = try stage.call(.modifyCluster(change)) else {
            Issue.record("ModifyCluster answers with the cluster")
            return
        }
        #expect(answer.retention == .days(7))
        #expect(stage.state == .active)
    }

    @Test func aClusterThatListsAnHSMIsNotDeleted() throws {
        var stage = try Stage.active()
        let deletion = Call.deleteCluster(DeleteCluster(cluster: stage.cluster))
        #expect(stage.refusal(of: deletion) == .invalidRequest)
        try stage.remove(stage.hsms[0].id)
        #expect(stage.hsms.map(\.state) == [.deleteInProgress])
        #expect(stage.refusal(of: deletion) == .invalidRequest, "still listed")
        stage.pass(.minutes(2))
        #expect(stage.hsms.isEmpty)
        #expect(stage.refusal(of: deletion) == nil)
        #expect(stage.state == .deleteInProgress)
        stage.pass(.minutes(2))
        #expect(stage.state == .deleted)
    }

    @Test func aDeletedClusterIsListedForADayAndItsBackupsStay() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.minutes(10))
        try stage.call(.deleteCluster(DeleteCluster(cluster: stage.cluster)))
        stage.pass(.minutes(2) + .days(1) - .milliseconds(1))
        #expect(stage.state == .deleted)
        stage.pass(.milliseconds(1))
        #expect(stage.group.cluster == nil)
        #expect(stage.own.count { $0.isReady } == 2)
        #expect(
            stage.refusal(of: .deleteCluster(DeleteCluster(cluster: stage.cluster)))
                == .resourceNotFound
        )
    }
}

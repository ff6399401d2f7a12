import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Groups that were written down from AWS.
@Suite struct AdoptionTests {
    @Test(arguments: [
        (ClusterState.createInProgress, Duration.minutes(3), ClusterState.uninitialized),
        (.initializeInProgress, .minutes(2), .initialized),
        (.deleteInProgress, .minutes(2), .deleted),
        (.modifyInProgress, .minutes(30), .active),
        (.rollbackInProgress, .minutes(30), .active),
    ])
    func aClusterOnItsWayArrivesAfterTheUsualTime(
        state: ClusterState,
        latency: Duration,
        end: ClusterState
    ) {
        var cluster = Adopted.emptyCluster()
        cluster.state = state
        var stage = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
        stage.pass(latency - .milliseconds(1))
        #expect(stage.state == state)
        stage.pass(.milliseconds(1))
        #expect(stage.state == end)
    }

    @Test(arguments: [
        ClusterState.updateInProgress, .degraded, .uninitialized, .initialized, .active,
        .unrecognised("PONDERING"),
    ])
    func aClusterThatIsNotOnItsWayStays(state: ClusterState) {
        var cluster = Adopted.emptyCluster()
        cluster.state = state
        var stage = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
        stage.pass(.days(30))
        #expect(stage.state == state)
    }

    @Test func aCloneBeingMadeBecomesActive() {
        for state: ClusterState in [.createInProgress, .initializeInProgress] {
            var cluster = Adopted.emptyCluster()
            cluster.state = state
            cluster.sourceBackup = BackupID(bits: 3)
            var stage = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
            stage.pass(.minutes(3))
            #expect(stage.state == .active)
        }
    }

    @Test func hsmsAndBackupsOnTheirWayArrive() {
        var group = Adopted.group(hsms: 3)
        group.cluster?.hsms[0].state = .createInProgress
        group.cluster?.hsms[1].state = .deleteInProgress
        group.backups = [
            Backup(
                id: BackupID(bits: 1),
                region: virginia.region,
                createdAt: morning,
                state: .createInProgress
            ),
            Backup(
                id: BackupID(bits: 2),
                region: ireland.region,
                createdAt: morning,
                state: .createInProgress,
                origin: CopyOrigin(
                    backup: BackupID(bits: 1),
                    region: virginia.region,
                    copiedAt: morning
                )
            ),
            Backup(
                id: BackupID(bits: 3),
                region: virginia.region,
                createdAt: morning - .days(1),
                state: .pendingDeletion,
                deletesAt: morning + .hours(1)
            ),
        ]
        var stage = Stage(adopting: group)
        stage.pass(.minutes(10))
        #expect(stage.hsms.map(\.state) == [.active, .active])
        #expect(stage.group.backups.map(\.state) == [.ready, .ready, .pendingDeletion])
        stage.pass(.minutes(50))
        #expect(stage.group.backups.map(\.state) == [.ready, .ready, .deleted])
    }

    @Test func aDegradedHSMOfUnknownCauseDoesNotHealByItself() {
        var group = Adopted.group(hsms: 2)
        group.cluster?.hsms[1].state = .degraded
        var stage = Stage(adopting: group)
        stage.pass(.days(3))
        #expect(stage.hsms.map(\.state) == [.active, .degraded])
    }

    @Test func aClusterInServiceWithoutBackupsGetsItsFirstAfterADay() {
        var stage = Stage(adopting: Adopted.group(hsms: 1))
        stage.pass(.hours(24) - .milliseconds(1))
        #expect(stage.own.isEmpty)
        stage.pass(.milliseconds(1))
        #expect(stage.own.count == 1)
    }

    @Test func aSigningRequestFromElsewhereIsKeptWhileItsHSMStands() throws {
        var group = Adopted.group(hsms: 1)
        group.cluster?.state = .uninitialized
        group.cluster?.certificates = ["ClusterCsr": "a real one"]
        var stage = Stage(adopting: group)
        stage.pass(.days(1))
        #expect(stage.group.cluster?.signingRequest == "a real one")
        try stage.world.replaceHSM(HSMID(bits: 1))
        #expect(stage.group.cluster?.signingRequest != "a real one")
        #expect(stage.group.cluster?.signingRequest != nil)
    }

    @Test func whatIsUnknownIsKeptAsItCame() {
        var group = Adopted.group(hsms: 1)
        group.cluster?.unknownFields = ["Novelty": .integer(1)]
        group.cluster?.hsms[0].unknownFields = ["Colour": .string("grey")]
        var stage = Stage(adopting: group)
        stage.pass(.days(10))
        #expect(stage.group.cluster?.unknownFields == ["Novelty": .integer(1)])
        #expect(stage.hsms[0].unknownFields == ["Colour": .string("grey")])
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, sections 9, 11 and 13: clones, resuming, and what they hold.
@Suite struct CloneTests {
    /// A cluster with one READY backup, and a clone of it that has not had an HSM yet.
    private struct Pair {
        var stage: Stage
        let source: BackupID
        let clone: GroupID

        init() throws {
            stage = try Stage.active()
            source = stage.own[0].id
            guard
                case .cluster(let cluster) = try stage.call(.createCluster(.plain(from: source)))
            else { preconditionFailure("CreateCluster answers with a cluster") }
            clone = GroupID(home: virginia, cluster: cluster.id)
        }

        var group: SimulatedGroup? { stage.world.groups[clone] }
        var cluster: Cluster? { group?.group.cluster }

        mutating func add() throws {
            try stage.call(.createHSM(CreateHSM(cluster: clone.cluster, zone: zoneA)))
        }
    }

    @Test func aCloneIsActiveWithoutHSMsAndWithoutBackups() throws {
        var pair = try Pair()
        #expect(pair.cluster?.state == .createInProgress)
        pair.stage.pass(.minutes(3))
        #expect(pair.cluster?.state == .active)
        #expect(pair.cluster?.hsms == [])
        #expect(pair.group?.group.backups.isEmpty == true)
        #expect(pair.cluster?.sourceBackup == pair.source)
    }

    @Test func aCloneSharesTheCertificateAndNotTheRetentionAndTags() throws {
        var stage = try Stage.active(creating: .plain(retention: 30, tags: ["a": "b"]))
        let original = try #require(stage.group.cluster)
        let request = CreateCluster.plain(from: stage.own[0].id)
        guard case .cluster(let clone) = try stage.call(.createCluster(request)) else {
            Issue.record("CreateCluster answers with a cluster")
            return
        }
        #expect(clone.certificates["ClusterCertificate"] != nil)
        #expect(clone.certificates == original.certificates)
        #expect(clone.retention == .days(90))
        #expect(clone.tags.isEmpty)
        #expect(clone.id != original.id)
    }

    @Test func aClonesFirstHSMRestoresTheSource() throws {
        var pair = try Pair()
        let held = pair.stage.world.material(in: pair.source)
        try pair.stage.world.changeMaterial(of: pair.stage.cluster)
        pair.stage.pass(.minutes(3))
        try pair.add()
        pair.stage.pass(.minutes(8))
        #expect(pair.cluster?.hsms.map(\.state) == [.active])
        #expect(pair.group?.material == held)
        #expect(pair.group?.group.backups.isEmpty == true, "0 → 1 makes no backup")
        try pair.add()
        let own = try #require(pair.group?.group.backups.first)
        #expect(pair.stage.world.material(in: own.id) == held)
    }

    @Test func aClonesOwnMaterialIsNobodyElses() throws {
        var pair = try Pair()
        pair.stage.pass(.minutes(3))
        try pair.add()
        pair.stage.pass(.minutes(8))
        let ours = try pair.stage.world.changeMaterial(of: pair.clone.cluster)
        let theirs = try pair.stage.world.changeMaterial(of: pair.stage.cluster)
        #expect(ours != theirs)
    }

    @Test(arguments: [Duration.zero, .days(8)])
    func aCloneWhoseSourceIsGoneBeforeItsFirstHSMCannotStartOne(after: Duration) throws {
        var pair = try Pair()
        pair.stage.pass(.minutes(3))
        try pair.stage.call(.deleteBackup(DeleteBackup(backup: pair.source)))
        pair.stage.pass(after)
        try pair.add()
        pair.stage.pass(.minutes(8))
        #expect(pair.cluster?.hsms.map(\.state) == [.degraded])
    }

    @Test func aCloneThatHadAnHSMDoesNotNeedItsSource() throws {
        var pair = try Pair()
        pair.stage.pass(.minutes(3))
        try pair.add()
        pair.stage.pass(.minutes(8))
        try pair.stage.call(.deleteBackup(DeleteBackup(backup: pair.source)))
        let hsm = try #require(pair.cluster?.hsms.first)
        try pair.stage.call(.deleteHSM(DeleteHSM(cluster: pair.clone.cluster, hsm: hsm.id)))
        pair.stage.pass(.days(20))
        try pair.add()
        pair.stage.pass(.minutes(8))
        #expect(pair.cluster?.hsms.map(\.state) == [.active])
    }

    @Test func aCopyCanBeClonedWhereItLies() throws {
        var stage = try Stage.active()
        try stage.call(.copyBackup(CopyBackup(backup: stage.own[0].id, to: ireland.region)))
        stage.pass(.minutes(10))
        let copy = try #require(stage.copies.first)
        let request = CreateCluster.plain(in: ireland.region, from: copy.id)
        #expect(stage.refusal(of: .createCluster(.plain(from: copy.id))) == .resourceNotFound)
        guard case .cluster(let clone) = try stage.call(.createCluster(request), at: ireland)
        else {
            Issue.record("CreateCluster answers with a cluster")
            return
        }
        stage.pass(.minutes(3))
        let zone: AvailabilityZone = value("eu-west-1a")
        try stage.call(.createHSM(CreateHSM(cluster: clone.id, zone: zone)), at: ireland)
        stage.pass(.minutes(8))
        let group = stage.world.groups[GroupID(home: ireland, cluster: clone.id)]
        #expect(group?.group.cluster?.hsms.map(\.state) == [.active])
        #expect(group?.material == stage.world.material(in: copy.id))
    }

    @Test func modeAndTypeMustFitTheBackup() throws {
        var stage = try Stage.active()
        let source = stage.own[0].id
        #expect(
            stage.refusal(of: .createCluster(.plain(mode: .nonFIPS, from: source)))
                == .invalidRequest
        )
        #expect(
            stage.refusal(of: .createCluster(.plain(type: .hsm1Medium, from: source)))
                == .invalidRequest
        )
    }

    @Test func aBackupOfTheOldTypeBecomesAClusterOfTheNewOne() throws {
        let old = Backup(
            id: BackupID(bits: 5),
            region: virginia.region,
            createdAt: morning - .hours(1),
            state: .ready,
            mode: .fips,
            details: BackupDetails(hsmType: .hsm1Medium)
        )
        var stage = Stage(adopting: Adopted.group(type: .hsm1Medium, backups: [old]))
        #expect(stage.refusal(of: .createCluster(.plain(from: old.id))) == nil)
    }

    @Test func resumingRollsTheMaterialBackToTheLatestReadyBackup() throws {
        var stage = try Stage.active()
        let first = stage.own[0].id
        let held = stage.world.material(in: first)
        try stage.world.changeMaterial(of: stage.cluster)
        try stage.remove(stage.hsms[0].id)
        stage.pass(.minutes(10))
        let last = try #require(stage.own.last)
        #expect(stage.world.material(in: last.id) != held)
        try stage.call(.deleteBackup(DeleteBackup(backup: last.id)))
        try stage.add()
        stage.pass(.minutes(8))
        #expect(stage.hsms.map(\.state) == [.active])
        #expect(stage.world.groups[stage.id]?.material == held)
    }

    @Test func withoutAnyReadyBackupResumingFails() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.minutes(10))
        for backup in stage.own {
            try stage.call(.deleteBackup(DeleteBackup(backup: backup.id)))
        }
        try stage.add()
        stage.pass(.days(2))
        #expect(stage.hsms.map(\.state) == [.degraded])
        #expect(stage.hsms[0].stateMessage?.contains("Delete it and try again") == true)
    }

    @Test func eachBackupHoldsTheMaterialOfItsContentTime() throws {
        var stage = try Stage.active()
        let first = stage.own[0].id
        stage.pass(.hours(1))
        let second = try stage.world.changeMaterial(of: stage.cluster)
        try stage.add()
        let forced = try #require(stage.own.last?.id)
        let third = try stage.world.changeMaterial(of: stage.cluster)
        #expect(stage.world.material(in: first)?.number == 1)
        #expect(stage.world.material(in: forced) == second, "taken at the same moment, before")
        try stage.call(.copyBackup(CopyBackup(backup: first, to: ireland.region)))
        stage.pass(.days(1))
        let daily = try #require(stage.own.last?.id)
        #expect(stage.world.material(in: daily) == third)
        let copy = try #require(stage.copies.first)
        #expect(stage.world.material(in: copy.id)?.number == 1)
    }
}

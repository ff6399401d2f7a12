import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Whole stories of one cluster, told tick by tick.
@Suite("A walk")
struct WalkTests {
    @Test("parks, is resumed, and has its pin taken off")
    func parksAndResumes() async throws {
        let walk = try ClusterWalk()
        walk.desired.hsms = .somewhere(.total(0))
        try await walk.settle()
        #expect(walk.calls == ["DeleteHsm", "DeleteHsm", "TagResource", "ModifyBackupAttributes"])
        let last = try #require(try walk.group.newestOwnBackup)
        #expect(last.neverExpires)
        #expect(last.tags == [OwnershipTag.pin: OwnershipTag.pinForParking])
        #expect(try walk.group.livingCluster?.hsms == [])
        #expect(try walk.notes == [])

        walk.desired.hsms = .somewhere(.total(2))
        try await walk.settle()
        #expect(try walk.hsms.map(\.state) == [.active, .active])
        #expect(
            Array(walk.calls.dropFirst(4)) == [
                "CreateHsm", "CreateHsm", "ModifyBackupAttributes", "UntagResource",
            ]
        )
        let unpinned = try #require(try walk.group.backup(last.id))
        #expect(!unpinned.neverExpires)
        #expect(unpinned.tags == [:])
    }

    @Test("restores what was deleted while the cluster was parked, and resumes from it")
    func resumesFromADeletedBackup() async throws {
        let walk = try ClusterWalk(hsms: 1)
        walk.desired.hsms = .somewhere(.total(0))
        try await walk.settle()
        let last = try #require(try walk.group.newestOwnBackup?.id)
        let delete = Call.deleteBackup(DeleteBackup(backup: last))
        _ = try walk.service.perform(delete, at: ClusterWalk.home, in: ClusterWalk.id)
        try await walk.service.wait(.minutes(1))
        walk.desired.hsms = .somewhere(.total(1))
        try await walk.settle()
        #expect(try walk.group.backup(last)?.isReady == true)
        #expect(try walk.hsms.count == 1)
        #expect(walk.calls.contains("RestoreBackup"))
    }

    @Test("is not resumed from an older backup before someone accepts it")
    func resumesFromAnOlderBackupOnlyIfAccepted() async throws {
        let walk = try ClusterWalk(hsms: 1)
        walk.desired.hsms = .somewhere(.total(0))
        try await walk.settle()
        let last = try #require(try walk.group.newestOwnBackup?.id)
        let delete = Call.deleteBackup(DeleteBackup(backup: last))
        _ = try walk.service.perform(delete, at: ClusterWalk.home, in: ClusterWalk.id)
        try await walk.service.wait(.days(7) + .minutes(5))
        walk.desired.hsms = .somewhere(.total(1))
        try await walk.settle()
        #expect(try walk.hsms.isEmpty)
        #expect(try walk.notes.first?.contains("resumeFrom: \(ClusterWalk.firstBackup)") == true)
        walk.desired.resumeFrom = .somewhere(ClusterWalk.firstBackup)
        try await walk.settle()
        #expect(try walk.hsms.count == 1)
    }

    @Test("is deleted with its last backup pinned")
    func isDeleted() async throws {
        let walk = try ClusterWalk()
        walk.desired.ensure = .somewhere(.absent(reason: "end of project", finalBackup: .keep))
        try await walk.settle()
        #expect(
            walk.calls == [
                "DeleteHsm", "DeleteHsm", "TagResource", "ModifyBackupAttributes", "DeleteCluster",
            ]
        )
        #expect(try walk.group.livingCluster == nil)
        let last = try #require(try walk.group.newestOwnBackup)
        #expect(last.isReady && last.neverExpires)
        #expect(last.tags[OwnershipTag.pin] == OwnershipTag.pinForDeletion)
        #expect(last.tags[OwnershipTag.cluster] == "payments")
    }

    @Test("is deleted before activation only if that is accepted")
    func isDeletedBeforeActivation() async throws {
        let walk = try ClusterWalk(hsms: 1, state: .initialized)
        walk.desired.ensure = .somewhere(.absent(reason: "a mistake", finalBackup: .keep))
        try await walk.settle()
        #expect(walk.calls == [])
        walk.desired.ensure = .somewhere(.absent(reason: "a mistake", finalBackup: .none))
        try await walk.settle()
        #expect(walk.calls == ["DeleteHsm", "DeleteCluster"])
        #expect(try walk.group.livingCluster == nil)
    }

    @Test("tries a failed creation again, and ends with what is asked")
    func triesAgain() async throws {
        let walk = try ClusterWalk()
        walk.desired.hsms = .somewhere(.total(3))
        var failures = 0
        try await walk.settle { walk in
            let making = try walk.hsms.first { $0.state == .createInProgress }
            guard failures < 2, let making else { return }
            try walk.service.degradeHSM(making.id)
            failures += 1
        }
        #expect(failures == 2)
        #expect(
            walk.calls == ["CreateHsm", "DeleteHsm", "CreateHsm", "DeleteHsm", "CreateHsm"]
        )
        let made = walk.journal.entries.filter { $0.intent.operation == "CreateHsm" }
            .map(\.intent.target)
        #expect(
            made
                == [ClusterWalk.zones[0], ClusterWalk.zones[0], ClusterWalk.zones[1]].map(
                    \.description
                )
        )
        #expect(try walk.hsms.map(\.state) == [.active, .active, .active])
    }

    @Test("gives up on creations that fail three times")
    func givesUp() async throws {
        let walk = try ClusterWalk()
        walk.desired.hsms = .somewhere(.total(3))
        try await walk.settle { walk in
            let making = try walk.hsms.first { $0.state == .createInProgress }
            if let making { try walk.service.degradeHSM(making.id) }
        }
        #expect(walk.calls.count { $0 == "CreateHsm" } == 3)
        #expect(try walk.notes.contains { $0.contains("3 HSMs failed to be created") })
    }

    @Test("leaves an HSM to the service that replaces it in time")
    func leavesItToTheService() async throws {
        let walk = try ClusterWalk()
        try walk.service.degradeHSM(try #require(try walk.hsms.first?.id))
        try await walk.settle()
        #expect(walk.calls == [])
        #expect(try walk.hsms.map(\.state) == [.active, .active])
    }

    @Test("replaces an HSM that the service does not, adding before removing")
    func replacesBrokenHardware() async throws {
        let walk = try ClusterWalk(hsmReplace: .days(9))
        let broken = try #require(try walk.hsms.first?.id)
        try walk.service.degradeHSM(broken)
        for _ in 0..<45 {
            try await walk.tick()
            try await walk.service.wait(.minutes(3))
        }
        try await walk.settle()
        #expect(walk.calls == ["CreateHsm", "DeleteHsm"])
        #expect(try walk.hsms.map(\.state) == [.active, .active])
        #expect(try !walk.hsms.contains { $0.id == broken })
    }

    @Test("changes its type, one HSM after another, once")
    func changesType() async throws {
        let walk = try ClusterWalk(type: .hsm1Medium)
        walk.desired.hsmType = .somewhere(.hsm2mMedium)
        try await walk.tick()
        for _ in 0..<30 { try await walk.service.wait(.minutes(3)) }
        try await walk.settle()
        #expect(walk.calls == ["ModifyCluster"])
        #expect(try walk.group.cluster?.hsmType == .hsm2mMedium)
        #expect(try walk.notes == [])
    }

    @Test("forces one backup for one need, and ends with the HSMs it had")
    func forcesOneBackup() async throws {
        let walk = try ClusterWalk()
        let before = try walk.hsms.map(\.id)
        walk.desired.backups.maxAge = .somewhere(.minutes(30))
        walk.desired.backups.whenStale = .force
        try await walk.tick()
        walk.desired.backups.maxAge = .somewhere(.hours(26))
        try await walk.settle()
        #expect(walk.calls == ["CreateHsm", "DeleteHsm"])
        #expect(try walk.hsms.map(\.id) == before)
    }

    @Test("moves HSMs that stand in one zone, one at a time")
    func moves() async throws {
        let walk = try ClusterWalk(hsms: 4)
        for hsm in try walk.hsms where hsm.zone == ClusterWalk.zones[1] {
            let call = Call.deleteHSM(DeleteHSM(cluster: ClusterWalk.id.cluster, hsm: hsm.id))
            _ = try walk.service.perform(call, at: ClusterWalk.home, in: ClusterWalk.id)
        }
        for _ in 0..<2 {
            let call = Call.createHSM(
                CreateHSM(cluster: ClusterWalk.id.cluster, zone: ClusterWalk.zones[0])
            )
            _ = try walk.service.perform(call, at: ClusterWalk.home, in: ClusterWalk.id)
        }
        try await walk.service.wait(.minutes(20))
        try await walk.settle()
        #expect(walk.calls == ["CreateHsm", "DeleteHsm", "CreateHsm", "DeleteHsm"])
        for zone in ClusterWalk.zones.prefix(2) {
            #expect(try walk.hsms.count { $0.zone == zone } == 2)
        }
    }
}

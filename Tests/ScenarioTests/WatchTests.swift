import CloudHSM
import StrongroomModel
import Testing

/// The watch itself: a promise that is broken on purpose is noted.
@Suite("The watch")
struct WatchTests {
    @Test("sees the last backups go, below the floor and beyond the budget")
    func seesBackupsGo() async throws {
        let (play, group) = try found { play, group in
            play.isManaged(group) && group.backups.count { $0.isReady } > 3
        }
        for backup in group.backups where backup.isReady {
            let place = Place(account: group.id.home.account, region: backup.region)
            let call = Call.deleteBackup(DeleteBackup(backup: backup.id))
            _ = try await play.service.perform(call, at: place, in: group.id)
        }
        let broken = play.service.broken
        #expect(broken.contains { $0.contains("took the last READY backup") })
        #expect(broken.contains { $0.contains("the floor is") })
        #expect(broken.contains { $0.contains("went in a run") })
    }

    @Test("sees HSMs go, and more made than are asked for")
    func seesHSMs() async throws {
        let (play, group) = try found { play, group in
            play.isManaged(group) && group.cluster?.state == .active
                && (group.cluster?.healthyHSMs.count ?? 0) == group.cluster?.hsms.count
                && (group.cluster?.hsms.count ?? 0) > 0
        }
        let cluster = try #require(group.cluster)
        let zone = try #require(cluster.subnets.keys.min())
        for hsm in cluster.hsms {
            let call = Call.deleteHSM(DeleteHSM(cluster: cluster.id, hsm: hsm.id))
            _ = try await play.service.perform(call, at: group.id.home, in: group.id)
        }
        for _ in 0..<9 {
            let call = Call.createHSM(CreateHSM(cluster: cluster.id, zone: zone))
            _ = try? await play.service.perform(call, at: group.id.home, in: group.id)
        }
        let broken = play.service.broken
        #expect(broken.contains { $0.contains("healthy HSMs") })
        #expect(broken.contains { $0.contains("CreateHsm made") && $0.contains("are asked") })
    }

    @Test("sees a hand on what no manifest names")
    func seesForeignHands() async throws {
        let (play, group) = try found { play, group in
            !play.isManaged(group) && group.livingCluster != nil
        }
        let tags = Call.tagResource(TagResource(.cluster(group.id.cluster), tags: ["a": "b"]))
        _ = try await play.service.perform(tags, at: group.id.home, in: group.id)
        #expect(play.service.broken.contains { $0.contains("which no manifest names") })
    }

    /// A play in which a group is such a one.
    private func found(
        _ isMeant: (Play, ProtectionGroup) -> Bool
    ) throws -> (Play, ProtectionGroup) {
        for seed in 1...200 as ClosedRange<UInt64> {
            let play = try Scenario.of(seed).play()
            let groups = try play.service.truth().sorted { $0.key < $1.key }
            for (_, group) in groups where isMeant(play, group) { return (play, group) }
        }
        throw NothingFound()
    }

    private struct NothingFound: Error {}
}

extension Play {
    /// Whether a manifest means the group.
    func isManaged(_ group: ProtectionGroup) -> Bool {
        Scenario.asked(by: scenario.fleet, from: [:])(group) != nil
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// A Region that does not answer is neither read nor changed, and what it holds lives on.
@Suite struct LostRegionTests {
    private func service() throws -> (SimulatedService, MemoryStore, ProtectionGroup) {
        let own = Backup(
            id: value("backup-aaaaaaaaaaa"),
            region: virginia.region,
            createdAt: morning - .hours(5),
            state: .ready
        )
        let copy = Backup(
            id: value("backup-bbbbbbbbbbb"),
            region: ireland.region,
            createdAt: morning - .hours(5),
            state: .ready,
            origin: CopyOrigin(
                backup: own.id,
                region: virginia.region,
                copiedAt: morning - .hours(4)
            )
        )
        let cluster = Cluster(
            id: value("cluster-ccccccccccc"),
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: [value("us-east-1a"): value("subnet-0a1b2c3d")],
            retention: .days(90)
        )
        let group = ProtectionGroup(
            id: GroupID(home: virginia, cluster: cluster.id),
            cluster: cluster,
            backups: [own, copy]
        )
        let store = MemoryStore([group])
        let service = try SimulatedService.begin(store: store, now: morning, settings: .calm)
        return (service, store, group)
    }

    @Test func showsOfAGroupOnlyWhatOtherRegionsHold() throws {
        let (service, _, group) = try service()
        try service.loseRegion(virginia.region)
        let inventory = try service.inventory()
        #expect(inventory.groups == [group.id])
        #expect(
            inventory.unreadPlaces == [
                virginia: UnreadReason(
                    "the Region does not answer",
                    next: "strongroom simulate regain-region REGION lets it answer again"
                )
            ]
        )
        let seen = try service.observe(group.id)
        #expect(seen.cluster == nil)
        #expect(seen.backups == group.backups.filter(\.isCopy))
    }

    @Test func aGroupWithoutCopiesElsewhereIsNotListed() throws {
        let (service, _, _) = try service()
        try service.loseRegion(virginia.region)
        try service.loseRegion(ireland.region)
        #expect(try service.inventory().groups.isEmpty)
        #expect(try service.inventory().unreadPlaces.count == 2)
    }

    @Test func aCallToItIsInDoubt() throws {
        let (service, _, group) = try service()
        try service.loseRegion(virginia.region)
        let call = Call.deleteBackup(DeleteBackup(backup: group.backups[0].id))
        #expect(throws: CallInDoubt.self) {
            try service.perform(call, at: virginia, in: group.id)
        }
        let copy = Call.copyBackup(CopyBackup(backup: group.backups[1].id, to: virginia.region))
        #expect(throws: CallInDoubt.self) {
            try service.perform(copy, at: ireland, in: group.id)
        }
    }

    @Test func answersAgainAsIfNothingHadBeenAndThatIsKept() throws {
        let (service, store, group) = try service()
        try service.loseRegion(virginia.region)
        let again = try SimulatedService.open(store: store)
        #expect(try again.observe(group.id).cluster == nil)
        try again.regainRegion(virginia.region)
        let third = try SimulatedService.open(store: store)
        #expect(try third.observe(group.id).backups == group.backups)
        #expect(try third.inventory().unreadPlaces.isEmpty)
    }
}

import CloudHSM
import StrongroomModel
import Testing

/// What everybody may rely on who holds an `HSMService`, whatever stands behind it.
@Suite("The boundary to CloudHSM")
struct ServiceContractTests {
    @Test("a created cluster is seen at once, and as it was asked for", arguments: every)
    func creation(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            #expect(try await trial.service.inventory() == Inventory(groups: []))
            let id = try await trial.create()
            #expect(try await trial.service.inventory() == Inventory(groups: [id]))
            let group = try await trial.service.observe(id)
            let cluster = try #require(group.livingCluster)
            let asked = try trial.creation()
            #expect(cluster.id == id.cluster && cluster.state == .createInProgress)
            #expect(cluster.hsmType == asked.hsmType && cluster.mode == asked.mode)
            #expect(cluster.subnets == asked.subnets && cluster.tags == asked.tags)
            #expect(cluster.retention == .days(30) && cluster.hsms.isEmpty)
            #expect(group.backups.isEmpty)
        }
    }

    @Test("what does not exist is not found", arguments: every)
    func unknown(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let (cluster, backup) = (ClusterID(bits: 99), BackupID(bits: 99))
            let calls: [Call] = [
                .deleteCluster(DeleteCluster(cluster: cluster)),
                .deleteHSM(DeleteHSM(cluster: cluster, hsm: HSMID(bits: 99))),
                .deleteBackup(DeleteBackup(backup: backup)),
                .restoreBackup(RestoreBackup(backup: backup)),
                .modifyBackupAttributes(ModifyBackupAttributes(backup: backup, neverExpires: true)),
                .copyBackup(CopyBackup(backup: backup, to: trial.away.region)),
                .tagResource(TagResource(.backup(backup), tags: ["a": "b"])),
            ]
            for call in calls {
                let kind = try await refusal(of: call, by: trial)
                #expect(kind == .resourceNotFound, "\(call.operation)")
            }
        }
    }

    @Test("a call that is not allowed is refused for the right reason", arguments: every)
    func refusals(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (id, backup) = (activated.id, activated.backup)
            let before = try await trial.service.observe(id)
            let cluster = id.cluster
            let calls: [(Call, ServiceException.Kind)] = [
                (.deleteCluster(DeleteCluster(cluster: cluster)), .invalidRequest),
                (.restoreBackup(RestoreBackup(backup: backup.id)), .invalidRequest),
                (
                    .copyBackup(CopyBackup(backup: backup.id, to: trial.home.region)),
                    .invalidRequest
                ),
                (.tagResource(TagResource(.cluster(cluster), tags: ["aws:x": "y"])), .tag),
            ]
            for (call, expected) in calls {
                let kind = try await refusal(of: call, by: trial)
                #expect(kind == expected, "\(call.operation)")
            }
            #expect(try await trial.service.observe(id) == before, "a refusal changes nothing")
        }
    }

    @Test("a copy is listed in its destination, as old as its source's content", arguments: every)
    func copies(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (id, source) = (activated.id, activated.backup)
            try await trial.service.wait(.hours(5))
            let copy = CopyBackup(backup: source.id, to: trial.away.region, tags: ["copy": "1"])
            try await trial.perform(.copyBackup(copy))
            try await trial.service.wait(.minutes(20))
            let group = try await trial.service.observe(id)
            let made = try #require(group.backups.first { $0.region == trial.away.region })
            #expect(group.backups.count == 2 && made.id != source.id && made.isReady)
            #expect(made.createdAt == source.createdAt)
            #expect(made.origin?.backup == source.id && made.origin?.region == source.region)
            #expect(try #require(made.origin).copiedAt >= source.createdAt + .hours(5))
            #expect(made.tags == ["copy": "1"])
        }
    }

    @Test("listings are followed to their end", arguments: every)
    func pages(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (id, source) = (activated.id, activated.backup)
            var groups = [id]
            for _ in 0..<DescribeClusters.largestPage { groups.append(try await trial.create()) }
            #expect(try await trial.service.inventory() == Inventory(groups: groups))
            let copy = CopyBackup(backup: source.id, to: trial.away.region)
            for _ in 0...DescribeBackups.largestPage { try await trial.perform(.copyBackup(copy)) }
            let backups = try await trial.service.observe(id).backups
            #expect(backups.count == DescribeBackups.largestPage + 2)
            #expect(Set(backups.map(\.id)).count == backups.count)
        }
    }

    @Test("tags, pins and retention are seen as they were set", arguments: every)
    func attributes(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (id, backup) = (activated.id, activated.backup)
            let resource = TaggedResource.backup(backup.id)
            try await trial.perform(.tagResource(TagResource(resource, tags: ["a": "b", "ß": ""])))
            #expect(try await trial.seen(backup.id, of: id).tags["ß"] == "")
            try await trial.perform(.untagResource(UntagResource(resource, keys: ["ß"])))
            #expect(try await trial.seen(backup.id, of: id).tags["ß"] == nil)
            #expect(try await trial.seen(backup.id, of: id).tags["a"] == "b")
            for isPinned in [true, false] {
                try await trial.perform(
                    .modifyBackupAttributes(
                        ModifyBackupAttributes(backup: backup.id, neverExpires: isPinned)
                    )
                )
                #expect(try await trial.seen(backup.id, of: id).neverExpires == isPinned)
            }
            let period = try #require(RetentionPeriod(days: 91))
            let change = ModifyCluster(cluster: id.cluster, change: .retention(period))
            try await trial.perform(.modifyCluster(change))
            #expect(try await trial.service.observe(id).cluster?.retention == .days(91))
        }
    }

    @Test("a deleted backup can be restored for as long as it says", arguments: every)
    func restoring(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (id, backup) = (activated.id, activated.backup)
            try await trial.perform(.deleteBackup(DeleteBackup(backup: backup.id)))
            let deleted = try await trial.seen(backup.id, of: id)
            #expect(deleted.state == .pendingDeletion && !deleted.isReady)
            #expect(try #require(deleted.deletesAt) > backup.createdAt + .days(6))
            try await trial.perform(.restoreBackup(RestoreBackup(backup: backup.id)))
            #expect(try await trial.seen(backup.id, of: id) == backup)
        }
    }

    @Test(
        "a lost Region is an unread place with a reason, and never an empty answer",
        arguments: every
    )
    func lostRegion(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let activated = try await trial.activate()
            let (copied, source) = (activated.id, activated.backup)
            let alone = try await trial.create()
            let copy = CopyBackup(backup: source.id, to: trial.away.region)
            try await trial.perform(.copyBackup(copy))
            let before = try await trial.service.observe(copied)

            try await trial.undergo(.lose(trial.home.region))
            let inventory = try await trial.service.inventory()
            #expect(inventory.groups == [copied], "its copy is elsewhere")
            #expect(Set(inventory.unreadPlaces.keys) == [trial.home])
            #expect(inventory.unreadPlaces[trial.home]?.cause.isEmpty == false)
            await #expect(throws: (any Error).self) { try await trial.service.observe(alone) }
            // Whoever shows what lies elsewhere shows all of that, and nothing of the Region.
            if let seen = try? await trial.service.observe(copied) {
                #expect(seen.cluster == nil)
                #expect(seen.backups == before.backups.filter(\.isCopy))
                #expect(!seen.backups.isEmpty)
            }

            try await trial.undergo(.regain(trial.home.region))
            #expect(
                try await trial.service.inventory() == Inventory(groups: [copied, alone])
            )
            #expect(try await trial.service.observe(copied) == before)
        }
    }

    @Test("waiting lets time pass, and can be broken off", arguments: every)
    func waiting(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let before = try await trial.service.now()
            try await trial.service.wait(.seconds(1))
            #expect(try await trial.service.now() >= before + .seconds(1))
            let id = try await trial.create()
            try await trial.service.wait(.minutes(10))
            #expect(try await trial.service.observe(id).cluster?.state == .uninitialized)
            let broken = Task {
                while !Task.isCancelled { await Task.yield() }
                try await trial.service.wait(.seconds(1))
            }
            broken.cancel()
            await #expect(throws: CancellationError.self) { try await broken.value }
        }
    }

    @Test("a signed call is sent when it is sent, and once", arguments: every)
    func sending(_ implementation: Implementation) async throws {
        try await TrialService.with(implementation) { trial in
            let call = Call.createCluster(try trial.creation())
            let before = try await trial.service.now()
            let signed = try await trial.service.sign(call, at: trial.home, in: nil)
            #expect(signed.call == call && signed.place == trial.home)
            #expect(signed.signedAt >= before)
            #expect(try await trial.service.inventory().groups.isEmpty, "it was only signed")
            _ = try await trial.service.send(signed)
            #expect(try await trial.service.inventory().groups.count == 1)
            try #expect(arrivals(of: call, at: trial, are: 1))

            try await trial.undergo(.lose(trial.home.region))
            // What became of it cannot be told, and asking again might do it twice.
            #expect(try await isLeftInDoubt(call, by: trial))
            try #expect(arrivals(of: call, at: trial, are: 2))
            try await trial.undergo(.regain(trial.home.region))
            #expect(try await trial.service.inventory().groups.count == 1)
        }
    }
}

extension ServiceContractTests {
    private static var every: [Implementation] { Implementation.allCases }

    /// Which refusal a call meets; `nil` if it was carried out.
    private func refusal(
        of call: Call,
        by trial: TrialService
    ) async throws -> ServiceException.Kind? {
        do {
            try await trial.perform(call)
            return nil
        } catch let refusal as ServiceException {
            return refusal.kind
        }
    }

    /// Whether a call ends without a word on whether it was carried out.
    private func isLeftInDoubt(_ call: Call, by trial: TrialService) async throws -> Bool {
        do {
            try await trial.perform(call)
            return false
        } catch is CallInDoubt {
            return true
        } catch let failure as ServiceException {
            return !failure.certainlyNotDone
        }
    }

    /// Whether a call arrived so often, where somebody counts.
    private func arrivals(
        of call: Call,
        at trial: TrialService,
        are count: Int
    ) throws -> Bool {
        try trial.arrivals(call.operation).map { $0 == count } ?? true
    }
}

import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Testing

/// What a crash left without an outcome is decided by looking, before anything else is done.
@Suite struct OpenIntentTests {
    private func open(
        _ operation: String,
        _ target: String,
        group: GroupID? = groupID,
        destination: Region? = nil
    ) -> JournalEntry {
        let intent = Intent(
            id: "of-\(operation)",
            name: "payments",
            group: group,
            place: homePlace,
            operation: operation,
            target: target,
            destination: destination,
            step: StepID(1),
            rule: "test",
            writtenAt: start,
            hsmsBefore: ["eni-00000001", "eni-00000002"]
        )
        return JournalEntry(intent: intent, outcome: nil)
    }

    private var all: [JournalEntry] {
        [
            open("CreateHsm", "us-east-1a"), open("DeleteHsm", "\(hsmID(2))"),
            open("CopyBackupToRegion", "\(backupID(2))", destination: ireland),
            open("DeleteBackup", "\(backupID(1))"),
            open("CreateCluster", "a new cluster", group: nil),
        ]
    }

    @Test func whatCanBeSeenWasDone() async throws {
        var after = group(
            hsms: [hsm(1, zoneA), hsm(3, zoneA, .createInProgress)],
            backups: [backup(1, age: .days(2), .pendingDeletion), backup(2, age: .days(1))]
        )
        after.backups.append(
            Backup(
                id: backupID(9),
                region: ireland,
                createdAt: start,
                state: .createInProgress,
                origin: CopyOrigin(backup: backupID(2), region: home, copiedAt: start)
            )
        )
        let new = group(8) { $0.tags = [OwnershipTag.intent: "of-CreateCluster"] }
        let service = ScriptedService([after, new])
        try await executor(service).resolve(all)
        let outcomes = await service.outcomes
        #expect(outcomes.count == 5)
        #expect(outcomes.values.allSatisfy { $0.result == .foundDone })
        #expect(outcomes["of-CreateHsm"]?.made == "\(hsmID(3))")
        #expect(outcomes["of-CreateCluster"]?.made == "\(clusterID(8))")
        #expect(await service.events.allSatisfy { $0.hasPrefix("end") })
    }

    @Test func whatCannotBeSeenStaysOpenUntilItIsCertain() async throws {
        let service = ScriptedService([group()])
        await service.pass(ReadDelay.untilDecided - .seconds(1))
        try await executor(service).resolve(all)
        #expect(await service.outcomes.isEmpty)
        await service.pass(.seconds(1))
        try await executor(service).resolve(all)
        let outcomes = await service.outcomes
        #expect(outcomes.count == 5)
        #expect(outcomes.values.allSatisfy { $0.result == .foundNotDone })
    }

    @Test func aReplacedHSMIsNotTakenForOurs() async throws {
        let service = ScriptedService([group(hsms: [hsm(2, zoneB)])])
        await service.change {
            $0.cluster?.hsms.append(
                HSM(id: hsmID(77), zone: zoneA, eni: ENIID("eni-00000001"), state: .active)
            )
        }
        try await executor(service).resolve([open("CreateHsm", "us-east-1a")])
        #expect(await service.outcomes.isEmpty)
    }

    @Test func aFailedCopyWasDone() async throws {
        var after = group()
        after.backups.append(
            Backup(
                id: backupID(9),
                region: ireland,
                createdAt: start,
                state: .deleted,
                origin: CopyOrigin(backup: backupID(2), region: home, copiedAt: start)
            )
        )
        let service = ScriptedService([after])
        try await executor(service).resolve([
            open("CopyBackupToRegion", "\(backupID(2))", destination: ireland)
        ])
        #expect(await service.outcomes.values.map(\.result) == [.foundDone])
    }

    @Test func aCreationIsNotGivenUpWhereNotEverythingWasRead() async throws {
        let service = ScriptedService([group()])
        await service.pass(.hours(2))
        await service.set { $0.unreadPlaces = [homePlace: "throttled"] }
        try await executor(service).resolve([open("CreateCluster", "a new cluster", group: nil)])
        #expect(await service.outcomes.isEmpty)
    }

    @Test func oneGroupThatCannotBeReadDoesNotKeepOthersOpen() async throws {
        let service = ScriptedService([group(1), group(2)])
        await service.set { $0.unreadable = [groupID: 99] }
        await service.pass(.hours(2))
        let other = GroupID(home: homePlace, cluster: clusterID(2))
        try await executor(service).resolve([
            open("CreateHsm", "us-east-1a"), open("DeleteBackup", "\(backupID(1))", group: other),
        ])
        #expect(await service.outcomes.mapValues(\.result) == ["of-DeleteBackup": .foundNotDone])
    }

    @Test func whatHasAnOutcomeIsPassedOver() async throws {
        let service = ScriptedService([group()])
        await service.pass(.hours(2))
        let ended = all.map {
            JournalEntry(intent: $0.intent, outcome: Outcome(.accepted, at: start))
        }
        try await executor(service).resolve(ended)
        #expect(await service.outcomes.isEmpty)
    }
}

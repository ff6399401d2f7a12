import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Testing

@Suite struct RestorationTests {
    private static let deleted = backup(1, age: .days(9), .pendingDeletion)

    private func restoring(until deadline: Duration) -> Step {
        step(
            1,
            .restoreBackup(backupID(1), in: home, until: start + deadline),
            [.backupPendingDeletion(backupID(1))],
            then: .backupReady(.known(backupID(1)))
        )
    }

    @Test func theMostUrgentDeadlineComesFirstInTheWholeRun() async throws {
        let urgencies: [Int: Duration] = [1: .days(5), 2: .hours(2), 4: .days(1)]
        let service = ScriptedService((1...4).map { group($0, backups: [Self.deleted]) })
        let plans = (1...4).map { number in
            plan([urgencies[number].map(restoring) ?? tagging(1)], of: number)
        }
        let report = try await executor(service, groupsAtOnce: 1).run(try approved(plans))
        #expect(report.statuses == ["done", "done", "done", "done"])
        let groups = await service.intents.map(\.group?.cluster)
        #expect(groups == [2, 4, 1, 3].map { clusterID($0) })
        #expect(report.steps.map(\.subject.cluster) == (1...4).map { clusterID($0) })
    }

    @Test(arguments: [true, false])
    func theJournalSaysWhichRecoveryPointATagRecordsOrGivesUp(isRecorded: Bool) async throws {
        let key = OwnershipTag.recoveryPoint + "before-rotation"
        let service = ScriptedService([group()])
        await service.set { service in
            service.change { group in
                group.tag(backupID(1)) { if !isRecorded { $0[key] = "then" } }
            }
        }
        let id = backupID(1)
        let tags = [key: "now", OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint]
        let record = step(
            1,
            .tagBackup(.known(id), tags: tags),
            then: .backupTags(.known(id), tags)
        )
        let giveUp = step(
            1,
            .untagBackup(id, keys: [key]),
            then: .backupTagsAbsent(id, [key])
        )
        let report = try await executor(service).run(try approved(isRecorded ? record : giveUp))
        #expect(report.statuses == ["done"])
        let intent = await service.intents.first
        #expect(intent?.recoveryPoint == "before-rotation")
        #expect(intent?.operation == (isRecorded ? "TagResource" : "UntagResource"))
    }

    @Test func aYoungerCopyOfAnotherBackupIsNoCopyOfThisOne() async throws {
        let backups = [
            backup(1, age: .days(2)), backup(2, age: .days(1)), copy(5, of: 2, age: .days(1)),
        ]
        let service = ScriptedService([group(backups: backups)])
        let report = try await executor(service).run(try approved(copying(1, .known(backupID(1)))))
        #expect(report.statuses == ["done"])
        #expect(await service.calls("CopyBackupToRegion") == 1)
    }

    @Test func otherTagsRecordNothing() async throws {
        let service = ScriptedService([group()])
        _ = try await executor(service).run(try approved(tagging(1)))
        #expect(await service.intents.map(\.recoveryPoint) == [nil])
    }
}

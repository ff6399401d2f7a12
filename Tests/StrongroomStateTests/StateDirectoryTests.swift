import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct StateDirectoryTests {
    private let record = GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil))

    @Test func aNewDirectoryHoldsNoGroupAndKnowsWhatItIs() throws {
        let state = try TemporaryState(service: .aws)
        let directory = try state.reading()
        #expect(directory.service == .aws)
        #expect(LineageID(directory.lineage.description) == directory.lineage)
        #expect(directory.groupIDs().isEmpty)
        #expect(directory.findings.isEmpty)
        #expect(directory.observations.isEmpty)
        #expect(try directory.simulatedWorld() == nil)
        #expect(try state.journal() == JournalReading())
    }

    @Test func groupsAreKeptInTheirPlaces() throws {
        let state = try TemporaryState()
        let ids = ["cluster-bbbbbbbbbbb", "cluster-aaaaaaaaaaa"].map { Sample.id(of: $0) }
        let other = Sample.id(of: "cluster-aaaaaaaaaaa", account: "999988887777")
        let records = (ids + [other]).map { id in
            GroupRecord(group: ProtectionGroup(id: id, cluster: nil), simulator: .integer(7))
        }
        try state.writing().save(records)
        let directory = try state.reading()
        #expect(directory.groupIDs() == [ids[1], ids[0], other])
        for record in records { #expect(try directory.record(of: record.group.id) == record) }
        #expect(
            try state.everything().keys.contains("999988887777/us-east-1/cluster-aaaaaaaaaaa.json")
        )
    }

    @Test func theSimulatedWorldIsKept() throws {
        let state = try TemporaryState()
        let world: JSONValue = .object(["clock": .integer(7), "quirks": .array([.null])])
        try state.writing().saveSimulatedWorld(world)
        #expect(try state.reading().simulatedWorld() == world)
        try state.put("{\"Format\": 1, \"World\": {\"a\": 1, \"a\": 1}}", at: "simulator.json")
        let error = StateError.content(
            file: state.path(of: "simulator.json"),
            key: "World.a",
            .equalKeys
        )
        #expect(throws: error) { try state.reading().simulatedWorld() }
    }

    @Test func observationsAreKeptByPlace() throws {
        let state = try TemporaryState()
        let place = Sample.id.home
        let now = TemporaryState.now
        let gap = PlaceObservation(of: place, at: now, gap: "page 2 of DescribeBackups failed")
        let whole = PlaceObservation(of: place, at: now + .hours(1))
        do {
            let directory = try state.writing()
            try directory.save([gap])
            #expect(directory.observations == [gap])
            try directory.save([whole])
        }
        #expect(try state.reading().observations == [whole])
        #expect(whole.isComplete && !gap.isComplete)
    }

    @Test func equalBytesAreNotWrittenAgain() throws {
        let state = try TemporaryState()
        let directory = try state.writing()
        try directory.save(record)
        try directory.saveSimulatedWorld(.integer(1))
        let files = [Sample.file(), "simulator.json", "index.json"]
        let before = try files.map { try state.identity(of: $0) }
        try directory.save(record)
        try directory.saveSimulatedWorld(.integer(1))
        #expect(try files.map { try state.identity(of: $0) } == before)
    }

    @Test func nothingIsWrittenThroughADirectoryOpenedForReading() async throws {
        let state = try TemporaryState()
        let before = try state.everything()
        let directory = try state.reading()
        let error = StateError.openedForReading(path: state.path)
        #expect(throws: error) { try directory.save(record) }
        #expect(throws: error) { try directory.saveSimulatedWorld(.null) }
        #expect(throws: error) { try directory.save([PlaceObservation]()) }
        #expect(try state.everything() == before)
    }

    @Test func whatCouldNotBeReadAgainIsNotWritten() throws {
        let state = try TemporaryState()
        let directory = try state.writing()
        try directory.save(record)
        let text = try state.text(of: Sample.file())
        let id = try #require(BackupID("backup-ro5c4er4aac"))
        let backup = Backup(
            id: id,
            region: Sample.id.home.region,
            createdAt: TemporaryState.now,
            state: .ready
        )
        var twice = record
        twice.group.backups = [backup, backup]
        var late = record
        late.group.backups = [
            Backup(
                id: id,
                region: Sample.id.home.region,
                createdAt: Timestamp(milliseconds: .max),
                state: .ready
            )
        ]
        let values: [JSONValue] = [.number(.nan), .number(.infinity), nested(levels: 65)]
        let records = values.map { GroupRecord(group: record.group, simulator: $0) }
        for record in records + [twice, late] {
            let error = #expect(throws: StateError.self) { try directory.save(record) }
            guard case .unwritable(let file, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(file == state.path(of: Sample.file()))
        }
        #expect(try state.text(of: Sample.file()) == text)
    }

    @Test func manyThreadsReadAtOnce() async throws {
        let state = try TemporaryState()
        let ids = (0..<40 as Range<UInt64>).map { Sample.id(of: ClusterID(bits: $0).description) }
        try state.writing().save(
            ids.map { GroupRecord(group: ProtectionGroup(id: $0, cluster: nil)) }
        )
        let directory = try state.reading()
        try await withThrowingTaskGroup(of: GroupID.self) { tasks in
            for id in ids + ids { tasks.addTask { try directory.record(of: id).group.id } }
            var seen: Set<GroupID> = []
            for try await id in tasks { seen.insert(id) }
            #expect(seen == Set(ids))
        }
    }

    @Test func manyThreadsWriteAtOnce() async throws {
        let state = try TemporaryState()
        let ids = (0..<20 as Range<UInt64>).map { Sample.id(of: ClusterID(bits: $0).description) }
        let directory = try state.writing()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for id in ids {
                tasks.addTask {
                    try directory.save(GroupRecord(group: ProtectionGroup(id: id, cluster: nil)))
                }
            }
            try await tasks.waitForAll()
        }
        let reading = try state.reading()
        #expect(reading.groupIDs() == ids.sorted())
        #expect(reading.findings.isEmpty)
    }

    private func nested(levels: Int) -> JSONValue {
        (0..<levels).reduce(.null) { value, _ in .array([value]) }
    }
}

extension TemporaryState {
    /// What tells one file from another that took its place.
    func identity(of name: String) throws -> UInt64 {
        var status = stat()
        guard stat(path(of: name), &status) == 0 else { throw POSIXError(.ENOENT) }
        return UInt64(status.st_ino)
    }
}

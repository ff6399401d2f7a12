import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// The lock as a right that can be lost while a run goes on.
@Suite struct LeaseTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    private func expectLost(
        _ directory: StateDirectory,
        _ reason: String,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let lease = try #require(directory.lease)
        #expect(throws: LeaseLost(reason), sourceLocation: sourceLocation) { try lease.check() }
        await #expect(throws: LeaseLost(reason), sourceLocation: sourceLocation) {
            try await directory.journal.begin(SampleJournal.intent(1))
        }
        let record = GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil))
        #expect(throws: StateError.self, sourceLocation: sourceLocation) {
            try directory.save(record)
        }
    }

    @Test func itIsHeldAsLongAsTheLockIs() throws {
        let directory = try state.writing()
        let lease = try #require(directory.lease)
        for _ in 0..<3 { try lease.check() }
    }

    @Test func aLockFileThatIsRemovedOrReplacedLosesIt() async throws {
        let directory = try state.writing()
        try state.remove("lock")
        try await expectLost(directory, "the lock file was removed")
        try state.put("", at: "lock")
        try await expectLost(directory, "the lock file was replaced")
        #expect(try !state.everything().keys.contains(SampleJournal.groupFile))
    }

    @Test func aStateThatIsMovedAwayLosesIt() async throws {
        let directory = try state.writing()
        let files = FileManager.default
        try files.moveItem(atPath: state.path, toPath: state.parent + "/elsewhere")
        try await expectLost(directory, "the state directory was moved or replaced")
        try files.moveItem(atPath: state.parent + "/elsewhere", toPath: state.path)
        try directory.lease?.check()
    }

    @Test func theNoteSaysWhoItIsForPeople() throws {
        let request = LockRequest(
            for: "apply",
            since: TemporaryState.now,
            job: "https://ci.example/jobs/7",
            plan: String(repeating: "c", count: 64)
        )
        let directory = try StateDirectory.open(
            at: state.path,
            for: .writing(request),
            storage: .any
        )
        let error = #expect(throws: StateError.self) { try state.writing() }
        guard case .locked(_, let owner?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(owner.job == request.job && owner.plan == request.plan)
        #expect(owner.lock.flatMap { LineageID($0) } != nil)
        #expect(owner.boot?.count == 36)
        #expect(owner.started.flatMap { Int($0) } ?? 0 > 0)
        #expect(error?.description.contains("https://ci.example/jobs/7") == true)
        withExtendedLifetime(directory) {}
    }

    @Test func theJobsAddressIsTheOneTheSystemGives() {
        let github = [
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/hsm",
            "GITHUB_RUN_ID": "42",
        ]
        #expect(
            LockRequest.job(in: github) == "https://github.com/acme/hsm/actions/runs/42"
        )
        #expect(LockRequest.job(in: ["CI_JOB_URL": "https://gitlab/7"]) == "https://gitlab/7")
        #expect(LockRequest.job(in: ["GITHUB_RUN_ID": "42"]) == nil)
    }

    @Test(.enabled(if: MemoryFileSystem.isMounted, "needs /dev/shm on tmpfs"))
    func aStateInMemoryIsRefusedUnlessItNeedNotLast() throws {
        let path = "/dev/shm/strongroom-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var generator = SeededGenerator(seed: 6)
        let lineage = LineageID(using: &generator)
        let error = StateError.volatile(path: path, fileSystem: "tmpfs")
        #expect(throws: error) {
            try StateDirectory.create(at: path, service: .aws, lineage: lineage)
        }
        try StateDirectory.create(at: path, service: .aws, lineage: lineage, storage: .any)
        let request = LockRequest(for: "apply", since: TemporaryState.now)
        #expect(throws: error) { try StateDirectory.open(at: path, for: .writing(request)) }
        _ = try StateDirectory.open(at: path, for: .writing(request), storage: .any)
        _ = try StateDirectory.open(at: path, for: .reading)
    }
}

/// Memory that is mounted as a file system on most machines.
enum MemoryFileSystem {
    static let isMounted: Bool = {
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        return mounts.split(separator: "\n").contains { $0.contains(" /dev/shm tmpfs ") }
            && access("/dev/shm", W_OK) == 0
    }()
}

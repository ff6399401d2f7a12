import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct FileReplacementTests {
    @Test func aWriteThatFailsLeavesTheOldFileWhole() async {
        await #expect(processExitsWith: .success) {
            let state = try TemporaryState()
            let directory = try state.writing()
            let group = ProtectionGroup(id: Sample.id, cluster: nil)
            try directory.save(GroupRecord(group: group))
            let before = try state.everything()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: rlim_t.max)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else {
                exit(2)
            }
            let large = JSONValue.string(String(repeating: "x", count: 5000))
            do {
                try directory.save(GroupRecord(group: group, simulator: large))
                exit(3)
            } catch StateError.system(operation: "write", path: _, errno: EFBIG) {
                guard try state.everything() == before else { exit(4) }
            }
            do {
                try directory.saveSimulatedWorld(large)
                exit(5)
            } catch StateError.system(operation: "write", path: _, errno: EFBIG) {
                guard try state.everything() == before else { exit(6) }
            }
            limit.rlim_cur = rlim_t.max
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else {
                exit(7)
            }
            try directory.save(GroupRecord(group: group, simulator: large))
            guard try directory.record(of: Sample.id).simulator == large else { exit(8) }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can mount a small file system"))
    func aFullDiskLeavesTheOldFileWhole() throws {
        let state = try TemporaryState(service: nil)
        let mounted = try run(
            "mount",
            ["-t", "tmpfs", "-o", "size=64k,mode=700", "none", state.parent]
        )
        guard mounted.0 == 0 else {
            // A container may forbid it; the limit on file sizes is tested above in any case.
            return
        }
        defer { _ = try? run("umount", [state.parent]) }
        var generator = SeededGenerator(seed: 3)
        let lineage = LineageID(using: &generator)
        try StateDirectory.create(
            at: state.path,
            service: .simulator,
            lineage: lineage,
            storage: .any
        )
        let directory = try state.writing()
        let group = ProtectionGroup(id: Sample.id, cluster: nil)
        try directory.save(GroupRecord(group: group))
        let before = try state.everything()
        let large = JSONValue.string(String(repeating: "x", count: 200_000))
        let error = #expect(throws: StateError.self) {
            try directory.save(GroupRecord(group: group, simulator: large))
        }
        guard case .system(_, _, ENOSPC) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try state.everything() == before)
    }
}

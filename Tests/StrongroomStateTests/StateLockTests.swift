import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct StateLockTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    @Test func onlyOneRunWritesAndTheOtherIsToldWho() throws {
        let first = try state.writing("apply")
        let error = #expect(throws: StateError.self) { try state.writing("reconcile") }
        guard case .locked(let path, let owner?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == state.path)
        #expect(owner.operation == "apply")
        #expect(owner.pid == getpid())
        #expect(owner.since == TemporaryState.now)
        #expect(error?.isTransient == true)
        #expect(
            error?.description.contains("is in use by `apply` (process \(getpid()) on ") == true
        )
        _ = try state.reading()
        withExtendedLifetime(first) {}
    }

    @Test func theLockIsFreeWhenItsHolderIsGone() throws {
        do { _ = try state.writing() }
        _ = try state.writing()
        #expect(try !state.everything().keys.contains("lock.owner"))
    }

    @Test func theJournalAloneKeepsTheLock() throws {
        let journal = try state.writing().journal
        #expect(throws: StateError.self) { try state.writing() }
        withExtendedLifetime(journal) {}
    }

    @Test func theLockHoldsAgainstAnotherProcess() throws {
        let first = try state.writing()
        let lock = state.path(of: "lock")
        #expect(try run("flock", ["-n", lock, "true"]).0 == 1)
        withExtendedLifetime(first) {}
    }

    @Test func anotherProcessesLockHoldsAgainstUsUntilItIsKilled() throws {
        _ = try state.writing()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "flock", state.path(of: "lock"), "sh", "-c", "echo held; exec sleep 60",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
        #expect(throws: StateError.locked(path: state.path, by: nil)) { try state.writing() }
        // Kills the holder and the program it runs, which has the lock as well.
        _ = try run("pkill", ["-KILL", "-P", "\(process.processIdentifier)"])
        process.waitUntilExit()
        _ = try state.writing()
    }

    @Test func waitingEndsWhenTheOtherRunIsThrough() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        _ = try state.writing()
        process.arguments = [
            "flock", state.path(of: "lock"), "sh", "-c", "echo held; exec sleep 0.3",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        let request = LockRequest(
            for: "apply",
            since: TemporaryState.now,
            waitingAtMost: .seconds(30)
        )
        _ = try StateDirectory.open(at: state.path, for: .writing(request), storage: .any)
        process.waitUntilExit()
    }

    @Test func waitingHasAnEnd() throws {
        let first = try state.writing()
        let request = LockRequest(
            for: "apply",
            since: TemporaryState.now,
            waitingAtMost: .milliseconds(120)
        )
        #expect(throws: StateError.self) {
            try StateDirectory.open(at: state.path, for: .writing(request), storage: .any)
        }
        withExtendedLifetime(first) {}
    }

    @Test(arguments: ["", "{", "[]", #"{"pid": "x"}"#, #"{"pid": 7}"#])
    func whateverTheOwnersNoteSaysDecidesNothing(text: String) throws {
        try state.put(text, at: "lock.owner")
        let first = try state.writing()
        try state.put(text, at: "lock.owner")
        #expect(throws: StateError.locked(path: state.path, by: nil)) { try state.writing() }
        withExtendedLifetime(first) {}
    }

    @Test func theLockFileIsMadeOnceAndStays() throws {
        _ = try state.writing()
        let before = try FileManager.default.attributesOfItem(atPath: state.path(of: "lock"))
        _ = try state.writing()
        let after = try FileManager.default.attributesOfItem(atPath: state.path(of: "lock"))
        #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
        #expect(after[.systemFileNumber] != nil)
    }
}

import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// Who may read the state, and what is kept beside it: F23 of the fault tests.
@Suite struct OwnerOnlyTests {
    let state: TemporaryState

    init() throws {
        state = try TemporaryState()
        try state.writing().save(GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil)))
    }

    private func mode(of path: String) throws -> UInt32 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw POSIXError(.ENOENT) }
        return status.st_mode & 0o7777
    }

    private func modes() throws -> Set<UInt32> {
        let names = try FileManager.default.subpathsOfDirectory(atPath: state.path)
        return Set(try names.map { try mode(of: state.path(of: $0)) } + [try mode(of: state.path)])
    }

    @Test func whatVersionControlLetsOthersReadIsTakenFromThemByTheFirstWriter() async throws {
        try await state.record(1...2)
        for name in try FileManager.default.subpathsOfDirectory(atPath: state.path) {
            let isDirectory = try mode(of: state.path(of: name)) == 0o700
            chmod(state.path(of: name), isDirectory ? 0o755 : 0o644)
        }
        chmod(state.path, 0o755)
        _ = try state.reading()
        #expect(try modes() == [0o755, 0o644])
        _ = try state.writing()
        #expect(try modes() == [0o700, 0o600])
    }

    @Test(arguments: [Sample.file(), "index.json", SampleJournal.groupFile, "journal/heads.json"])
    func aFileWithASecondNameIsRefused(name: String) async throws {
        try await state.record(1...2)
        let other = state.parent + "/other"
        #expect(link(state.path(of: name), other) == 0)
        let error = StateError.unsafe(path: state.path(of: name), .hardLinked)
        #expect(throws: error) { try state.writing() }
        #expect(unlink(other) == 0)
        _ = try state.writing()
    }

    @Test func aPrivateFileIsItsOwnersOnlyWhateverTheUmask() async {
        await #expect(processExitsWith: .success) {
            umask(0)
            let state = try TemporaryState()
            let path = state.parent + "/plan.json"
            for text in ["first", "second"] {
                try PrivateFile.write(Array(text.utf8), to: path)
                var status = stat()
                guard lstat(path, &status) == 0, status.st_mode & 0o7777 == 0o600 else { exit(2) }
                guard try PrivateFile.read(path) == Array(text.utf8) else { exit(3) }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: state.parent)
            guard names.sorted() == ["plan.json", "state"] else { exit(4) }
        }
    }

    @Test func aPrivateFileIsNotWrittenThroughALinkOrIntoAPipe() throws {
        let target = state.parent + "/target"
        let path = state.parent + "/key"
        try Data("kept".utf8).write(to: URL(fileURLWithPath: target))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(throws: StateError.unsafe(path: path, .symbolicLink)) {
            try PrivateFile.write([1], to: path)
        }
        #expect(throws: StateError.self) { try PrivateFile.read(path) }
        #expect(FileManager.default.contents(atPath: target) == Data("kept".utf8))
        unlink(path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: StateError.unsafe(path: path, .notAFile)) {
            try PrivateFile.write([1], to: path)
        }
        #expect(throws: StateError.unsafe(path: path, .notAFile)) { try PrivateFile.read(path) }
    }

    @Test func aPrivateFileIsNotKeptWhereOthersCanReplaceIt() throws {
        chmod(state.parent, 0o777)
        #expect(throws: StateError.unsafe(path: state.parent, .writableByOthers(mode: 0o777))) {
            try PrivateFile.write([1], to: state.parent + "/key")
        }
        chmod(state.parent, 0o1777)
        try PrivateFile.write([1], to: state.parent + "/key")
        let folder = state.parent + "/none"
        #expect(throws: StateError.noFolder(path: folder)) {
            try PrivateFile.write([1], to: folder + "/key")
        }
        for path in ["", "/", "..", state.parent + "/"] {
            #expect(throws: StateError.self) { try PrivateFile.write([1], to: path) }
        }
    }
}

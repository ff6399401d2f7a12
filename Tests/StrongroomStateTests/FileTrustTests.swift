import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// Who may touch the state: F23 of the fault tests.
@Suite struct FileTrustTests {
    let state: TemporaryState
    private let record = GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil))

    init() throws {
        state = try TemporaryState()
        try state.writing().save(record)
    }

    private func expect(
        _ danger: StateError.Danger,
        of name: String,
        sourceLocation: Testing.SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) {
        let path = name.isEmpty ? state.path : state.path(of: name)
        #expect(throws: StateError.unsafe(path: path, danger), sourceLocation: sourceLocation) {
            try body()
        }
    }

    private func mode(of name: String) throws -> UInt32 {
        var status = stat()
        guard lstat(state.path(of: name), &status) == 0 else { throw POSIXError(.ENOENT) }
        return status.st_mode & 0o7777
    }

    private func moveAway(_ name: String) throws -> String {
        let target = state.parent + "/elsewhere"
        try FileManager.default.moveItem(atPath: state.path(of: name), toPath: target)
        return target
    }

    @Test func everythingIsMadeForItsOwnerOnlyWhateverTheUmask() async {
        await #expect(processExitsWith: .success) {
            umask(0)
            let state = try TemporaryState()
            let directory = try state.writing()
            try directory.save(GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil)))
            try directory.saveSimulatedWorld(.null)
            try await directory.journal.begin(SampleJournal.intent(1))
            for name in try FileManager.default.subpathsOfDirectory(atPath: state.path) {
                var status = stat()
                guard lstat(state.path(of: name), &status) == 0 else { exit(2) }
                let isDirectory = status.st_mode & S_IFMT == S_IFDIR
                guard status.st_mode & 0o7777 == (isDirectory ? 0o700 : 0o600) else { exit(3) }
            }
        }
    }

    @Test(arguments: ["", "111122223333", "111122223333/us-east-1", "journal"])
    func aDirectoryOthersMayWriteToIsRefused(name: String) throws {
        chmod(state.path(of: name), 0o770)
        let path = name.isEmpty ? state.path : state.path(of: name)
        let error = StateError.unsafe(path: path, .writableByOthers(mode: 0o770))
        #expect(throws: error) { try state.writing().record(of: Sample.id) }
        #expect(throws: error) { try state.reading().record(of: Sample.id) }
    }

    @Test(arguments: ["FORMAT", "index.json", Sample.file()])
    func aFileOthersMayWriteToIsRefused(name: String) throws {
        chmod(state.path(of: name), 0o646)
        expect(.writableByOthers(mode: 0o646), of: name) {
            _ = try state.reading().record(of: Sample.id)
        }
    }

    @Test func modesOfVersionControlAreAccepted() throws {
        for name in try state.everything().keys {
            let isDirectory = try mode(of: name) == 0o700
            chmod(state.path(of: name), isDirectory ? 0o755 : 0o644)
        }
        chmod(state.path, 0o755)
        #expect(try state.reading().record(of: Sample.id) == record)
        try state.writing().save(
            GroupRecord(group: record.group, simulator: .string("written"))
        )
        #expect(try mode(of: Sample.file()) == 0o600)
    }

    @Test func aParentOthersMayWriteToIsRefusedUnlessSticky() throws {
        chmod(state.parent, 0o777)
        expect(.parentWritableByOthers(mode: 0o777), of: "") { _ = try state.reading() }
        expect(.parentWritableByOthers(mode: 0o777), of: "") { _ = try state.writing() }
        chmod(state.parent, 0o1777)
        _ = try state.reading()
    }

    @Test func aLinkToTheStateIsRefusedWithOrWithoutASlash() throws {
        let link = state.parent + "/link"
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: state.path
        )
        for path in [link, link + "/", link + "//"] {
            #expect(throws: StateError.unsafe(path: path, .symbolicLink)) {
                try StateDirectory.open(at: path, for: .reading)
            }
        }
    }

    @Test(arguments: [
        "111122223333", "111122223333/us-east-1", Sample.file(), "journal", "FORMAT", "index.json",
        "lock",
    ])
    func aLinkInsideTheStateIsRefused(name: String) throws {
        let target = try moveAway(name)
        let before = try FileManager.default.attributesOfItem(atPath: target)
        try FileManager.default.createSymbolicLink(
            atPath: state.path(of: name),
            withDestinationPath: target
        )
        expect(.symbolicLink, of: name) {
            let directory = try state.writing()
            _ = try directory.record(of: Sample.id)
        }
        let after = try FileManager.default.attributesOfItem(atPath: target)
        #expect(after[.modificationDate] as? Date == before[.modificationDate] as? Date)
    }

    @Test func aLinkInPlaceOfAFileIsNotWrittenThrough() throws {
        let target = try moveAway(Sample.file())
        let text = try String(contentsOfFile: target, encoding: .utf8)
        let directory = try state.writing()
        try FileManager.default.createSymbolicLink(
            atPath: state.path(of: Sample.file()),
            withDestinationPath: target
        )
        expect(.symbolicLink, of: Sample.file()) {
            try directory.save(GroupRecord(group: record.group, simulator: .integer(1)))
        }
        #expect(try String(contentsOfFile: target, encoding: .utf8) == text)
    }

    @Test(arguments: [Sample.file(), "FORMAT", "index.json"])
    func aPipeInPlaceOfAFileIsRefusedAndNotWaitedFor(name: String) throws {
        _ = try moveAway(name)
        #expect(mkfifo(state.path(of: name), 0o600) == 0)
        expect(.notAFile, of: name) { _ = try state.writing().record(of: Sample.id) }
    }

    @Test func aFileInPlaceOfADirectoryIsRefused() throws {
        _ = try moveAway("journal")
        try state.put("", at: "journal")
        expect(.notADirectory, of: "journal") { _ = try state.writing() }
        #expect(throws: StateError.unsafe(path: state.path(of: "lock"), .notADirectory)) {
            try StateDirectory.open(at: state.path(of: "lock"), for: .reading)
        }
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root can give files away"),
        arguments: ["", "111122223333/us-east-1", Sample.file(), "FORMAT"]
    )
    func whatBelongsToAnotherUserIsRefused(name: String) throws {
        #expect(chown(state.path(of: name), 4711, 4711) == 0)
        expect(.foreignOwner(uid: 4711), of: name) {
            _ = try state.writing().record(of: Sample.id)
        }
    }

    @Test func noNameLeadsOutOfTheDirectory() throws {
        let list = #"{"Format": 1, "Groups": ["111122223333/../cluster-aaaaaaaaaaa"]}"#
        try state.put(list, at: "index.json")
        #expect(throws: StateError.self) { try state.reading() }
    }
}

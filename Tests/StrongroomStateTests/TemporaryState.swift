import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState

/// A directory of a test's own, removed when the value is gone, with a state directory inside.
final class TemporaryState {
    /// The directory around the state.
    let parent: String

    /// The state directory's path.
    var path: String { parent + "/state" }

    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    /// Makes the directory, and a state in it unless told otherwise.
    init(service: ServiceKind? = .simulator) throws {
        var template = Array("\(NSTemporaryDirectory())strongroom-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw POSIXError(.EIO) }
        parent = String(cString: made)
        guard let service else { return }
        var generator = SeededGenerator(seed: 1)
        let lineage = LineageID(using: &generator)
        try StateDirectory.create(at: path, service: service, lineage: lineage, storage: .any)
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    func reading() throws -> StateDirectory { try .open(at: path, for: .reading) }

    func writing(
        _ operation: String = "test",
        anchor: StateAnchor? = nil
    ) throws -> StateDirectory {
        let request = LockRequest(for: operation, since: Self.now)
        return try .open(at: path, for: .writing(request), anchor: anchor, storage: .any)
    }

    /// The path of something inside the state.
    func path(of name: String) -> String { "\(path)/\(name)" }

    /// A file's text.
    func text(of name: String) throws -> String {
        try String(contentsOfFile: path(of: name), encoding: .utf8)
    }

    /// Puts a file there as it is, with the modes version control gives.
    func put(_ text: String, at name: String) throws { try put(Data(text.utf8), at: name) }

    func put(_ data: Data, at name: String) throws {
        let url = URL(fileURLWithPath: path(of: name))
        let folder = url.deletingLastPathComponent()
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        try data.write(to: url)
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: url.path)
    }

    /// Replaces the content of a file that is there, without any ceremony.
    func overwrite(_ data: Data, at name: String) throws {
        let file = open(path(of: name), O_WRONLY | O_TRUNC)
        guard file >= 0 else { throw POSIXError(.ENOENT) }
        defer { close(file) }
        let count = data.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == data.count else { throw POSIXError(.EIO) }
    }

    /// Puts a group's file there and lists it.
    func put(group text: String, as id: GroupID = Sample.id) throws {
        try put(text, at: Sample.file(of: id))
        let list =
            "{\"Format\": 1, \"Groups\": [\"\(id.home.account)/\(id.home.region)/\(id.cluster)\"]}"
        try put(list, at: "index.json")
    }

    /// Everything in the state with its content, to see that nothing was changed.
    func everything() throws -> [String: Data] {
        var all: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            all[name] = FileManager.default.contents(atPath: path(of: name)) ?? Data()
        }
        return all
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Runs a program and hands back how it ended and what it said.
func run(_ program: String, _ arguments: [String], input: Data? = nil) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
}

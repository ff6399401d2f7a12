import Foundation

/// A temporary directory with files in it, removed when it goes out of use.
final class Folder: Sendable {
    private let url: URL

    /// Makes a directory.
    ///
    /// - Parameter files: Paths below it and what the files hold.
    /// - Throws: What the file system refuses.
    init(_ files: [String: String] = [:]) throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("strongroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (path, content) in files { try write(path, Array(content.utf8)) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of something in the directory; of the directory itself for an empty name.
    func path(_ name: String) -> String { name.isEmpty ? url.path : "\(url.path)/\(name)" }

    /// Writes a file, with the directories above it.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    /// Makes a symbolic link.
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path(name),
            withDestinationPath: target
        )
    }

    /// Makes a named pipe that nobody writes to.
    func pipe(_ name: String) throws {
        guard mkfifo(path(name), 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}

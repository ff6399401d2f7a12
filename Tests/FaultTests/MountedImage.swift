import Foundation

/// A file system of its own, mounted from an image file or from memory, gone with the value.
final class MountedImage: Sendable {
    /// The kinds that are tried.
    enum Kind: String, Sendable {
        case ext4, xfs, tmpfs
    }

    private let folder: Folder
    private let kind: Kind

    /// Where it is mounted.
    var root: URL { folder.file("root") }

    /// The file that holds what the disk holds.
    var image: URL { folder.file("image") }

    /// Makes and mounts an empty file system.
    ///
    /// - Parameters:
    ///   - kind: Its kind.
    ///   - kibibytes: Its size.
    /// - Throws: When the system's tools cannot make or mount it.
    init(_ kind: Kind, kibibytes: Int) async throws {
        folder = try Folder()
        self.kind = kind
        switch kind {
        case .tmpfs: break
        case .ext4:
            try await truncate(to: kibibytes)
            // Nothing is left to be written in the background; a small one has no room for a journal.
            var options = ["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"]
            if kibibytes < 8 << 10 { options += ["-b", "1024", "-N", "256", "-O", "^has_journal"] }
            try await run(["mkfs.ext4"] + options + [image.path])
        case .xfs:
            try await truncate(to: kibibytes)
            try await run(["mkfs.xfs", "-q", image.path])
        }
        try await mount(kibibytes: kibibytes)
    }

    /// Mounts what a disk held when its power was cut; the journal is replayed.
    init(_ kind: Kind, holding disk: Data) async throws {
        folder = try Folder()
        self.kind = kind
        try disk.write(to: image)
        try await mount(kibibytes: 0)
    }

    deinit {
        // Lazily, because a program that was killed may not have let go yet.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["umount", "-l", root.path]
        do {
            try process.run()
            process.waitUntilExit()
        } catch {
            // It stays mounted, which the machine's owner will see.
        }
    }

    /// What the disk holds at this moment; every write that the file system has not sent is lost.
    ///
    /// It is read until two readings agree, so that no write came between its parts.
    func diskContents() throws -> Data {
        var last = try Data(contentsOf: image)
        for _ in 0..<100 {
            let next = try Data(contentsOf: image)
            if next == last { return next }
            last = next
        }
        throw NeverAtRest(image: image.path)
    }

    /// Writes went on and on although every writer was stopped.
    struct NeverAtRest: Error {
        let image: String
    }

    private func truncate(to kibibytes: Int) async throws {
        try await run(["truncate", "-s", "\(kibibytes)K", image.path])
    }

    private func mount(kibibytes: Int) async throws {
        guard mkdir(root.path, 0o700) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        switch kind {
        case .tmpfs:
            let options = "size=\(kibibytes)k,mode=0700"
            try await run(["mount", "-t", "tmpfs", "-o", options, "none", root.path])
        case .ext4: try await run(["mount", "-t", "ext4", "-o", "loop", image.path, root.path])
        case .xfs:
            // A copy has its original's id, and both are mounted at once.
            try await run(["mount", "-t", "xfs", "-o", "loop,nouuid", image.path, root.path])
        }
        guard chmod(root.path, 0o700) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }

    private func run(_ command: [String]) async throws {
        let ended = try await Running(
            command,
            in: folder.url,
            // mkfs.xfs makes one of less than 300 MiB only for its own tests.
            environment: ["TEST_DIR": "1", "TEST_DEV": "1", "QA_CHECK_FS": "1"]
        ).end()
        guard ended.status == 0 else { throw Tool.Failed(command: command, ended: ended) }
    }
}

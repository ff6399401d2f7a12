import Foundation

/// A folder of its own, gone with the value.
final class Folder: Sendable {
    let url: URL
    private let isOwned: Bool

    /// Makes an empty folder that nobody else may enter.
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("strongroom-faults-\(UUID().uuidString)", isDirectory: true)
        isOwned = true
        guard mkdir(url.path, 0o700) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    /// Takes a folder that belongs to someone else, and stays.
    init(lent url: URL) {
        self.url = url
        isOwned = false
    }

    deinit {
        guard isOwned else { return }
        // A folder that stays is nobody's harm.
        try? FileManager.default.removeItem(at: url)
    }

    /// A file in it.
    func file(_ path: String) -> URL { url.appendingPathComponent(path) }

    /// A file's text.
    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: file(path)), as: UTF8.self)
    }

    /// Writes a file.
    func write(_ text: String, to path: String) throws {
        let file = file(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }
}

/// The files below a directory, and what is in them.
enum Contents {
    /// Every file below a directory with all its bytes; links are neither followed nor listed.
    static func of(_ root: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for path in try paths(below: root) {
            let file = root.appendingPathComponent(path)
            var status = stat()
            guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            contents[path] = try Data(contentsOf: file)
        }
        return contents
    }

    /// Every path below a directory, in order.
    static func paths(below root: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
    }
}

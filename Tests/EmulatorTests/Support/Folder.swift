import Foundation

/// A folder of its own for one test, gone with the value.
final class Folder: Sendable {
    let url: URL

    /// Makes an empty folder that nobody else may enter.
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("strongroom-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        // A folder that stays is nobody's harm.
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in it.
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// A file's text.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
    }

    /// Writes a file, for its owner only unless another mode is given.
    func write(_ text: String, to name: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        try FileManager.default.setAttributes(
            [.posixPermissions: mode],
            ofItemAtPath: path(name)
        )
    }
}

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

    /// A file in it.
    func file(_ path: String) -> URL { url.appendingPathComponent(path) }

    /// A file's text.
    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: file(path)), as: UTF8.self)
    }

    /// Writes a file.
    func write(_ text: String, to path: String) throws {
        try write(Data(text.utf8), to: path)
    }

    /// Writes a file.
    func write(_ data: Data, to path: String) throws {
        let file = file(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try data.write(to: file)
    }

    /// Changes a file's text.
    ///
    /// - Throws: ``NothingToReplace`` if the old text is not there.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try text(path)
        guard text.contains(old) else { throw NothingToReplace(text: old, path: path) }
        try write(text.replacingOccurrences(of: old, with: new), to: path)
    }

    /// A text that was to be replaced is not there.
    struct NothingToReplace: Error {
        let text: String
        let path: String
    }

    /// Copies a folder or file from elsewhere into it.
    func copy(_ source: URL, to path: String) throws {
        let target = file(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(at: source, to: target)
    }

    /// Every file below a path, with all its bytes.
    func contents(below path: String = "") throws -> [String: Data] {
        try Self.contents(of: path.isEmpty ? url : file(path))
    }

    /// Every file below a folder, with all its bytes.
    static func contents(of root: URL) throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        var contents: [String: Data] = [:]
        for path in paths {
            let file = root.appendingPathComponent(path)
            var isFolder: ObjCBool = false
            guard
                FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            contents[path] = try Data(contentsOf: file)
        }
        return contents
    }

    /// The path of the only group's file below a tree's state.
    func groupFile(of tree: String = "tree") throws -> String {
        try groupFile(below: "\(tree)/state")
    }

    /// The path of the only group's file below a state directory.
    func groupFile(below state: String) throws -> String {
        let paths = try contents(below: state).keys
        guard let path = paths.first(where: { $0.contains("/cluster-") && $0.hasSuffix(".json") })
        else {
            throw CocoaError(.fileNoSuchFile)
        }
        return "\(state)/\(path)"
    }
}

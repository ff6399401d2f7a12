import Glibc
import StrongroomText

/// A path without links, `.` and `..`, as the file system knew it when it was asked.
///
/// It is kept as the system's bytes: a directory above may have a name that is not UTF-8.
struct RealPath: Hashable, Sendable {
    private static let slash = UInt8(ascii: "/")

    /// The path, absolute.
    private let bytes: [UInt8]

    /// The path, as it is shown.
    var text: String { ShownText.name(bytes) }

    /// Resolves a path.
    ///
    /// - Parameter path: A path of something that exists.
    /// - Throws: ``FileMistake``.
    init(of path: String) throws(FileMistake) {
        guard let resolved = realpath(path, nil) else {
            let reason = errno
            throw reason == ENOENT || reason == ENOTDIR
                ? .notFound(path)
                : .unreadable(path, reason: String(cString: strerror(reason)))
        }
        defer { free(resolved) }
        let length = strlen(resolved)
        bytes = UnsafeBufferPointer(start: resolved, count: length).map { UInt8(bitPattern: $0) }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether another path is this one or lies below it.
    func contains(_ other: RealPath) -> Bool {
        other == self || other.bytes.starts(with: prefix)
    }

    /// Whether a directory is there.
    var isDirectory: Bool {
        var status = stat()
        return stat(bytes.asCString, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The directory the path lies in.
    var directory: RealPath {
        guard let slash = bytes.lastIndex(of: Self.slash), slash != bytes.startIndex else {
            return RealPath(bytes: [Self.slash])
        }
        return RealPath(bytes: Array(bytes[..<slash]))
    }

    /// The path of an entry below this directory that is no link.
    func appending(_ name: [UInt8]) -> RealPath {
        RealPath(bytes: prefix + name)
    }

    /// What the paths of all entries begin with.
    private var prefix: [UInt8] { bytes == [Self.slash] ? bytes : bytes + [Self.slash] }

    /// Opens a path below this directory step by step, so that no link swapped in between can lead
    /// out.
    ///
    /// - Parameters:
    ///   - path: A path that this directory contains.
    ///   - shown: The path that messages show.
    /// - Returns: What lies there.
    /// - Throws: ``FileMistake``.
    func open(_ path: RealPath, shown: String) throws(FileMistake) -> Descriptor {
        guard contains(path) else { throw .outside(shown, root: text) }
        var current = try Descriptor.open(bytes, shown: text)
        for name in path.bytes.dropFirst(bytes.count).split(separator: Self.slash) {
            current = try current.open(Array(name), shown: shown)
        }
        return current
    }
}

/// Joins a directory and a path that is meant relative to it; an absolute path stands for itself.
///
/// - Parameters:
///   - path: The path; leading `./` is dropped.
///   - directory: The directory; empty means the current one.
/// - Returns: The path to open and to show.
func join(_ path: String, to directory: String) -> String {
    guard !path.hasPrefix("/"), !directory.isEmpty else { return withoutDots(path) }
    return withoutDots(directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)")
}

/// The directory of a path as it is written; empty for a bare name.
func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A path without empty and `.` parts.
///
/// `..` stays: behind a link it is not the part before it.
private func withoutDots(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    let joined = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
}

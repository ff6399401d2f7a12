import Glibc

/// A path without links, `.` and `..`, as the file system knew it when it was asked.
struct RealPath: Hashable, Sendable {
    /// The path, absolute.
    let text: String

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
        text = String(cString: resolved)
    }

    private init(text: String) {
        self.text = text
    }

    /// Whether another path is this one or lies below it.
    func contains(_ other: RealPath) -> Bool {
        other.text == text || text == "/" || other.text.hasPrefix(text + "/")
    }

    /// Whether a directory is there.
    var isDirectory: Bool {
        var status = stat()
        return stat(text, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The directory the path lies in.
    var directory: RealPath {
        guard let slash = text.lastIndex(of: "/"), slash != text.startIndex else {
            return RealPath(text: "/")
        }
        return RealPath(text: String(text[..<slash]))
    }

    /// The path of an entry below this directory that is no link.
    func appending(_ name: String) -> RealPath {
        RealPath(text: text == "/" ? "/\(name)" : "\(text)/\(name)")
    }

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
        var current = try Descriptor.open(text)
        for name in path.text.dropFirst(text.count).split(separator: "/") {
            current = try current.open(String(name), shown: shown)
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

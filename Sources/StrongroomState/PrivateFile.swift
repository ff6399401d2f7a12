internal import Glibc

/// Files outside of a state directory that are nobody else's business: saved plans and keys.
public enum PrivateFile {
    /// Writes a file whole, for its owner only; when it returns, the file survives a power cut.
    ///
    /// - Parameters:
    ///   - bytes: All of its content.
    ///   - path: Where; a file that is there is replaced, a link or anything else is not.
    /// - Throws: When it could not be made durable, or when others may change what lies there.
    public static func write(_ bytes: [UInt8], to path: String) throws(StateError) {
        let (directory, name) = try parent(of: path)
        var status = stat()
        if fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            let kind = status.st_mode & S_IFMT
            guard kind != S_IFLNK else { throw .unsafe(path: path, .symbolicLink) }
            guard kind == S_IFREG else { throw .unsafe(path: path, .notAFile) }
        }
        try directory.replace(name, with: bytes)
    }

    /// Reads a file that only its owner can write to.
    ///
    /// - Parameter path: Where.
    /// - Returns: All of its content; `nil` if there is no file of that name.
    /// - Throws: When it cannot be read, or is a link, no regular file, another user's, or writable
    ///   by others.
    public static func read(_ path: String) throws(StateError) -> [UInt8]? {
        let (directory, name) = try parent(of: path)
        let parser = JSONParser()
        guard try directory.load(name, into: parser) else { return nil }
        return Array(parser.bytes)
    }

    private static func parent(of path: String) throws(StateError) -> (HeldDirectory, String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last.map(String.init) ?? ""
        guard !["", ".", ".."].contains(name) else { throw .unsafe(path: path, .notAFile) }
        let above = parts.dropLast().joined(separator: "/")
        let folder = parts.count == 1 ? "." : above.isEmpty ? "/" : above
        return (try HeldDirectory.openShared(folder), name)
    }
}

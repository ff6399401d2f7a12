internal import Glibc
internal import StrongroomText
internal import Synchronization

/// A directory held open, so that nothing done in it can be led elsewhere by changing its path.
final class HeldDirectory: Sendable {
    /// The open directory.
    let descriptor: Int32

    /// Its path, for messages.
    let path: String

    /// Whether what can be seen here, or in a directory opened from here, may not be stored.
    let doubt: DurabilityDoubt

    private init(descriptor: Int32, path: String, doubt: DurabilityDoubt) {
        self.descriptor = descriptor
        self.path = path
        self.doubt = doubt
    }

    deinit { close(descriptor) }

    /// Opens a directory by its path.
    ///
    /// - Returns: The directory; `nil` if there is none of that name.
    static func open(_ path: String) throws(StateError) -> HeldDirectory? {
        // A slash at the end would make the system follow a symbolic link.
        var plain = path[...]
        while plain.count > 1, plain.last == "/" { plain = plain.dropLast() }
        return try open(String(plain), in: AT_FDCWD, path: path, doubt: DurabilityDoubt())
    }

    /// Opens a directory that others may use as well, such as one for temporary files, as long as
    /// they cannot take away what is ours.
    static func openShared(_ path: String) throws(StateError) -> HeldDirectory {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .noFolder(path: path) }
            throw .system(operation: "open", path: path, errno: errno)
        }
        let directory = HeldDirectory(
            descriptor: descriptor,
            path: path,
            doubt: DurabilityDoubt()
        )
        try FileTrust.checkShared(descriptor, path: path)
        return directory
    }

    /// Opens a directory inside this one.
    ///
    /// - Returns: The directory; `nil` if there is none of that name.
    func directory(_ name: String) throws(StateError) -> HeldDirectory? {
        try Self.open(name, in: descriptor, path: path(of: name), doubt: doubt)
    }

    /// The path of something inside, for messages.
    func path(of name: String) -> String { "\(path)/\(name)" }

    private static func open(
        _ name: String,
        in parent: Int32,
        path: String,
        doubt: DurabilityDoubt
    ) throws(StateError) -> HeldDirectory? {
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT { return nil }
            if code == ELOOP || code == ENOTDIR {
                throw .unsafe(path: path, isLink(name, in: parent) ? .symbolicLink : .notADirectory)
            }
            throw .system(operation: "open", path: path, errno: code)
        }
        let directory = HeldDirectory(descriptor: descriptor, path: path, doubt: doubt)
        try FileTrust.check(descriptor, path: path)
        return directory
    }

    private static func isLink(_ name: String, in parent: Int32) -> Bool {
        var status = stat()
        return fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0
            && status.st_mode & S_IFMT == S_IFLNK
    }
}

/// Remembers that a directory could not be synced: what was renamed there is seen, but perhaps not
/// stored, so bytes that are there already are no reason to write nothing.
final class DurabilityDoubt: Sendable {
    private let isRaised = Atomic(false)

    func raise() { isRaised.store(true, ordering: .relaxed) }

    var exists: Bool { isRaised.load(ordering: .relaxed) }
}

extension HeldDirectory {
    /// The names of what is inside, sorted; a byte that is not UTF-8 is written as `\xff`.
    func names() throws(StateError) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw .system(operation: "list", path: path, errno: code)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            // None of ours is anything but ASCII; of another it is only said that it is there.
            let name = String(validating: bytes, as: UTF8.self) ?? ShownText.name(bytes)
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .system(operation: "list", path: path, errno: errno) }
        return names.sorted()
    }

    /// Loads a file into a parser.
    ///
    /// - Returns: Whether there is a file of that name.
    func load(_ name: String, into parser: JSONParser) throws(StateError) -> Bool {
        // O_NONBLOCK, so that a pipe in the file's place is refused and not waited for.
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            let code = errno
            if code == ENOENT { return false }
            if code == ELOOP { throw .unsafe(path: path(of: name), .symbolicLink) }
            throw .system(operation: "open", path: path(of: name), errno: code)
        }
        defer { close(file) }
        let size = try FileTrust.checkFile(file, path: { path(of: name) })
        guard size <= JSONParser.largestFile else { throw tooLarge(name, size) }
        var total = 0
        try parser.load(expecting: size) { (free) throws(StateError) in
            let count = try read(file, into: free, named: name)
            total += count
            guard total <= JSONParser.largestFile else { throw tooLarge(name, total) }
            return count
        }
        return true
    }

    private func tooLarge(_ name: String, _ bytes: Int) -> StateError {
        .tooLarge(file: path(of: name), bytes: Int64(bytes), limit: Int64(JSONParser.largestFile))
    }

    private func read(
        _ file: Int32,
        into free: UnsafeMutableRawBufferPointer,
        named name: String
    ) throws(StateError) -> Int {
        while true {
            let count = Glibc.read(file, free.baseAddress, free.count)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw .system(operation: "read", path: path(of: name), errno: errno)
            }
        }
    }
}

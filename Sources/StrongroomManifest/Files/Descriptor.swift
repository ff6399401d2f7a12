import Glibc

/// An open file or directory.
///
/// It is closed when it goes out of use.
struct Descriptor: ~Copyable {
    /// The kernel's number.
    let number: CInt

    /// What distinguishes one file from every other, whatever its names.
    struct Identity: Hashable {
        fileprivate let device: UInt
        fileprivate let inode: UInt
    }

    /// What was opened.
    enum Kind {
        case file, directory, other
    }

    private static let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

    private init(number: CInt, path: String) throws(FileMistake) {
        guard number >= 0 else {
            let reason = errno
            throw reason == ENOENT || reason == ENOTDIR
                ? .notFound(path)
                : .unreadable(path, reason: String(cString: strerror(reason)))
        }
        self.number = number
    }

    deinit { close(number) }

    /// Opens what a person named, following links.
    ///
    /// - Parameter path: The path.
    /// - Returns: The open file or directory.
    /// - Throws: ``FileMistake``.
    static func open(_ path: String) throws(FileMistake) -> Descriptor {
        try Descriptor(number: Glibc.open(path, flags), path: path)
    }

    /// Opens a path whose bytes need be no text, following links.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - shown: The path that messages show.
    /// - Returns: The open file or directory.
    /// - Throws: ``FileMistake``.
    static func open(_ path: [UInt8], shown: String) throws(FileMistake) -> Descriptor {
        try Descriptor(number: Glibc.open(path.asCString, flags), path: shown)
    }

    /// Opens an entry of an open directory, never following a link.
    ///
    /// - Parameters:
    ///   - name: One name, without a slash; it need be no text.
    ///   - shown: The path that messages show.
    /// - Returns: The open entry.
    /// - Throws: ``FileMistake``.
    func open(_ name: [UInt8], shown: String) throws(FileMistake) -> Descriptor {
        let flags = Self.flags | O_NOFOLLOW
        return try Descriptor(number: openat(number, name.asCString, flags), path: shown)
    }

    /// What was opened, and which file it is.
    ///
    /// - Parameter shown: The path that messages show.
    /// - Returns: Its kind and identity.
    /// - Throws: ``FileMistake``.
    func status(shown: String) throws(FileMistake) -> (kind: Kind, identity: Identity) {
        var status = stat()
        guard fstat(number, &status) == 0 else {
            throw .unreadable(shown, reason: String(cString: strerror(errno)))
        }
        let identity = Identity(device: status.st_dev, inode: status.st_ino)
        switch status.st_mode & S_IFMT {
        case S_IFREG: return (.file, identity)
        case S_IFDIR: return (.directory, identity)
        default: return (.other, identity)
        }
    }

    /// Reads from the start, one byte more than a limit at most.
    ///
    /// - Parameters:
    ///   - limit: Bytes that are wanted; one more tells that there are too many.
    ///   - shown: The path that messages show.
    /// - Returns: The bytes, at most one more than the limit.
    /// - Throws: ``FileMistake``.
    func bytes(upTo limit: Int, shown: String) throws(FileMistake) -> [UInt8] {
        var size = stat()
        let expected = fstat(number, &size) == 0 ? Int(size.st_size) : 0
        // One byte more than the file has, so that its end is seen by the same call.
        var capacity = min(max(expected, 0), limit) + 1
        var bytes: [UInt8] = []
        var failure: CInt = 0
        while bytes.count <= limit {
            let room = min(capacity, limit + 1 - bytes.count)
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let read = Self.read(number, into: buffer)
                failure = read < 0 ? errno : 0
                count = max(read, 0)
            }
            guard failure == 0 else {
                throw .unreadable(shown, reason: String(cString: strerror(failure)))
            }
            guard !chunk.isEmpty else { break }
            let isEnd = chunk.count < room
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            if isEnd { break }
            capacity = 64 << 10
        }
        return bytes
    }

    private static func read(_ number: CInt, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int
    {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }
}

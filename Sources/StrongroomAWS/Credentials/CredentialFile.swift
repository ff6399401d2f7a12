internal import Glibc

/// A file as it was read: its bytes, and who can have written them.
public struct CredentialFile: Sendable {
    /// The longest file read, in bytes.
    static let limit = 1 << 20

    /// The content.
    public let bytes: [UInt8]

    /// The owner's user id.
    public let owner: UInt32

    /// Whether others than the owner can write to it: its group or everybody.
    public let isWritableByOthers: Bool

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - owner: The owner's user id.
    ///   - isWritableByOthers: Whether its group or everybody can write to it.
    public init(bytes: [UInt8], owner: UInt32, isWritableByOthers: Bool) {
        self.bytes = bytes
        self.owner = owner
        self.isWritableByOthers = isWritableByOthers
    }

    /// Reads a file of at most 1 MiB; owner and bytes are of the same file, whatever is renamed.
    ///
    /// - Parameter path: The path.
    /// - Throws: ``FileFault``.
    public init(at path: String) throws(FileFault) {
        // Without O_NONBLOCK a pipe that nobody writes to would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFault(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault(errno: errno) }
        // /dev/null is how people say "none".
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFCHR else { throw .notAFile }
        bytes = try Self.content(of: descriptor)
        owner = status.st_uid
        isWritableByOthers = status.st_mode & (S_IWGRP | S_IWOTH) != 0
    }

    private static func content(of descriptor: Int32) throws(FileFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileFault(errno: errno) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw .tooLong }
        }
    }
}

/// Why a file was not read.
public enum FileFault: Error, Hashable, Sendable {
    /// There is none.
    case missing
    /// It may not be read.
    case denied
    /// It is a directory, a pipe or the like.
    case notAFile
    /// It is longer than 1 MiB.
    case tooLong
    /// Another error of the system's, by its number.
    case system(Int32)

    init(errno: Int32) {
        switch errno {
        case ENOENT, ENOTDIR: self = .missing
        case EACCES, EPERM: self = .denied
        case EISDIR: self = .notAFile
        default: self = .system(errno)
        }
    }
}

extension FileFault: CustomStringConvertible {
    /// What stands in the way.
    public var description: String {
        switch self {
        case .missing: "there is no such file"
        case .denied: "it may not be read"
        case .notAFile: "it is not a file"
        case .tooLong: "it is longer than 1 MiB"
        case .system(let number): "it cannot be read (errno \(number))"
        }
    }
}

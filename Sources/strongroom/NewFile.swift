import Foundation

/// A file that only its owner may read, and that is made once and never replaced: a key.
enum NewFile {
    /// What is wrong, in the system's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes a new file; one that is there is not touched.
    ///
    /// - Parameters:
    ///   - bytes: All of it.
    ///   - path: Where.
    /// - Throws: ``Failure``.
    static func create(_ bytes: [UInt8], at path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure() }
        do {
            try fill(file, with: bytes)
        } catch {
            close(file)
            unlink(path)
            throw error
        }
        guard close(file) == 0 else { throw Failure() }
        try syncFolder(of: path)
    }

    private static func fill(_ file: Int32, with bytes: [UInt8]) throws {
        // The mode is given whatever the umask says.
        guard fchmod(file, 0o600) == 0 else { throw Failure() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure() }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw Failure() }
    }

    private static func syncFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure() }
    }
}

extension NewFile.Failure {
    /// The last failure of a system call.
    fileprivate init() {
        description = String(cString: strerror(errno))
    }
}

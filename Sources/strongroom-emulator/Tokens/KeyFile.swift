import Glibc

/// A file of access keys that is its owner's only, so that no secret stands on a command line.
///
/// One key a line, `ID:SECRET` or `ID:SECRET:ACCOUNT`; empty lines and those that begin with `#`
/// are passed over.
enum KeyFile {
    /// Why a file of keys is not taken.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the keys.
    ///
    /// - Parameter path: The file.
    /// - Returns: The keys, in order.
    /// - Throws: ``Problem`` that names the file, and nothing of what it holds.
    static func keys(at path: String) throws(Problem) -> [AccessKey] {
        let text = try text(at: path)
        var keys: [AccessKey] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let key = AccessKey(String(line.filter { $0 != "\r" })) else {
                throw Problem(
                    description: "\(path):\(number + 1): write ID:SECRET or ID:SECRET:ACCOUNT"
                )
            }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw Problem(description: "\(path) has no key") }
        return keys
    }

    private static func text(at path: String) throws(Problem) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw problem(path, String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw problem(path, "it is no regular file")
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw problem(path, "make it yours only: chmod 600")
        }
        guard status.st_size <= 1 << 20 else { throw problem(path, "it is too large") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        return String(decoding: bytes.prefix(filled), as: UTF8.self)
    }

    private static func problem(_ path: String, _ reason: String) -> Problem {
        Problem(description: "cannot read the keys in \(path): \(reason)")
    }
}

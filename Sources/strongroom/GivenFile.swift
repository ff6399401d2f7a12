import Glibc
import StrongroomReport

/// A file that a person names on the command line.
struct GivenFile {
    let path: String
    let bytes: [UInt8]

    /// Who may be able to read or change a file.
    enum Trust {
        /// Whoever can; what it says is checked.
        case anyone
        /// Its owner only, who runs this; no link leads there.
        case ownerOnly
    }

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - what: What it is, for messages, such as `the plan`.
    ///   - trust: Who may be able to read or change it.
    ///   - limit: The most bytes it may have.
    /// - Throws: ``Trouble`` that names the file; nothing of what it holds is in it.
    init(_ path: String, _ what: String, for trust: Trust, limit: Int = 1 << 30) throws {
        self.path = path
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW.when(trust) | O_NONBLOCK)
        guard file >= 0 else { throw Self.trouble(what, path, Self.words(of: errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw Self.trouble(what, path, Self.words(of: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Self.trouble(what, path, "it is no regular file")
        }
        if let reason = trust.objection(to: status) { throw Self.trouble(what, path, reason) }
        guard status.st_size <= limit else {
            throw Self.trouble(what, path, "it has more than \(limit) bytes")
        }
        bytes = try Self.read(file, atMost: limit, what, path)
    }

    private static func read(
        _ file: Int32,
        atMost limit: Int,
        _ what: String,
        _ path: String
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw trouble(what, path, words(of: errno)) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw trouble(what, path, "it has more than \(limit) bytes")
            }
        }
    }

    private static func trouble(_ what: String, _ path: String, _ reason: String) -> Trouble {
        Trouble("cannot read \(what) \(path): \(reason)", .failure)
    }

    private static func words(of code: Int32) -> String {
        if code == ELOOP { return "it is a link, and none is followed here" }
        return String(cString: strerror(code))
    }
}

extension GivenFile.Trust {
    /// What is wrong with a file's owner or mode; `nil` if nothing.
    fileprivate func objection(to status: stat) -> String? {
        switch self {
        case .anyone: return nil
        case .ownerOnly:
            guard status.st_uid == geteuid() else { return "another user owns it" }
            guard status.st_mode & 0o077 == 0 else {
                return "others may read or change it; make it the owner's only: chmod 600"
            }
            return nil
        }
    }
}

extension Int32 {
    /// The flag where only the file itself is taken, and no link to it.
    fileprivate func when(_ trust: GivenFile.Trust) -> Int32 {
        switch trust {
        case .anyone: 0
        case .ownerOnly: self
        }
    }
}

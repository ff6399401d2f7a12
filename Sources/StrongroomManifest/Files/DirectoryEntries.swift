import Glibc
import StrongroomText

/// One entry of a directory, as far as the directory itself tells.
struct DirectoryEntry {
    /// What an entry is, before any link is followed.
    enum Look {
        case file, directory, link, other
    }

    /// Its name, as the directory holds it.
    let bytes: [UInt8]

    /// What it is; a link whose name is not UTF-8 counts as the directory that it leads to.
    let look: Look

    /// Whether its name is UTF-8; entries with other names are shown and never opened.
    let isText: Bool

    /// Its name; a byte that is not UTF-8 is written as `\xff`.
    let name: String

    fileprivate init(_ bytes: [UInt8], _ look: Look) {
        self.bytes = bytes
        self.look = look
        let text = String(validating: bytes, as: UTF8.self)
        isText = text != nil
        name = text ?? ShownText.name(bytes)
    }

    /// Whether its name is a given one, in the encoding that was usual before UTF-8.
    ///
    /// - Parameter name: The name that is looked for.
    /// - Returns: Whether it is, in ISO 8859-1.
    func isLatin(_ name: String) -> Bool {
        !isText && bytes.map { String(Unicode.Scalar($0)) }.joined() == name
    }
}

extension Descriptor {
    /// The entries of a directory whose names do not begin with a dot, in the order of their
    /// names.
    ///
    /// - Parameter shown: The path that messages show.
    /// - Returns: The entries; empty if there are none.
    /// - Throws: ``FileMistake``.
    func entries(shown: String) throws(FileMistake) -> [DirectoryEntry] {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let reason = String(cString: strerror(errno))
            if copy >= 0 { close(copy) }
            throw .unreadable(shown, reason: reason)
        }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = Self.name(of: entry)
            if name.first != UInt8(ascii: ".") {
                entries.append(DirectoryEntry(name, look(of: entry, named: name)))
            }
            errno = 0
        }
        guard errno == 0 else { throw .unreadable(shown, reason: String(cString: strerror(errno))) }
        return entries.sorted { $0.name < $1.name }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }

    private func look(
        of entry: UnsafeMutablePointer<dirent>,
        named name: [UInt8]
    ) -> DirectoryEntry.Look {
        let isText = String(validating: name, as: UTF8.self) != nil
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .directory
        case Int(DT_LNK): return isText || !leadsToDirectory(name) ? .link : .directory
        case Int(DT_UNKNOWN): break
        default: return .other
        }
        // Some file systems do not say in the directory itself.
        let flags = isText ? AT_SYMLINK_NOFOLLOW : 0
        var status = stat()
        guard fstatat(number, name.asCString, &status, flags) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .link
        default: return .other
        }
    }

    private func leadsToDirectory(_ name: [UInt8]) -> Bool {
        var status = stat()
        return fstatat(number, name.asCString, &status, 0) == 0
            && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension [UInt8] {
    /// The bytes as the system takes a path or a name.
    var asCString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}

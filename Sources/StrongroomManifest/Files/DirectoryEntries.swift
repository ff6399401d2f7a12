import Glibc

/// One entry of a directory, as far as the directory itself tells.
struct DirectoryEntry {
    /// What an entry is, before any link is followed.
    enum Look {
        case file, directory, link, other
    }

    /// Its name.
    let name: String

    /// What it is.
    let look: Look
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
            if !name.hasPrefix(".") {
                entries.append(DirectoryEntry(name: name, look: look(of: entry, named: name)))
            }
            errno = 0
        }
        guard errno == 0 else { throw .unreadable(shown, reason: String(cString: strerror(errno))) }
        return entries.sorted { $0.name < $1.name }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }

    private func look(
        of entry: UnsafeMutablePointer<dirent>,
        named name: String
    ) -> DirectoryEntry.Look {
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .directory
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN): break
        default: return .other
        }
        // Some file systems do not say in the directory itself.
        var status = stat()
        guard fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .link
        default: return .other
        }
    }
}

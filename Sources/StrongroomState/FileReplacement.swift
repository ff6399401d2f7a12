internal import Glibc

extension HeldDirectory {
    /// Replaces a file whole, or makes it; when it returns, the file survives a power cut.
    ///
    /// The new bytes are written beside the file, synced and renamed over it, then the directory is
    /// synced: the one order of five that lost nothing in power cuts on ext4 and xfs. After a failed
    /// sync the kernel takes the pages for clean, so nothing is synced twice: the attempt is over,
    /// and another begins with a new file and all bytes.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - bytes: All of its new content.
    /// - Throws: When it could not be made durable; the old file is then whole, unless only the
    ///   last sync failed, in which case either file is.
    func replace(_ name: String, with bytes: [UInt8]) throws(StateError) {
        let temporary = Self.temporaryName(for: name)
        let file = openat(
            descriptor,
            temporary,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o600
        )
        guard file >= 0 else { throw failure("create", temporary) }
        do throws(StateError) {
            try fill(file, named: temporary, with: bytes)
            guard renameat(descriptor, temporary, descriptor, name) == 0 else {
                throw failure("replace", name)
            }
        } catch {
            unlinkat(descriptor, temporary, 0)
            throw error
        }
        try sync()
    }

    /// Replaces a file, unless it has these bytes already.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - bytes: All of its new content.
    ///   - parser: Memory to load the old content into.
    /// - Throws: As ``replace(_:with:)`` does, and when the old file cannot be read.
    func update(
        _ name: String,
        to bytes: [UInt8],
        comparingWith parser: JSONParser
    ) throws(StateError) {
        let isThere = try load(name, into: parser)
        if isThere, !doubt.exists, parser.bytes.elementsEqual(bytes) { return }
        try replace(name, with: bytes)
    }

    /// Makes what was done to the directory's entries survive a power cut.
    func sync() throws(StateError) {
        guard fsync(descriptor) == 0 else {
            let code = errno
            doubt.raise()
            throw .system(operation: "sync", path: path, errno: code)
        }
    }

    /// Whether there is anything of that name.
    func contains(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Opens a directory inside this one, made first if it is not there, that survives a power cut.
    func makeDirectory(_ name: String) throws(StateError) -> HeldDirectory {
        guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else {
            throw failure("create", name)
        }
        // Also if it was there: whoever made it may have been killed before this.
        try sync()
        guard let made = try directory(name) else { throw .unsafe(path: path(of: name), .replaced) }
        return made
    }

    /// Removes a file; one that is not there is no error.
    func remove(_ name: String) throws(StateError) {
        guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
            throw failure("remove", name)
        }
    }

    /// Removes what writers left that were killed; only while no other can be at work.
    func removeTemporaries(among names: [String]) throws(StateError) {
        for name in names where name.isTemporaryName { try remove(name) }
    }

    fileprivate static let temporaryMark = ".tmp."

    private static func temporaryName(for name: String) -> String {
        // The name must only be free; O_EXCL sees to it, so it need not be unguessable.
        var generator = SystemRandomNumberGenerator()
        return ".\(name)\(temporaryMark)\(String(generator.next(), radix: 16))"
    }

    private func fill(_ file: Int32, named name: String, with bytes: [UInt8]) throws(StateError) {
        do throws(StateError) {
            // The mode is given whatever the umask says.
            guard fchmod(file, 0o600) == 0 else { throw failure("set the mode of", name) }
            try write(bytes, to: file, named: name)
            guard fsync(file) == 0 else { throw failure("sync", name) }
        } catch {
            close(file)
            throw error
        }
        // NFS and quotas report here what they did not take.
        guard close(file) == 0 else { throw failure("close", name) }
    }

    private func write(_ bytes: [UInt8], to file: Int32, named name: String) throws(StateError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                Glibc.write(file, all.baseAddress?.advanced(by: written), all.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .system(
                    operation: "write",
                    path: path(of: name),
                    errno: count == 0 ? ENOSPC : errno
                )
            }
        }
    }

    /// What the system just said.
    func failure(_ operation: String, _ name: String) -> StateError {
        .system(operation: operation, path: path(of: name), errno: errno)
    }
}

extension String {
    /// Whether a file of this name is one that a writer makes beside another, to replace it.
    var isTemporaryName: Bool { hasPrefix(".") && contains(HeldDirectory.temporaryMark) }
}

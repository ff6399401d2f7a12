internal import Glibc

extension HeldDirectory {
    /// Adds bytes to the end of a file, with one write; when it returns, they survive a power cut.
    ///
    /// - Parameters:
    ///   - bytes: What is added.
    ///   - name: The file's name.
    ///   - size: How long the file is before; `nil` if it is to be made.
    /// - Throws: When they could not be made durable. Nobody knows then what the file holds, and it
    ///   must be replaced from memory before anything is added to it again.
    func append(_ bytes: [UInt8], to name: String, of size: Int?) throws(StateError) {
        let making = size == nil ? O_CREAT | O_EXCL : 0
        let flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | making
        let file = openat(descriptor, name, flags, 0o600)
        guard file >= 0 else {
            let code = errno
            if code == ELOOP { throw .unsafe(path: path(of: name), .symbolicLink) }
            throw .system(operation: "open", path: path(of: name), errno: code)
        }
        do throws(StateError) {
            let found = try FileTrust.checkFile(file, path: { path(of: name) })
            guard found == size ?? 0 else { throw .unsafe(path: path(of: name), .changed) }
            if size == nil, fchmod(file, 0o600) != 0 { throw failure("set the mode of", name) }
            try writeOnce(bytes, to: file, named: name)
            guard fsync(file) == 0 else { throw failure("sync", name) }
        } catch {
            close(file)
            throw error
        }
        guard close(file) == 0 else { throw failure("close", name) }
        if size == nil { try sync() }
    }

    private func writeOnce(_ bytes: [UInt8], to file: Int32, named name: String) throws(StateError)
    {
        var count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        while count < 0, errno == EINTR {
            // Interrupted before anything was written.
            count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        }
        if count == bytes.count { return }
        if count >= 0 {
            // Only to learn what stood in the way: the record is given up already.
            errno = ENOSPC
            let rest = Array(bytes[count...])
            _ = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        }
        throw failure("write", name)
    }
}

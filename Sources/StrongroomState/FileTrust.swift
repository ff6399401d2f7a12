internal import Glibc

/// What may be trusted: our own files and directories, that nobody else can write to.
///
/// Modes that let others read are accepted, because version control checks files out with them.
enum FileTrust {
    /// Refuses a directory that another user owns or may write to.
    static func check(_ descriptor: Int32, path: String) throws(StateError) {
        let status = try status(of: descriptor) { path }
        try checkOwner(of: status) { path }
    }

    /// Refuses anything but a regular file of our own that only we can write to.
    ///
    /// - Returns: The file's size in bytes.
    static func checkFile(_ descriptor: Int32, path: () -> String) throws(StateError) -> Int {
        let status = try status(of: descriptor, path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unsafe(path: path(), .notAFile) }
        try checkOwner(of: status, path: path)
        return Int(status.st_size)
    }

    /// Refuses a directory in which others can rename what is ours: writable by them, not sticky.
    static func checkShared(_ descriptor: Int32, path: String) throws(StateError) {
        let status = try status(of: descriptor) { path }
        guard status.st_mode & writableByOthers == 0 || status.st_mode & S_ISVTX != 0 else {
            throw .unsafe(path: path, .writableByOthers(mode: status.st_mode & 0o7777))
        }
    }

    /// Refuses a directory whose parent lets others rename it: writable by them, and not sticky.
    static func checkParent(of directory: HeldDirectory) throws(StateError) {
        var status = stat()
        guard fstatat(directory.descriptor, "..", &status, 0) == 0 else {
            throw .system(operation: "examine", path: directory.path(of: ".."), errno: errno)
        }
        let isShared = status.st_mode & writableByOthers != 0 && status.st_mode & S_ISVTX == 0
        if isShared {
            let mode = status.st_mode & 0o7777
            throw .unsafe(path: directory.path, .parentWritableByOthers(mode: mode))
        }
    }

    private static let writableByOthers: mode_t = S_IWGRP | S_IWOTH

    private static func status(of descriptor: Int32, path: () -> String) throws(StateError) -> stat
    {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .system(operation: "examine", path: path(), errno: errno)
        }
        return status
    }

    private static func checkOwner(of status: stat, path: () -> String) throws(StateError) {
        guard status.st_uid == geteuid() else {
            throw .unsafe(path: path(), .foreignOwner(uid: status.st_uid))
        }
        guard status.st_mode & writableByOthers == 0 else {
            throw .unsafe(path: path(), .writableByOthers(mode: status.st_mode & 0o7777))
        }
    }
}

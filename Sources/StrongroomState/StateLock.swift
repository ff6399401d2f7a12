internal import Glibc

/// The right to write to a state directory, held until the value is gone.
///
/// An exclusive `flock` on a file that is made once and never replaced or removed: the kernel frees
/// it the moment its holder is gone, however that comes about.
final class StateLock: Sendable {
    static let fileName = "lock"
    static let ownerFileName = "lock.owner"

    private let file: Int32
    private let directory: HeldDirectory

    /// Whether the last run was killed, perhaps between renaming a file and syncing its directory.
    let lastRunWasCutShort: Bool

    private init(file: Int32, directory: HeldDirectory, lastRunWasCutShort: Bool) {
        self.file = file
        self.directory = directory
        self.lastRunWasCutShort = lastRunWasCutShort
    }

    deinit {
        // The note stays where something may not be stored: the next run then syncs it first.
        if !directory.doubt.exists { unlinkat(directory.descriptor, Self.ownerFileName, 0) }
        close(file)
    }

    /// Takes the lock, and says for people who has it.
    ///
    /// - Throws: ``StateError/locked(path:by:)`` when another run still has it after the patience.
    static func take(
        in directory: HeldDirectory,
        for request: LockRequest
    ) throws(StateError) -> StateLock {
        let file = try open(in: directory)
        do throws(StateError) {
            try lock(file, in: directory, patience: request.patience)
            try requireSameFile(file, in: directory)
        } catch {
            close(file)
            throw error
        }
        let wasCutShort = directory.contains(ownerFileName)
        let lock = StateLock(file: file, directory: directory, lastRunWasCutShort: wasCutShort)
        try announce(request, in: directory)
        return lock
    }

    private static func open(in directory: HeldDirectory) throws(StateError) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let path = { directory.path(of: fileName) }
        let file = openat(directory.descriptor, fileName, flags, 0o600)
        guard file >= 0 else {
            let code = errno
            if code == ELOOP { throw .unsafe(path: path(), .symbolicLink) }
            throw .system(operation: "open", path: path(), errno: code)
        }
        do throws(StateError) {
            _ = try FileTrust.checkFile(file, path: path)
        } catch {
            close(file)
            throw error
        }
        return file
    }

    private static func lock(
        _ file: Int32,
        in directory: HeldDirectory,
        patience: Duration
    ) throws(StateError) {
        let pause = Duration.milliseconds(50)
        var left = patience
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            guard code == EWOULDBLOCK else {
                let path = directory.path(of: fileName)
                throw .system(operation: "lock", path: path, errno: code)
            }
            guard left > .zero else {
                let owner = LockOwner.read(from: directory, named: ownerFileName)
                throw .locked(path: directory.path, by: owner)
            }
            poll(nil, 0, 50)
            left -= pause
        }
    }

    /// A lock file that was replaced would let two runs in, each with a lock of its own.
    private static func requireSameFile(
        _ file: Int32,
        in directory: HeldDirectory
    ) throws(StateError) {
        var held = stat()
        var named = stat()
        let found =
            fstat(file, &held) == 0
            && fstatat(directory.descriptor, fileName, &named, AT_SYMLINK_NOFOLLOW) == 0
        guard found, held.st_ino == named.st_ino, held.st_dev == named.st_dev else {
            throw .unsafe(path: directory.path(of: fileName), .replaced)
        }
    }

    private static func announce(
        _ request: LockRequest,
        in directory: HeldDirectory
    ) throws(StateError) {
        let owner = LockOwner(
            pid: getpid(),
            host: hostName(),
            operation: request.operation,
            since: request.since
        )
        let text: String
        do {
            text = try JSONText.pretty(owner) + "\n"
        } catch {
            let file = directory.path(of: ownerFileName)
            throw .unwritable(file: file, reason: "\(error)")
        }
        try directory.replace(ownerFileName, with: Array(text.utf8))
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "an unnamed host" }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

internal import CloudHSM
internal import Glibc
internal import StrongroomModel
internal import Synchronization

/// The right to write to a state directory, held until the value is gone.
///
/// An exclusive `flock` on a file that is made once and never replaced or removed: the kernel frees
/// it the moment its holder is gone, however that comes about.
final class StateLock: Sendable {
    static let fileName = "lock"
    static let ownerFileName = "lock.owner"

    private let file: Int32
    private let directory: HeldDirectory
    private let record: Mutex<RunRecord>

    /// Whether the last run was killed, perhaps between renaming a file and syncing its directory.
    let lastRunWasCutShort: Bool

    /// The run before this one, if there was one.
    let lastRun: RunRecord?

    private init(
        file: Int32,
        directory: HeldDirectory,
        lastRunWasCutShort: Bool,
        lastRun: RunRecord?,
        run: RunRecord
    ) {
        self.file = file
        self.directory = directory
        self.lastRunWasCutShort = lastRunWasCutShort
        self.lastRun = lastRun
        record = Mutex(run)
    }

    deinit {
        // The note stays where something may not be stored: the next run then syncs it first.
        if !directory.doubt.exists { unlinkat(directory.descriptor, Self.ownerFileName, 0) }
        // A child that is being started may hold a copy of the descriptor for a moment.
        flock(file, LOCK_UN)
        close(file)
    }

    /// Takes the lock, gives the run its number, and says for people who has it.
    ///
    /// - Parameters:
    ///   - directory: The state directory.
    ///   - request: What the run says of itself.
    ///   - mending: What a repair does to the record of the last run before it is read.
    /// - Returns: The lock.
    /// - Throws: ``StateError/locked(path:by:)`` when another run still has it after the patience;
    ///   ``StateError/noLongerAwaited(path:)`` once the task that waits is cancelled.
    static func take(
        in directory: HeldDirectory,
        for request: LockRequest,
        mending: () throws(StateError) -> Void = {}
    ) throws(StateError) -> StateLock {
        let file = try open(in: directory)
        do throws(StateError) {
            try lock(file, in: directory, patience: request.patience)
            if let loss = loss(of: file, in: directory) {
                throw .lockLost(path: directory.path(of: fileName), reason: loss)
            }
            try mending()
            let last = try RunFile.read(from: directory)
            let host = LockOwner.hostName()
            try refuseOtherHosts(than: host, in: directory, last, request)
            let wasCutShort = directory.contains(ownerFileName)
            // The number is given away durably before anything else is written.
            let run = RunRecord(after: last, request, on: host)
            try RunFile.write(run, to: directory)
            try LockOwner(of: request, on: host).write(to: directory, named: ownerFileName)
            return StateLock(
                file: file,
                directory: directory,
                lastRunWasCutShort: wasCutShort,
                lastRun: last,
                run: run
            )
        } catch {
            close(file)
            throw error
        }
    }

    /// What is kept about this run.
    var run: RunRecord { record.withLock { $0 } }

    /// Changes what is kept about this run, durably.
    func update(_ change: (inout RunRecord) -> Void) throws(StateError) {
        let result = record.withLock { record in
            Result { () throws(StateError) in
                var changed = record
                change(&changed)
                guard changed != record else { return }
                try RunFile.write(changed, to: directory)
                record = changed
            }
        }
        try result.get()
    }
}

extension StateLock: Lease {
    /// A number that grows each time the lock is taken.
    var epoch: Int { run.epoch }

    /// Looks whether the name of the lock still leads to the file that is held.
    func check() throws {
        if let loss = Self.loss(of: file, in: directory) { throw LeaseLost(loss) }
    }

    /// As ``check()``, for what throws errors of this room only.
    func require() throws(StateError) {
        guard let loss = Self.loss(of: file, in: directory) else { return }
        throw .lockLost(path: directory.path(of: Self.fileName), reason: loss)
    }

    /// How the lock was lost: a lock file, or a directory, that was replaced would let another run
    /// in, and a network file system that lost the lock answers with an error.
    private static func loss(of file: Int32, in directory: HeldDirectory) -> String? {
        var held = stat()
        var named = stat()
        let path = directory.path(of: fileName)
        guard fstat(file, &held) == 0 else { return unexamined(path, errno) }
        guard fstatat(directory.descriptor, fileName, &named, AT_SYMLINK_NOFOLLOW) == 0 else {
            let code = errno
            return code == ENOENT ? "the lock file was removed" : unexamined(path, code)
        }
        guard held.st_ino == named.st_ino, held.st_dev == named.st_dev else {
            return "the lock file was replaced"
        }
        guard fstat(directory.descriptor, &held) == 0 else {
            return unexamined(directory.path, errno)
        }
        let code = stat(directory.path, &named) == 0 ? 0 : errno
        guard code == 0 || code == ENOENT else { return unexamined(directory.path, code) }
        guard code == 0, held.st_ino == named.st_ino, held.st_dev == named.st_dev else {
            return "the state directory was moved or replaced"
        }
        return nil
    }

    private static func unexamined(_ path: String, _ code: Int32) -> String {
        "\(path) cannot be examined: \(String(cString: strerror(code))) (errno \(code))"
    }
}

extension StateLock {
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
            guard !Task.isCancelled else { throw .noLongerAwaited(path: directory.path) }
            poll(nil, 0, 50)
            left -= pause
        }
    }

    /// How long another machine that wrote counts as one that may write still.
    private static let remembersHostsFor = Duration.days(30)

    /// On a network file system the lock is advice: more than one machine must not write there.
    private static func refuseOtherHosts(
        than host: String,
        in directory: HeldDirectory,
        _ last: RunRecord?,
        _ request: LockRequest
    ) throws(StateError) {
        guard case .network(let kind) = FileSystemKind(of: directory) else { return }
        let owner = LockOwner.read(from: directory, named: ownerFileName)
        let writers = [
            last.map { (host: $0.host, at: $0.began) }, owner.map { (host: $0.host, at: $0.since) },
        ]
        let other = writers.compactMap { $0 }.first {
            $0.host != host && $0.at > request.since - remembersHostsFor
        }
        guard let other else { return }
        throw .severalHosts(path: directory.path, fileSystem: kind, other: other.host)
    }
}

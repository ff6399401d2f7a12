internal import CloudHSM
internal import Glibc
public import StrongroomModel

/// Why the state directory, or one file of it, cannot be used; nothing was changed.
public enum StateError: Error, Hashable, Sendable {
    /// There is no directory of that name.
    case noDirectory(path: String)
    /// A file was to be kept in a directory that is not there.
    case noFolder(path: String)
    /// The directory has no FORMAT, so it never was a state directory or is only part of one.
    case notAStateDirectory(path: String)
    /// A state directory was to be created where there is one.
    case alreadyCreated(path: String)
    /// A state directory was to be created beside what looks like the remains of another.
    case remains(path: String, item: String)
    /// The directory belongs to another service than the fleet's.
    case otherService(path: String, found: ServiceKind, expected: ServiceKind)
    /// A newer version of Strongroom wrote the file.
    case newerFormat(file: String, found: Int64, known: Int64)
    /// Another run holds the directory.
    case locked(path: String, by: LockOwner?)
    /// Whoever waited for the directory does not want it any more.
    case noLongerAwaited(path: String)
    /// The lock was lost while the run went on, so another may be at work.
    case lockLost(path: String, reason: String)
    /// Another machine wrote lately where locks between machines are advice only.
    case severalHosts(path: String, fileSystem: String, other: String)
    /// The directory lies where nothing lasts.
    case volatile(path: String, fileSystem: String)
    /// The anchor belongs to another state directory.
    case otherAnchor(path: String)
    /// Something was to be written, but the directory is open for reading.
    case openedForReading(path: String)
    /// The file, directory or link is not one that may be trusted.
    case unsafe(path: String, Danger)
    /// A file the index or journal counts on is not there.
    case missing(file: String)
    /// The file is larger than any that Strongroom writes.
    case tooLarge(file: String, bytes: Int64, limit: Int64)
    /// The file is not JSON, or not JSON that everybody understands alike.
    case notJSON(file: String, at: TextPosition?, message: String)
    /// The file is JSON, but a value in it cannot be used.
    case content(file: String, key: String, ContentProblem)
    /// What was to be written could not have been read again, so it was not written.
    case unwritable(file: String, reason: String)
    /// A file of the journal, or a line of it, is not what was written.
    case damagedJournal(file: String, line: Int?, JournalDamage)
    /// An intent was to be recorded that the journal cannot take.
    case journalRefusal(intent: String, JournalRefusal)
    /// The operating system refused.
    case system(operation: String, path: String, errno: Int32)
}

extension StateError {
    /// Why a file or directory is not trusted.
    public enum Danger: Hashable, Sendable {
        /// It is a symbolic link.
        case symbolicLink
        /// It is a pipe, a device or something else than a regular file.
        case notAFile
        /// It is not a directory.
        case notADirectory
        /// It belongs to another user.
        case foreignOwner(uid: UInt32)
        /// Others than its owner may write to it.
        case writableByOthers(mode: UInt32)
        /// It lies in a directory others may write to, without the sticky bit.
        case parentWritableByOthers(mode: UInt32)
        /// It was replaced while it was being opened.
        case replaced
        /// It has another name too, so that changing it changes something else.
        case hardLinked
        /// Somebody else wrote to it while this run held the lock.
        case changed
    }

    /// A place in a text.
    public struct TextPosition: Hashable, Sendable {
        /// The line, counted from 1.
        public let line: Int

        /// The character (Unicode scalar) within the line, counted from 1.
        public let column: Int
    }

    /// What is wrong with a value; where it stands is beside it, such as `Backups[17].BackupState`.
    public enum ContentProblem: Hashable, Sendable {
        /// It is not there.
        case missing
        /// It is there, but nothing of that name belongs there.
        case unknownKey
        /// Nothing of that name is known, but it is almost a known key.
        case misspelt(known: String)
        /// The key stands twice in its object.
        case equalKeys
        /// It is something else than can be used.
        case unexpected(found: String, expected: String)
        /// It names something that an earlier entry names already.
        case repeated(name: String)
        /// It belongs to another cluster than the file does.
        case otherCluster(found: String, expected: String)
        /// A copy has some of the four fields on its origin, but not this one.
        case incompleteOrigin
    }

    /// Why the journal refuses an intent or outcome.
    public enum JournalRefusal: Hashable, Sendable {
        /// The id is not 32 lower-case hexadecimal digits.
        case malformedID
        /// An intent of that id is recorded already.
        case alreadyBegun
        /// No intent of that id is recorded.
        case neverBegun
        /// Another outcome is recorded already.
        case alreadyEnded
    }

    /// Whether waiting may help: another run is at work.
    public var isTransient: Bool {
        if case .locked = self { return true }
        return false
    }
}

extension StateError {
    /// What is wrong with a text, without the file it is in.
    var problemText: String {
        switch self {
        case .content(_, let key, let problem): "\(key.printable(upTo: 200)) \(problem)"
        case .notJSON(_, let position, let message):
            message + (position.map { " (character \($0.column) of the line)" } ?? "")
        case .noDirectory, .noFolder, .notAStateDirectory, .alreadyCreated, .remains, .otherService,
            .newerFormat, .locked, .noLongerAwaited, .lockLost, .severalHosts, .volatile,
            .otherAnchor, .openedForReading, .unsafe, .missing, .tooLarge, .unwritable,
            .damagedJournal, .journalRefusal, .system:
            description
        }
    }
}

extension StateError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .noDirectory(let path):
            "there is no state directory at \(path): check the path, or create one there"
        case .noFolder(let path): "there is no directory \(path): make it, or correct the path"
        case .notAStateDirectory(let path):
            "\(path) is not a state directory, because it has no FORMAT file: "
                + "check the path, or restore the file if it was lost"
        case .alreadyCreated(let path):
            "\(path) is a state directory already: use it, or choose another path"
        case .remains(let path, let item):
            "\(path) holds \(item) but no FORMAT file, so it may be the remains of a state: "
                + "restore FORMAT, or choose an empty directory"
        case .otherService(let path, let found, let expected):
            "\(path) is the state of the service \(found.rawValue), but the fleet asks for "
                + "\(expected.rawValue): correct spec.service or spec.state"
        case .newerFormat(let file, let found, let known):
            "\(file) was written by a newer Strongroom: format \(found); "
                + "this one reads up to \(known): update Strongroom"
        case .locked(let path, let owner):
            "\(path) is in use by \(owner?.description ?? "another run"): "
                + "wait until that run is through"
        case .noLongerAwaited(let path): "\(path) is not waited for any more: nothing was done"
        case .lockLost(let path, let reason):
            "\(path): \(reason); nothing more was written: run the command again"
        case .severalHosts(let path, let fileSystem, let other):
            "\(path) lies on \(fileSystem), and \(other.printable(upTo: 60)) wrote to it lately: "
                + "locks do not hold between machines there; let one machine write only"
        case .volatile(let path, let fileSystem):
            "\(path) lies on \(fileSystem), which is gone with the machine or the container: "
                + "keep the state on a disk, or give --allow-volatile-state if it need not last"
        case .otherAnchor(let path):
            "the anchor belongs to another state directory than \(path): "
                + "name the right one, or remove it if this state takes the other's place"
        case .openedForReading(let path):
            "\(path) was opened for reading, so nothing can be written to it"
        case .unsafe(let path, let danger): "\(path) \(danger)"
        case .missing(let file):
            "\(file) is not there, but it is counted on: "
                + "restore it, for example from version control"
        case .tooLarge(let file, let bytes, let limit):
            "\(file) has \(bytes) bytes, but at most \(limit) are read: "
                + "check that it is the right file"
        case .notJSON(let file, let position, let message):
            "\(file)\(position.map { ":\($0.line):\($0.column)" } ?? ""): \(message): "
                + "restore the file"
        case .content(let file, let key, let problem):
            "\(file): \(key.isEmpty ? "the file" : key.printable(upTo: 200)) \(problem)"
        case .unwritable(let file, let reason):
            "\(file) was not written, because it could not be read again: \(reason)"
        case .damagedJournal(let file, let line, let damage):
            "\(file)\(line.map { ":\($0)" } ?? "") \(damage): restore the file, "
                + "or see `strongroom state repair`"
        case .journalRefusal(let intent, let refusal):
            "intent \(intent.printable(upTo: 60)) \(refusal)"
        case .system(let operation, let path, let code):
            "cannot \(operation) \(path): \(String(cString: strerror(code))) (errno \(code))"
        }
    }
}

extension StateError.Danger: CustomStringConvertible {
    /// The danger and the way out, in words that follow a path.
    public var description: String {
        switch self {
        case .symbolicLink: "is a symbolic link: name the real file or directory"
        case .notAFile: "is not a regular file: remove it and restore the file"
        case .notADirectory: "is not a directory: check the path"
        case .foreignOwner(let uid):
            "belongs to user \(uid), not to the one who runs Strongroom: change its owner"
        case .writableByOthers(let mode):
            "can be written by others (mode \(String(mode, radix: 8))): "
                + "take that away with chmod go-w"
        case .parentWritableByOthers(let mode):
            "lies in a directory that others can write to (mode \(String(mode, radix: 8))): "
                + "take that away with chmod go-w on the directory"
        case .replaced: "was replaced while it was being opened: run the command again"
        case .hardLinked:
            "has a second name (hard link): put a copy in its place that has only this one"
        case .changed:
            "was written to by something else while this run held the lock: find out by what, "
                + "then run the command again"
        }
    }
}

extension StateError.ContentProblem: CustomStringConvertible {
    /// The problem in words that follow a key.
    public var description: String {
        switch self {
        case .missing: "is missing"
        case .unknownKey: "is not a known key"
        case .misspelt(let known): "is not a known key: write \(known) if that is meant"
        case .equalKeys: "stands twice: keep one of the two"
        case .unexpected(let found, let expected): "is \(found), but must be \(expected)"
        case .repeated(let name):
            "names \(name.printable(upTo: 200)), as an earlier entry does: keep one of the two"
        case .otherCluster(let found, let expected):
            "names \(found), but the file belongs to \(expected): move the entry to its own file"
        case .incompleteOrigin:
            "is missing: CopyTimestamp, SourceRegion, SourceBackup and SourceCluster "
                + "are given together or not at all"
        }
    }
}

extension StateError.JournalRefusal: CustomStringConvertible {
    /// The refusal in words that follow an intent's id.
    public var description: String {
        switch self {
        case .malformedID: "cannot be recorded: an id has 32 lower-case hexadecimal digits"
        case .alreadyBegun: "is recorded already: no intent is begun twice"
        case .neverBegun: "is not recorded, so it cannot end"
        case .alreadyEnded: "ended otherwise already: an outcome is never edited"
        }
    }
}

extension StateError: ReadingFailure {
    /// Why a group could not be read.
    public var unreadReason: UnreadReason { UnreadReason("\(self)", from: .ownState) }
}

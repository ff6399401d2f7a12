internal import CloudHSM
internal import Glibc

/// Takes from everybody but the owner what version control gives: to read the state.
///
/// What others may write to is not touched here, but refused where it is opened: nobody knows what
/// they wrote.
enum OwnerOnly {
    /// Something that is not as a run that writes leaves it.
    struct Item {
        enum Trouble {
            case temporary
            case readable(mode: UInt32)
            case secondName
        }

        /// The path within the state; empty for the directory itself.
        let path: String
        let trouble: Trouble
    }

    /// Tightens everything that belongs to a state; only under the lock.
    ///
    /// - Throws: When a file has another name too, so that changing it would change something else.
    static func tighten(_ root: HeldDirectory) throws(StateError) {
        try walk(root) { (directory, name, status, _) throws(StateError) in
            guard let name else {
                return try setMode(0o700, of: directory.descriptor, path: directory.path)
            }
            try tighten(name, status, in: directory)
        }
    }

    /// What is not as a run that writes leaves it; nothing is changed.
    static func items(below root: HeldDirectory) throws(StateError) -> [Item] {
        var items: [Item] = []
        try walk(root) { (_, name, status, path) throws(StateError) in
            let mode = status.st_mode & 0o7777
            if name?.isTemporaryName == true { items.append(Item(path: path, trouble: .temporary)) }
            if name != nil, status.st_nlink > 1 {
                items.append(Item(path: path, trouble: .secondName))
            }
            if mode & 0o077 != 0 {
                items.append(Item(path: path, trouble: .readable(mode: mode)))
            }
        }
        return items
    }

    /// Hands out every directory, without a name, and every regular file of a state.
    private static func walk(
        _ root: HeldDirectory,
        _ visit: (HeldDirectory, String?, stat, String) throws(StateError) -> Void
    ) throws(StateError) {
        try walk(root, below: "", visit) { name in
            AccountID(name) != nil || name.hasPrefix(JournalDirectory.directoryName)
        }
    }

    private static func walk(
        _ directory: HeldDirectory,
        below path: String,
        _ visit: (HeldDirectory, String?, stat, String) throws(StateError) -> Void,
        enters: (String) -> Bool
    ) throws(StateError) {
        var status = stat()
        guard fstat(directory.descriptor, &status) == 0 else {
            throw .system(operation: "examine", path: directory.path, errno: errno)
        }
        try visit(directory, nil, status, path)
        for name in try directory.names() {
            guard fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                if errno == ENOENT { continue }
                throw directory.failure("examine", name)
            }
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            switch status.st_mode & S_IFMT {
            case S_IFDIR where enters(name):
                guard let next = try directory.directory(name) else { continue }
                try walk(next, below: inner, visit) { _ in true }
            case S_IFREG: try visit(directory, name, status, inner)
            default: continue
            }
        }
    }

    private static func tighten(
        _ name: String,
        _ status: stat,
        in directory: HeldDirectory
    ) throws(StateError) {
        guard status.st_nlink == 1 else {
            throw .unsafe(path: directory.path(of: name), .hardLinked)
        }
        let mode = status.st_mode & 0o7777
        guard mode != 0o600, mode & (S_IWGRP | S_IWOTH) == 0 else { return }
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let file = openat(directory.descriptor, name, flags)
        guard file >= 0 else { throw directory.failure("open", name) }
        defer { close(file) }
        try setMode(0o600, of: file, path: directory.path(of: name))
    }

    private static func setMode(
        _ mode: mode_t,
        of file: Int32,
        path: String
    ) throws(StateError) {
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw .system(operation: "examine", path: path, errno: errno)
        }
        guard status.st_mode & 0o7777 != mode else { return }
        guard fchmod(file, mode) == 0 else {
            throw .system(operation: "set the mode of", path: path, errno: errno)
        }
    }
}

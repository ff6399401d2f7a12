internal import Glibc
public import StrongroomModel

extension StateDirectory {
    /// Creates a state directory without any group, durably; open it afterwards.
    ///
    /// - Parameters:
    ///   - path: Where; the directory may exist if no state is in it, its parent must exist.
    ///   - service: Which service's state it is to hold.
    ///   - lineage: What tells it from every other.
    ///   - storage: Whether it may lie where nothing lasts.
    /// - Throws: When there is a state already, or what may be the remains of one, or when it would
    ///   not last.
    public static func create(
        at path: String,
        service: ServiceKind,
        lineage: LineageID,
        storage: StorageDemand = .lasting
    ) throws(StateError) {
        let directory = try makeRoot(at: path)
        try storage.check(directory)
        try FileTrust.checkParent(of: directory)
        try requireNoState(in: directory)
        // FORMAT comes last: until it is there, this is no state directory, and begins anew.
        let journal = try directory.makeDirectory(JournalDirectory.directoryName)
        try JournalHeads().write(to: journal)
        try StateIndex().write(to: directory)
        let format = StateFormat(service: service, lineage: lineage)
        try directory.replace(StateFormat.fileName, with: format.bytes)
    }

    /// Refuses a path below which a state would not last, before anything is made there.
    ///
    /// - Parameters:
    ///   - storage: Whether it may lie where nothing lasts.
    ///   - path: Where the state directory is to be; neither it nor its parents need to exist.
    /// - Throws: When it would not last.
    public static func requireStorage(
        _ storage: StorageDemand,
        forOneAt path: String
    ) throws(StateError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        while parts.count > 1 {
            parts.removeLast()
            let parent = parts == [""] ? "/" : parts.joined(separator: "/")
            let descriptor = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            return try storage.check(descriptor: descriptor, path: path)
        }
    }

    private static func makeRoot(at path: String) throws(StateError) -> HeldDirectory {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            let code = errno
            if code == ENOENT { throw .noDirectory(path: path) }
            throw .system(operation: "create", path: path, errno: code)
        }
        guard let directory = try HeldDirectory.open(path) else {
            throw .unsafe(path: path, .replaced)
        }
        try directory.syncParent()
        return directory
    }

    private static func requireNoState(in directory: HeldDirectory) throws(StateError) {
        let names = try directory.names()
        if names.contains(StateFormat.fileName) { throw .alreadyCreated(path: directory.path) }
        // What a creation leaves that was cut short is nobody's state.
        if names.contains(StateIndex.fileName) {
            guard try StateIndex.read(from: directory) == StateIndex() else {
                throw .remains(path: directory.path, item: StateIndex.fileName)
            }
        }
        if names.contains(JournalDirectory.directoryName) {
            let journal = try directory.directory(JournalDirectory.directoryName)
            let name = try journal?.names().first {
                !$0.hasPrefix(".") && $0 != JournalHeads.fileName
            }
            if let name {
                throw .remains(path: directory.path, item: "journal/\(name)")
            }
        }
        let harmless = [
            StateIndex.fileName, JournalDirectory.directoryName, StateLock.fileName,
            RunFile.fileName,
        ]
        let item = names.first { !$0.hasPrefix(".") && !harmless.contains($0) }
        if let item { throw .remains(path: directory.path, item: item) }
    }
}

extension HeldDirectory {
    /// Makes the directory's own entry survive a power cut.
    fileprivate func syncParent() throws(StateError) {
        let parent = openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else {
            throw .system(operation: "open", path: path(of: ".."), errno: errno)
        }
        defer { close(parent) }
        guard fsync(parent) == 0 else {
            throw .system(operation: "sync", path: path(of: ".."), errno: errno)
        }
    }
}

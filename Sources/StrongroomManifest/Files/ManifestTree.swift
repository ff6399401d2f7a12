/// One text to read manifests from, and where it lies.
struct ManifestInput: Sendable {
    /// The text.
    let source: SourceText

    /// Where it really lies; nil for standard input.
    let path: RealPath?
}

/// Finds and reads the files that paths stand for.
///
/// A path a person names is followed wherever it leads. Inside a directory, only regular files with
/// the endings `.yaml` and `.yml` are read; hidden files and directories are skipped, and a link is
/// followed only if it stays below the named directory. A state directory in it is left alone. A
/// file is read once, however many names lead to it.
struct ManifestTree {
    /// How many directories deep a tree may be.
    static let deepest = 64

    /// The texts, in the order of the paths, and of the names inside each directory.
    private(set) var inputs: [ManifestInput] = []

    /// The directories that the paths stand for; certificates must lie below one of them.
    private(set) var roots: [RealPath] = []

    /// What could not be read.
    private(set) var mistakes: [FileMistake] = []

    private var seen: Set<Descriptor.Identity> = []

    /// Reads all files of a list of paths.
    ///
    /// - Parameters:
    ///   - paths: Files, directories and ``ManifestReader/standardInput``.
    ///   - standardInput: The bytes of standard input, where it is among the paths.
    init(_ paths: [String], standardInput: [UInt8]?) {
        for path in paths {
            do {
                if path == ManifestReader.standardInput {
                    try add(standardInput: standardInput)
                } else {
                    try add(path)
                }
            } catch {
                mistakes.append(error)
            }
        }
    }

    private mutating func add(standardInput bytes: [UInt8]?) throws(FileMistake) {
        guard let bytes else {
            throw .unreadable(ManifestReader.standardInput, reason: "it was not given")
        }
        roots.append(try RealPath(of: "."))
        let source = SourceText(file: ManifestReader.standardInput, bytes: bytes)
        inputs.append(ManifestInput(source: source, path: nil))
    }

    private mutating func add(_ path: String) throws(FileMistake) {
        let opened = try Descriptor.open(path)
        let real = try RealPath(of: path)
        let status = try opened.status(shown: path)
        switch status.kind {
        case .directory:
            roots.append(real)
            guard seen.insert(status.identity).inserted else { return }
            try walk(opened, at: real, shown: join(path, to: ""), root: real, depth: 1)
        case .file:
            roots.append(real.directory)
            try read(opened, status.identity, at: real, shown: path)
        case .other: throw .notRegular(path)
        }
    }

    private mutating func walk(
        _ directory: borrowing Descriptor,
        at path: RealPath,
        shown: String,
        root: RealPath,
        depth: Int
    ) throws(FileMistake) {
        guard depth <= Self.deepest else { throw .tooDeep(shown) }
        let prefix = shown == "/" ? shown : shown + "/"
        let entries = try directory.entries(shown: shown)
        // What lies there is ours, and no manifest.
        guard depth == 1 || !entries.areOfAState else { return }
        for entry in entries {
            let name = shown == "." ? entry.name : prefix + entry.name
            do {
                try visit(entry, of: directory, at: path, shown: name, root: root, depth: depth)
            } catch {
                mistakes.append(error)
            }
        }
    }

    private mutating func visit(
        _ entry: DirectoryEntry,
        of directory: borrowing Descriptor,
        at path: RealPath,
        shown: String,
        root: RealPath,
        depth: Int
    ) throws(FileMistake) {
        let isManifest = shown.hasSuffix(".yaml") || shown.hasSuffix(".yml")
        guard entry.isText else {
            guard isManifest || entry.look == .directory else { return }
            throw .nameNotUTF8(shown)
        }
        let real: RealPath
        let opened: Descriptor
        switch entry.look {
        case .link:
            guard let target = try target(of: shown, below: root, isManifest) else { return }
            real = target
            opened = try root.open(target, shown: shown)
        case .directory:
            real = path.appending(entry.bytes)
            opened = try directory.open(entry.bytes, shown: shown)
        case .file, .other:
            guard isManifest else { return }
            real = path.appending(entry.bytes)
            opened = try directory.open(entry.bytes, shown: shown)
        }
        let status = try opened.status(shown: shown)
        switch status.kind {
        case .directory:
            guard seen.insert(status.identity).inserted else { return }
            try walk(opened, at: real, shown: shown, root: root, depth: depth + 1)
        case .file where isManifest: try read(opened, status.identity, at: real, shown: shown)
        case .other where isManifest: throw .notRegular(shown)
        case .file, .other: return
        }
    }

    /// Where a link leads; nil if to something that is not for us, such as a text beside manifests.
    private func target(
        of link: String,
        below root: RealPath,
        _ isManifest: Bool
    ) throws(FileMistake) -> RealPath? {
        let target: RealPath
        do {
            target = try RealPath(of: link)
        } catch {
            guard isManifest else { return nil }
            throw error
        }
        guard isManifest || target.isDirectory else { return nil }
        guard root.contains(target) else { throw .outside(link, root: root.text) }
        return target
    }

    private mutating func read(
        _ file: borrowing Descriptor,
        _ identity: Descriptor.Identity,
        at path: RealPath,
        shown: String
    ) throws(FileMistake) {
        guard seen.insert(identity).inserted else { return }
        let bytes = try file.bytes(upTo: YAMLLimits.bytes, shown: shown)
        inputs.append(ManifestInput(source: SourceText(file: shown, bytes: bytes), path: path))
    }
}

extension [DirectoryEntry] {
    /// Whether a state directory holds them, also one that has lost its FORMAT or its index.
    fileprivate var areOfAState: Bool {
        contains { $0.name == "journal" && $0.look == .directory }
            && contains { $0.look == .file && ["FORMAT", "index.json"].contains($0.name) }
    }
}

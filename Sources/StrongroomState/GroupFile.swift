internal import CloudHSM
internal import StrongroomModel
internal import Synchronization

/// Reads and writes group files with one reader's memory; for one thread at a time.
final class GroupFile {
    private let reader = GroupReader()
    private var lastPlace: (place: Place, directory: HeldDirectory)?

    /// Reads a group's file.
    func read(_ id: GroupID, in root: HeldDirectory) throws(StateError) -> GroupRecord {
        guard
            let place = try directory(of: id.home, in: root),
            try place.load("\(id.cluster).json", into: reader.parser)
        else { throw .missing(file: root.path(of: "\(id.path).json")) }
        return try reader.read(as: id, file: root.path(of: "\(id.path).json"))
    }

    /// Replaces a group's file, unless it has these bytes already.
    ///
    /// - Parameters:
    ///   - bytes: The new content; it is refused if it could not be read again.
    ///   - id: The group.
    ///   - root: The state directory.
    ///   - isNew: Whether the group is not in the index yet.
    /// - Throws: When it could not be made durable; the old file is then whole.
    func write(
        _ bytes: [UInt8],
        of id: GroupID,
        to root: HeldDirectory,
        isNew: Bool
    ) throws(StateError) {
        try requireReadable(bytes, of: id, file: root.path(of: "\(id.path).json"))
        let name = "\(id.cluster).json"
        if isNew {
            _ = try root.makeDirectory("\(id.home.account)").makeDirectory("\(id.home.region)")
        }
        guard let place = try directory(of: id.home, in: root) else {
            throw .missing(file: root.path(of: "\(id.home.account)/\(id.home.region)"))
        }
        try place.update(name, to: bytes, comparingWith: reader.parser)
    }

    private func requireReadable(
        _ bytes: [UInt8],
        of id: GroupID,
        file: String
    ) throws(StateError) {
        guard bytes.count <= JSONParser.largestFile else {
            throw .unwritable(file: file, reason: "\(bytes.count) bytes are too many")
        }
        reader.parser.load(bytes)
        do throws(StateError) {
            _ = try reader.read(as: id, file: file)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
    }

    private func directory(
        of place: Place,
        in root: HeldDirectory
    ) throws(StateError) -> HeldDirectory? {
        if let lastPlace, lastPlace.place == place { return lastPlace.directory }
        let account = try root.directory("\(place.account)")
        guard let directory = try account?.directory("\(place.region)") else { return nil }
        lastPlace = (place, directory)
        return directory
    }
}

/// Group files' readers that are at rest, each with its memory, so that threads share them.
final class ReaderPool: Sendable {
    /// A reader at rest.
    ///
    /// Sendable although the reader is not: it is in the pool or with the one thread that took it
    /// out, never both, because taking removes it from the list under the lock.
    private struct Resting: @unchecked Sendable {
        let file: GroupFile
    }

    private let resting = Mutex<[Resting]>([])

    /// Lends a reader that no other thread uses until the body ends.
    func withReader<Value>(
        _ body: (GroupFile) throws(StateError) -> Value
    ) throws(StateError) -> Value {
        let taken = resting.withLock { $0.popLast() } ?? Resting(file: GroupFile())
        defer { resting.withLock { $0.append(taken) } }
        return try body(taken.file)
    }
}

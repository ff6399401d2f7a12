internal import CloudHSM
internal import StrongroomModel

/// A file of the journal: one group's, or the one of all that is about no group.
enum JournalPart: Hashable {
    case fleet
    case group(GroupID)

    /// Where a record about a group belongs.
    init(of group: GroupID?) {
        self = group.map { .group($0) } ?? .fleet
    }

    /// Reads a path within the journal; `nil` if no file of the journal has it.
    init?(path: String) {
        if path == Self.fleet.path {
            self = .fleet
            return
        }
        guard
            path.hasSuffix(Self.ending),
            let id = GroupID(path: String(path.dropLast(Self.ending.count)))
        else { return nil }
        self = .group(id)
    }

    static let ending = ".jsonl"

    /// The group it is about; `nil` for the fleet's file.
    var group: GroupID? {
        switch self {
        case .fleet: nil
        case .group(let id): id
        }
    }

    /// The path within the journal.
    var path: String {
        switch self {
        case .fleet: "fleet" + Self.ending
        case .group(let id): id.path + Self.ending
        }
    }

    /// The file's name in its directory.
    var fileName: String {
        switch self {
        case .fleet: path
        case .group(let id): "\(id.cluster)" + Self.ending
        }
    }

    /// The directories from the journal down to the file's.
    var directories: [String] {
        switch self {
        case .fleet: []
        case .group(let id): ["\(id.home.account)", "\(id.home.region)"]
        }
    }
}

extension HeldDirectory {
    /// The directory of a part's file; `nil` if it is not there.
    func directory(of part: JournalPart) throws(StateError) -> HeldDirectory? {
        var directory = self
        for name in part.directories {
            guard let inner = try directory.directory(name) else { return nil }
            directory = inner
        }
        return directory
    }

    /// The directory of a part's file, made first if it is not there.
    func makeDirectory(of part: JournalPart) throws(StateError) -> HeldDirectory {
        var directory = self
        for name in part.directories { directory = try directory.makeDirectory(name) }
        return directory
    }
}

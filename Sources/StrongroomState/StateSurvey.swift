internal import CloudHSM
public import StrongroomModel

/// Something in a state directory that does not belong there, or is not accounted for.
public enum StateFinding: Hashable, Sendable {
    /// A group's file that the index does not list; it counts as listed from now on.
    case unlisted(GroupID)
    /// A file beside the groups' files that is none.
    case stray(path: String)
    /// The journal ended with a record that was cut short; it was removed.
    case tornRecord(file: String, line: Int, bytes: Int)
    /// The state lies where locks between machines are advice only.
    case networkFileSystem(path: String, kind: String)
    /// The state was brought to a newer format; the old journal was kept.
    case migrated(from: Int, oldJournal: String)
}

extension StateFinding: CustomStringConvertible {
    /// The finding and what becomes of it.
    public var description: String {
        switch self {
        case .unlisted(let id):
            "the index does not list \(id.path), which has a file: it is taken up"
        case .stray(let path): "\(path) does not belong there: move it out of the state directory"
        case .tornRecord(let file, let line, let bytes):
            "\(file):\(line) was cut short by the end of the last run, before anything was done "
                + "because of it: its \(bytes) bytes are removed"
        case .networkFileSystem(let path, let kind):
            "\(path) lies on \(kind), where locks do not hold between machines: "
                + "let only one machine write to it"
        case .migrated(let format, let oldJournal):
            "the state was brought from format \(format) to \(StateFormat.newest); "
                + "the old journal is kept as \(oldJournal)"
        }
    }
}

/// What lies in a state directory, whatever its index says.
struct StateSurvey {
    private(set) var groups: Set<GroupID> = []
    private var strays: [String] = []
    private var places: [Place] = []
    private var placesWithTemporaries: [Place] = []

    /// Looks into every account and Region.
    init(of root: HeldDirectory) throws(StateError) {
        for name in try root.names() {
            guard
                let account = AccountID(name),
                let directory = try root.directory(name)
            else { continue }
            try survey(account, in: directory)
        }
    }

    /// What a person should know.
    func findings(given index: StateIndex) -> [StateFinding] {
        groups.subtracting(index.groups).sorted().map { .unlisted($0) }
            + strays.map { .stray(path: $0) }
    }

    /// Removes what writers left that were killed; only under the lock.
    func removeTemporaries(in root: HeldDirectory) throws(StateError) {
        try root.removeTemporaries(among: try root.names())
        for place in placesWithTemporaries {
            let account = try root.directory("\(place.account)")
            guard let directory = try account?.directory("\(place.region)") else { continue }
            try directory.removeTemporaries(among: try directory.names())
        }
    }

    /// Makes whatever a killed run renamed survive a power cut, now that it can be seen.
    func sync(_ root: HeldDirectory) throws(StateError) {
        for place in places {
            let account = try root.directory("\(place.account)")
            try account?.directory("\(place.region)")?.sync()
            try account?.sync()
        }
        try root.sync()
    }

    private mutating func survey(
        _ account: AccountID,
        in directory: HeldDirectory
    ) throws(StateError) {
        for name in try directory.names() where !name.hasPrefix(".") {
            guard let region = Region(name), let place = try directory.directory(name) else {
                strays.append(directory.path(of: name))
                continue
            }
            try survey(Place(account: account, region: region), in: place)
        }
    }

    private mutating func survey(_ home: Place, in directory: HeldDirectory) throws(StateError) {
        places.append(home)
        let names = try directory.names()
        if names.contains(where: { $0.hasPrefix(".") }) { placesWithTemporaries.append(home) }
        for name in names where !name.hasPrefix(".") {
            if name.hasSuffix(".json"), let cluster = ClusterID(name.dropLast(5)) {
                groups.insert(GroupID(home: home, cluster: cluster))
            } else {
                strays.append(directory.path(of: name))
            }
        }
    }
}

internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// What the index says: the groups that exist, so that a missing file is noticed, and when each
/// place was last observed.
struct StateIndex: Hashable {
    static let fileName = "index.json"

    var groups: Set<GroupID> = []
    var observations: [Place: PlaceObservation] = [:]

    /// The file's bytes: one group a line, one place a line.
    private func bytes() throws -> [UInt8] {
        let groups = try groups.sorted().map { try JSONText.line($0.path) }
        let places = try observations.values.sorted { $0.place < $1.place }.map {
            try JSONText.line($0.json)
        }
        let fields = [
            (key: "Format", text: "\(FileFormat.newest)"),
            (key: "Groups", text: JSONText.array(groups)),
            (key: "Places", text: JSONText.array(places)),
        ]
        return Array(JSONText.object(fields).utf8)
    }
}

/// The index in memory, with its groups in order once somebody has asked for them.
struct HeldIndex {
    let index: StateIndex
    private var sortedGroups: [GroupID]?

    init(_ index: StateIndex) {
        self.index = index
    }

    /// The groups in order of id; sorted once, because every call may ask.
    mutating func groupIDs() -> [GroupID] {
        if let sortedGroups { return sortedGroups }
        let sorted = index.groups.sorted()
        sortedGroups = sorted
        return sorted
    }
}

extension GroupID {
    /// The group's name in the index, and without its ending the way to its file.
    var path: String { "\(home.account)/\(home.region)/\(cluster)" }

    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard
            parts.count == 3, let account = AccountID(parts[0]), let region = Region(parts[1]),
            let cluster = ClusterID(parts[2])
        else { return nil }
        self.init(home: Place(account: account, region: region), cluster: cluster)
    }
}

extension PlaceObservation {
    fileprivate var json: JSONValue {
        var fields: [String: JSONValue] = [:]
        fields.set("Account", place.account)
        fields["Complete"] = .bool(isComplete)
        fields.set("Gap", gap)
        fields.set("LastObserved", observedAt)
        fields.set("Region", place.region)
        return .object(fields)
    }
}

extension StateIndex {
    private enum Key: Int, RecordKey {
        case format, groups, places
        static let names: [StaticString] = ["Format", "Groups", "Places"]
    }

    fileprivate enum PlaceKey: Int, RecordKey {
        case account, complete, gap, lastObserved, region
        static let names: [StaticString] = [
            "Account", "Complete", "Gap", "LastObserved", "Region",
        ]
    }

    /// Replaces the file, unless it says this already.
    func write(to directory: HeldDirectory) throws(StateError) {
        let bytes: [UInt8]
        do {
            bytes = try self.bytes()
        } catch {
            throw .unwritable(file: directory.path(of: Self.fileName), reason: "\(error)")
        }
        try directory.update(Self.fileName, to: bytes, comparingWith: JSONParser())
    }

    /// Reads the file; a state directory always has one.
    static func read(from directory: HeldDirectory) throws(StateError) -> StateIndex {
        let parser = JSONParser()
        let file = directory.path(of: fileName)
        guard try directory.load(fileName, into: parser) else { throw .missing(file: file) }
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            var index = StateIndex()
            try index.readGroups(record[.groups])
            try index.readPlaces(record[.places])
            return index
        } catch {
            throw error.inFile(file)
        }
    }

    private mutating func readGroups(_ list: csj_slot) throws(JSONFault) {
        guard list.type != .absent else { throw JSONFault("Groups", .missing) }
        try JSONTree.forEach(of: list, at: "Groups") { (element, _) throws(JSONFault) in
            guard let text = element.string, let id = GroupID(path: text) else {
                throw .unexpected(element, at: "", expected: "<account>/<region>/<cluster id>")
            }
            guard groups.insert(id).inserted else {
                throw JSONFault("", .repeated(name: text))
            }
        }
    }

    private mutating func readPlaces(_ list: csj_slot) throws(JSONFault) {
        let record = JSONRecord<PlaceKey>()
        try JSONTree.forEach(of: list, at: "Places") { (element, _) throws(JSONFault) in
            try record.readClosed(element)
            let observation = try PlaceObservation(record)
            let known = observations.updateValue(observation, forKey: observation.place)
            guard known == nil else {
                throw JSONFault("", .repeated(name: observation.place.description))
            }
        }
    }
}

extension PlaceObservation {
    fileprivate init(_ record: JSONRecord<StateIndex.PlaceKey>) throws(JSONFault) {
        let account: AccountID = try record.require(
            .account,
            try record.text(.account, expected: "twelve digits")
        )
        let region = try record.require(.region, try record.region(.region))
        let observedAt = try record.require(.lastObserved, try record.timestamp(.lastObserved))
        let isComplete = try record.require(.complete, try record.flag(.complete))
        let gap = try record.string(.gap)
        guard isComplete == (gap == nil) else {
            let expected = gap == nil ? "true where there is no Gap" : "false beside a Gap"
            throw record.unexpected(.complete, expected: expected)
        }
        self.init(of: Place(account: account, region: region), at: observedAt, gap: gap)
    }
}

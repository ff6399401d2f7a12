internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads backups in the API's names; a row costs no allocation where one shortly before is like it.
struct BackupReader {
    enum Key: Int, RecordKey {
        case arn, id, state, cluster, copiedAt, createdAt, deletesAt, hsmType, mode, neverExpires
        case region, sourceBackup, sourceCluster, sourceRegion, tags

        static let names: [StaticString] = [
            "BackupArn", "BackupId", "BackupState", "ClusterId", "CopyTimestamp",
            "CreateTimestamp", "DeleteTimestamp", "HsmType", "Mode", "NeverExpires", "Region",
            "SourceBackup", "SourceCluster", "SourceRegion", "TagList",
        ]
    }

    /// What a backup before had in its details, to be shared if another one has the same.
    private struct Shared {
        let tags: csj_slot
        let hsmType: csj_slot
        let copyNamesCluster: Bool
        let details: BackupDetails?
    }

    private let record = JSONRecord<Key>()
    private let tagList = TagListReader()
    private var arns = BackupARNs()
    private var seen: Set<BackupID> = []
    private var group: GroupID?
    private var clusterText: [UInt8] = []
    private var regions: [(text: [UInt8], region: Region)] = []
    private var shared: [Shared] = []

    /// The backups of a group are of few kinds: its own, and the copies in each Region.
    private static let mostKinds = 4

    /// Reads the backups of a group, in the order of time, Region and id.
    ///
    /// - Parameters:
    ///   - list: The array; it may be absent.
    ///   - group: The group they must belong to.
    /// - Returns: The backups; none if the array is absent.
    /// - Throws: For a field that is missing, twice there or unfit, and for a backup listed twice
    ///   or of another cluster.
    mutating func read(_ list: csj_slot, of group: GroupID) throws(JSONFault) -> [Backup] {
        begin(group)
        var backups: [Backup] = []
        var isSorted = true
        try JSONTree.forEach(of: list, at: "Backups") { (element, _) throws(JSONFault) in
            let backup = try readBackup(element, home: group.home.region)
            if let last = backups.last, !Backup.precedes(last, backup) { isSorted = false }
            backups.append(backup)
        }
        return isSorted ? backups : backups.sorted(by: Backup.precedes)
    }

    private mutating func begin(_ group: GroupID) {
        arns.begin(account: group.home.account)
        seen.removeAll(keepingCapacity: true)
        shared.removeAll(keepingCapacity: true)
        guard self.group != group else { return }
        self.group = group
        clusterText = Array(group.cluster.description.utf8)
    }

    private mutating func readBackup(
        _ element: csj_slot,
        home: Region
    ) throws(JSONFault) -> Backup {
        try record.read(element)
        let id: BackupID = try record.require(.id, try record.id(.id, expected: "a backup id"))
        guard seen.insert(id).inserted else {
            throw JSONFault("BackupId", .repeated(name: id.description))
        }
        let region = try region(.region) ?? home
        let origin = try origin()
        let namesCluster = try isNamed(.cluster)
        guard namesCluster || origin != nil else { throw JSONFault("ClusterId", .missing) }
        let (state, isKnown) = try state()
        return Backup(
            id: id,
            region: region,
            createdAt: try record.require(.createdAt, try record.timestamp(.createdAt)),
            state: state,
            deletesAt: try record.timestamp(.deletesAt),
            origin: origin,
            mode: try mode(),
            neverExpires: try record.flag(.neverExpires) ?? false,
            details: try details(
                unusualARN: try unusualARN(of: id, in: region),
                copyNamesCluster: namesCluster && origin != nil,
                unrecognisedState: isKnown ? nil : state
            )
        )
    }

    private mutating func region(_ key: Key) throws(JSONFault) -> Region? {
        guard let text = record[key].utf8 else { return try record.region(key) }
        for index in regions.indices where text.isSame(as: regions[index].text) {
            return regions[index].region
        }
        guard let region = try record.region(key) else { return nil }
        if regions.count == Self.mostKinds { regions.removeFirst() }
        regions.append((Array(text), region))
        return region
    }

    private func mode() throws(JSONFault) -> ClusterMode? {
        if let text = record[.mode].utf8, text.isSame(as: "FIPS") { return .fips }
        return try record.word(.mode)
    }

    private func state() throws(JSONFault) -> (BackupState, isKnown: Bool) {
        let text = try record.require(.state, try record.utf8(.state))
        if text.isSame(as: "READY") { return (.ready, true) }
        if text.isSame(as: "PENDING_DELETION") { return (.pendingDeletion, true) }
        let state = BackupState(String(decoding: text, as: UTF8.self)) ?? .unrecognised("")
        if case .unrecognised = state { return (state, false) }
        return (state, true)
    }

    /// Whether a field names the file's cluster; another cluster is refused, absence is not.
    private func isNamed(_ key: Key) throws(JSONFault) -> Bool {
        guard let text = try record.utf8(key, expected: "a cluster id") else { return false }
        guard text.isSame(as: clusterText) else {
            let found: ClusterID = try record.require(
                key,
                try record.id(key, expected: "a cluster id")
            )
            let expected = String(decoding: clusterText, as: UTF8.self)
            throw JSONFault(
                record.name(key),
                .otherCluster(found: found.description, expected: expected)
            )
        }
        return true
    }

    private mutating func origin() throws(JSONFault) -> CopyOrigin? {
        let fields: [Key] = [.copiedAt, .sourceBackup, .sourceCluster, .sourceRegion]
        guard fields.contains(where: { record[$0].type != .absent }) else { return nil }
        for field in fields where record[field].type == .absent {
            throw JSONFault(record.name(field), .incompleteOrigin)
        }
        _ = try isNamed(.sourceCluster)
        return CopyOrigin(
            backup: try record.require(
                .sourceBackup,
                try record.id(.sourceBackup, expected: "a backup id")
            ),
            region: try record.require(.sourceRegion, try region(.sourceRegion)),
            copiedAt: try record.require(.copiedAt, try record.timestamp(.copiedAt))
        )
    }

    private mutating func unusualARN(
        of id: BackupID,
        in region: Region
    ) throws(JSONFault) -> String? {
        guard
            let arn = try record.utf8(.arn), let text = record[.id].utf8,
            !arns.isUsual(arn, region: region, id: text)
        else { return nil }
        return String(decoding: arn, as: UTF8.self)
    }

    private mutating func details(
        unusualARN: String?,
        copyNamesCluster: Bool,
        unrecognisedState: BackupState?
    ) throws(JSONFault) -> BackupDetails? {
        let isPlain = unusualARN == nil && unrecognisedState == nil && record.unknownCount == 0
        if isPlain {
            for index in shared.indices where isShared(at: index, copyNamesCluster) {
                return shared[index].details
            }
        }
        let tags = try tagList.read(record[.tags])
        let hsmType: HSMType? = try record.text(.hsmType, expected: "an HSM type")
        let isEmpty = isPlain && tags.isEmpty && hsmType == nil && !copyNamesCluster
        let details =
            isEmpty
            ? nil
            : BackupDetails(
                tags: tags,
                hsmType: hsmType,
                unusualARN: unusualARN,
                copyNamesCluster: copyNamesCluster,
                unknownFields: try record.unknownFields(),
                unrecognisedState: unrecognisedState
            )
        if isPlain {
            if shared.count == Self.mostKinds { shared.removeFirst() }
            shared.append(
                Shared(
                    tags: record[.tags],
                    hsmType: record[.hsmType],
                    copyNamesCluster: copyNamesCluster,
                    details: details
                )
            )
        }
        return details
    }

    private func isShared(at index: Int, _ copyNamesCluster: Bool) -> Bool {
        shared[index].copyNamesCluster == copyNamesCluster
            && shared[index].tags.isSame(as: record[.tags])
            && shared[index].hsmType.isSame(as: record[.hsmType])
    }
}

extension Backup {
    /// The order of backups in a file: time, then Region, then id.
    static func precedes(_ left: Backup, _ right: Backup) -> Bool {
        (left.createdAt, left.region, left.id) < (right.createdAt, right.region, right.id)
    }
}

extension csj_slot {
    /// Whether two values of one document are written alike.
    fileprivate func isSame(as other: csj_slot) -> Bool {
        guard type != .absent, other.type != .absent else { return type == other.type }
        return csj_same(value, other.value)
    }
}

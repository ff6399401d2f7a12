internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// What the file of the last run says of one cluster.
final class SeenEntry {
    private enum Key: Int, RecordKey {
        case account, at, backups, cluster, degradedSince, deletedByPeople, hsmType, hsms, name
        case open, region, rescued, retention, wanted
        static let names: [StaticString] = [
            "Account", "At", "Backups", "Cluster", "DegradedSince", "DeletedByPeople", "HsmType",
            "Hsms", "Name", "Open", "Region", "Rescued", "Retention", "Wanted",
        ]
    }

    /// The word for a retention policy by which the service removes nothing.
    private static let unmanaged = "unmanaged"

    private let record = JSONRecord<Key>()

    /// One cluster as the file holds it; what is empty is left out.
    static func json(_ seen: SeenGroup, of id: GroupID, latest: Timestamp) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        fields.set("Account", id.home.account)
        fields.set("At", seen.at == latest ? nil : seen.at)
        fields.set("Cluster", id.cluster)
        fields.set("HsmType", seen.hsmType)
        fields.set("Name", seen.name)
        fields.set("Region", id.home.region)
        fields["DegradedSince"] = object(seen.degradedSince.mapValues(\.json))
        fields["Hsms"] = object(seen.hsms.mapValues { .string($0.description) })
        fields["Open"] = object(seen.open.mapValues { .string($0.rawValue) })
        fields["Wanted"] = object(seen.wanted.mapValues { .string($0) })
        fields["Backups"] = list(seen.backups)
        fields["DeletedByPeople"] = list(seen.deletedByPeople)
        fields["Rescued"] = list(seen.rescued)
        switch seen.retention {
        case .days(let days): fields["Retention"] = .integer(Int64(days))
        case .unmanaged: fields["Retention"] = .string(unmanaged)
        case nil: break
        }
        return .object(fields)
    }

    private static func list(_ ids: [BackupID]) -> JSONValue? {
        ids.isEmpty ? nil : .array(ids.map { .string($0.description) })
    }

    private static func object(_ fields: [String: JSONValue]) -> JSONValue? {
        fields.isEmpty ? nil : .object(fields)
    }

    /// Reads one cluster.
    ///
    /// - Parameters:
    ///   - slot: The cluster.
    ///   - latest: When it was seen, where it does not say so itself.
    /// - Returns: The cluster and what is remembered of it.
    /// - Throws: For anything that does not belong there.
    func read(
        _ slot: csj_slot,
        latest: Timestamp?
    ) throws(JSONFault) -> (id: GroupID, seen: SeenGroup) {
        try record.readClosed(slot)
        let home = Place(
            account: try record.require(
                .account,
                try record.text(.account, expected: "twelve digits")
            ),
            region: try record.require(.region, try record.region(.region))
        )
        let cluster: ClusterID = try record.require(
            .cluster,
            try record.id(.cluster, expected: "a cluster id")
        )
        var seen = SeenGroup(at: try record.require(.at, try record.timestamp(.at) ?? latest))
        seen.name = try record.string(.name)
        seen.hsmType = try record.text(.hsmType, expected: "an HSM type")
        seen.retention = try retention()
        seen.wanted = try JSONTree.strings(record[.wanted], at: "Wanted")
        seen.hsms = try map(.hsms, "an HSM's id") { $0.string.flatMap(HSMID.init) }
        seen.open = try map(.open, "manifest, drift or service") {
            $0.string.flatMap(Cause.init(rawValue:))
        }
        seen.degradedSince = try map(.degradedSince, "epoch seconds", Self.moment)
        seen.backups = try ids(.backups)
        seen.deletedByPeople = try ids(.deletedByPeople)
        seen.rescued = try ids(.rescued)
        return (GroupID(home: home, cluster: cluster), seen)
    }

    private func retention() throws(JSONFault) -> RetentionPolicy? {
        let slot = record[.retention]
        switch slot.type {
        case .absent: return nil
        case .string where slot.string == Self.unmanaged: return .unmanaged
        case .integer where (1...9999).contains(slot.integer): return .days(Int(slot.integer))
        case .string, .integer, .null, .bool, .double, .large, .array, .object:
            throw record.unexpected(.retention, expected: "1 to 9999 days, or \"unmanaged\"")
        }
    }

    private func ids(_ key: Key) throws(JSONFault) -> [BackupID] {
        var ids: [BackupID] = []
        try JSONTree.forEach(of: record[key], at: record.name(key)) {
            (element, _) throws(JSONFault) in
            guard let id = element.string.flatMap(BackupID.init) else {
                throw .unexpected(element, at: "", expected: "a backup id")
            }
            ids.append(id)
        }
        return ids
    }

    /// An object whose values are all of one kind; empty if it is absent.
    private func map<Value>(
        _ key: Key,
        _ expected: String,
        _ value: (csj_slot) -> Value?
    ) throws(JSONFault) -> [String: Value] {
        let slot = record[key]
        guard slot.type != .absent else { return [:] }
        guard slot.type == .object else { throw record.unexpected(key, expected: "an object") }
        do throws(JSONFault) {
            return try JSONTree.fields(of: slot.value) { (element) throws(JSONFault) in
                guard let value = value(element) else {
                    throw .unexpected(element, at: "", expected: expected)
                }
                return value
            }
        } catch {
            throw error.under(record.name(key))
        }
    }

    private static func moment(_ slot: csj_slot) -> Timestamp? {
        switch slot.type {
        case .integer: Timestamp(epochSeconds: Double(slot.integer))
        case .double: Timestamp(epochSeconds: slot.number)
        case .string: slot.string.flatMap { Timestamp($0) }
        case .absent, .null, .bool, .large, .array, .object: nil
        }
    }
}

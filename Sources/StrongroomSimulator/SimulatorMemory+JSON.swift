package import CloudHSM
internal import StrongroomModel

extension SimulatorMemory {
    /// The memory as the group's file holds it; what is empty is left out.
    package var json: JSONValue {
        var object: [String: JSONValue] = [
            "asOf": asOf.json,
            "materials": .array(materials.map(\.json)),
        ]
        if idsMade > 0 { object["idsMade"] = .integer(Int64(idsMade)) }
        if callsDone > 0 { object["callsDone"] = .integer(Int64(callsDone)) }
        if !pending.isEmpty { object["pending"] = .array(pending.map(\.json)) }
        if !unseen.isEmpty { object["unseen"] = .array(unseen.map(\.json)) }
        if !policies.isEmpty {
            let texts = policies.map { ($0.key.description, JSONValue.string($0.value)) }
            object["policies"] = .object(Dictionary(uniqueKeysWithValues: texts))
        }
        object["inServiceSince"] = inServiceSince?.json
        object["source"] = source?.json
        object["legacy"] = legacy?.json
        return .object(object)
    }

    /// Reads what a group's file holds.
    package init(json: JSONValue) throws(SimulatorFormatError) {
        var reader = try ObjectReader(json, at: "")
        asOf = try reader.requiredMoment("asOf")
        materials = try reader.objects("materials") {
            reader throws(SimulatorFormatError) in try MaterialChange(&reader)
        }
        idsMade = try reader.count("idsMade")
        callsDone = try reader.count("callsDone")
        pending = try reader.objects("pending") {
            reader throws(SimulatorFormatError) in try PendingChange(&reader)
        }
        unseen = try reader.objects("unseen") {
            reader throws(SimulatorFormatError) in try UnseenCall(&reader)
        }
        policies = try Self.policies(&reader)
        inServiceSince = try reader.moment("inServiceSince")
        if let value = reader.value("source") {
            var source = try ObjectReader(value, at: "source")
            self.source = try GroupID(&source)
            try source.end()
        }
        if let value = reader.value("legacy") {
            var legacy = try ObjectReader(value, at: "legacy")
            self.legacy = try Legacy(&legacy)
            try legacy.end()
        }
        try reader.end()
    }

    private static func policies(
        _ reader: inout ObjectReader
    ) throws(SimulatorFormatError) -> [BackupID: String] {
        guard reader.has("policies") else { return [:] }
        var policies: [BackupID: String] = [:]
        for (name, policy) in try reader.strings("policies") {
            guard let id = BackupID(name) else {
                throw reader.problem("is no backup's id", at: "policies.\(name)")
            }
            policies[id] = policy
        }
        return policies
    }
}

extension Timestamp {
    var json: JSONValue { .string(description) }
}

extension MaterialChange {
    fileprivate var json: JSONValue {
        var object: [String: JSONValue] = [
            "cluster": .string(material.cluster.description),
            "number": .integer(Int64(material.number)),
        ]
        // What a cluster held from its beginning on has no moment.
        if since.milliseconds != .min { object["since"] = since.json }
        if !notYetIn.isEmpty {
            object["notYetIn"] = .array(notYetIn.map { .string($0.description) })
        }
        return .object(object)
    }

    fileprivate init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        material = Material(
            cluster: try reader.requiredText("cluster"),
            number: Int(try reader.requiredInteger("number"))
        )
        since = try reader.moment("since") ?? Timestamp(milliseconds: .min)
        for value in try reader.array("notYetIn") {
            guard case .string(let text) = value, let id = BackupID(text) else {
                throw reader.problem("holds what is no backup's id", at: "notYetIn")
            }
            notYetIn.append(id)
        }
    }
}

extension GroupID {
    fileprivate var json: JSONValue {
        .object([
            "account": .string(home.account.description),
            "region": .string(home.region.description),
            "cluster": .string(cluster.description),
        ])
    }

    fileprivate init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        let account = try reader.requiredText("account", as: AccountID.self)
        let region = try reader.requiredText("region", as: Region.self)
        self.init(
            home: Place(account: account, region: region),
            cluster: try reader.requiredText("cluster")
        )
    }
}

extension SimulatorMemory.Legacy {
    fileprivate var json: JSONValue {
        var object: [String: JSONValue] = [
            "certificates": .object(certificates.mapValues(JSONValue.string))
        ]
        if case .days(let days) = retention { object["retentionDays"] = .integer(Int64(days)) }
        return .object(object)
    }

    fileprivate init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        retention = try reader.integer("retentionDays").map { .days(Int($0)) } ?? .unmanaged
        certificates = try reader.strings("certificates")
    }
}

extension PendingChange {
    fileprivate var json: JSONValue {
        var object: [String: JSONValue] = [
            "due": due.json,
            "change": .string(change.name),
        ]
        object["hsm"] = change.hsm.map { .string($0.description) }
        object["backup"] = change.backup.map { .string($0.description) }
        return .object(object)
    }

    fileprivate init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        due = try reader.requiredMoment("due")
        let name = try reader.requiredText("change", as: String.self)
        switch name {
        case "clusterCreated": change = .clusterCreated
        case "clusterInitialized": change = .clusterInitialized
        case "clusterDeleted": change = .clusterDeleted
        case "clusterUnlisted": change = .clusterUnlisted
        case "typeChanged": change = .typeChanged
        case "typeRolledBack": change = .typeRolledBack
        case "hsmReady": change = .hsmReady(try reader.requiredText("hsm"))
        case "hsmFailed": change = .hsmFailed(try reader.requiredText("hsm"))
        case "hsmGone": change = .hsmGone(try reader.requiredText("hsm"))
        case "hsmReplaced": change = .hsmReplaced(try reader.requiredText("hsm"))
        case "hsmTypeChanged": change = .hsmTypeChanged(try reader.requiredText("hsm"))
        case "backupReady": change = .backupReady(try reader.requiredText("backup"))
        case "backupUnlisted": change = .backupUnlisted(try reader.requiredText("backup"))
        default: throw reader.problem("is \"\(name)\", which is none", at: "change")
        }
    }
}

internal import CloudHSM

extension UnseenCall {
    /// The call as the group's file holds it.
    var json: JSONValue {
        .object(["until": until.json, "undo": .array(undo.map(\.json))])
    }

    /// Reads what a group's file holds.
    init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        until = try reader.requiredMoment("until")
        undo = try reader.objects("undo") {
            reader throws(SimulatorFormatError) in try Undo(&reader)
        }
    }
}

extension UnseenCall.Undo {
    fileprivate var json: JSONValue {
        switch self {
        case .noCluster: .object(["what": .string("noCluster")])
        case .clusterState(let state):
            .object(["what": .string("clusterState"), "state": .string(state.description)])
        case .retention(let policy):
            .object(["what": .string("retention")].merging(policy.json) { first, _ in first })
        case .rollbackExpiration(let moment):
            .object(["what": .string("rollbackExpiration"), "at": moment?.json ?? .null])
        case .certificate(let name, let text):
            .object([
                "what": .string("certificate"), "name": .string(name),
                "text": text.map(JSONValue.string) ?? .null,
            ])
        case .clusterTags(let tags):
            .object([
                "what": .string("clusterTags"), "tags": .object(tags.mapValues(JSONValue.string)),
            ])
        case .noHSM(let id): .object(["what": .string("noHSM"), "hsm": .string(id.description)])
        case .hsmState(let id, let state):
            .object([
                "what": .string("hsmState"), "hsm": .string(id.description),
                "state": .string(state.description),
            ])
        case .noBackup(let id):
            .object(["what": .string("noBackup"), "backup": .string(id.description)])
        case .backupState(let id, let state, let deletesAt):
            .object([
                "what": .string("backupState"), "backup": .string(id.description),
                "state": .string(state.description), "deletesAt": deletesAt?.json ?? .null,
            ])
        case .neverExpires(let id, let value):
            .object([
                "what": .string("neverExpires"), "backup": .string(id.description),
                "value": .bool(value),
            ])
        case .backupTags(let id, let tags):
            .object([
                "what": .string("backupTags"), "backup": .string(id.description),
                "tags": .object(tags.mapValues(JSONValue.string)),
            ])
        }
    }

    fileprivate init(_ reader: inout ObjectReader) throws(SimulatorFormatError) {
        let what = try reader.requiredText("what", as: String.self)
        switch what {
        case "noCluster": self = .noCluster
        case "clusterState": self = .clusterState(try reader.requiredText("state"))
        case "retention":
            let days = try reader.integer("days")
            self = .retention(days.map { .days(Int($0)) } ?? .unmanaged)
        case "rollbackExpiration": self = .rollbackExpiration(try reader.momentOrNull("at"))
        case "certificate":
            self = .certificate(
                try reader.requiredText("name"),
                try reader.stringOrNull("text")
            )
        case "clusterTags": self = .clusterTags(try reader.strings("tags"))
        case "noHSM": self = .noHSM(try reader.requiredText("hsm"))
        case "hsmState":
            self = .hsmState(try reader.requiredText("hsm"), try reader.requiredText("state"))
        case "noBackup": self = .noBackup(try reader.requiredText("backup"))
        case "backupState":
            self = .backupState(
                try reader.requiredText("backup"),
                try reader.requiredText("state"),
                deletesAt: try reader.momentOrNull("deletesAt")
            )
        case "neverExpires":
            self = .neverExpires(try reader.requiredText("backup"), try reader.bool("value"))
        case "backupTags":
            self = .backupTags(try reader.requiredText("backup"), try reader.strings("tags"))
        default: throw reader.problem("is \"\(what)\", which is none", at: "what")
        }
    }
}

extension RetentionPolicy {
    fileprivate var json: [String: JSONValue] {
        switch self {
        case .days(let days): ["days": .integer(Int64(days))]
        case .unmanaged: [:]
        }
    }
}

extension ObjectReader {
    fileprivate mutating func momentOrNull(
        _ key: String
    ) throws(SimulatorFormatError) -> Timestamp? {
        guard let text = try stringOrNull(key) else { return nil }
        guard let moment = Timestamp(text) else { throw problem("is no moment", at: key) }
        return moment
    }

    fileprivate mutating func stringOrNull(
        _ key: String
    ) throws(SimulatorFormatError) -> String? {
        switch try required(key) {
        case .null: return nil
        case .string(let text): return text
        case .bool, .integer, .number, .array, .object: throw problem("is no text", at: key)
        }
    }
}

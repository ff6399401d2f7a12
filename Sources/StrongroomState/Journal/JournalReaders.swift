internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads intents, strictly: no key is missing, unknown or of another kind.
struct IntentReader {
    private enum Key: Int, RecordKey {
        case approval, destination, epoch, group, hsmsBefore, id, losing, name, operation, place
        case preconditions, recoveryPoint, rule, step, target, writtenAt
        static let names: [StaticString] = [
            "approval", "destination", "epoch", "group", "hsmsBefore", "id", "losing", "name",
            "operation", "place", "preconditions", "recoveryPoint", "rule", "step", "target",
            "writtenAt",
        ]
    }

    private enum GroupKey: Int, RecordKey {
        case cluster, home
        static let names: [StaticString] = ["cluster", "home"]
    }

    private enum PlaceKey: Int, RecordKey {
        case account, region
        static let names: [StaticString] = ["account", "region"]
    }

    private let record = JSONRecord<Key>()

    func read(_ slot: csj_slot) throws(JSONFault) -> Intent {
        try record.readClosed(slot)
        let step = try record.require(.step, try record.integer(.step))
        guard step >= 1 else { throw record.unexpected(.step, expected: "a number from 1") }
        return Intent(
            id: try record.require(.id, try record.string(.id)),
            name: try record.string(.name),
            group: try group(),
            place: try place(record[.place], at: "place"),
            operation: try record.require(.operation, try record.string(.operation)),
            target: try record.require(.target, try record.string(.target)),
            destination: try record.region(.destination),
            recoveryPoint: try record.string(.recoveryPoint),
            step: StepID(Int(step)),
            rule: try record.require(.rule, try record.string(.rule)),
            writtenAt: try record.require(.writtenAt, try record.timestamp(.writtenAt)),
            losing: try losing(),
            hsmsBefore: try hsmsBefore(),
            epoch: try record.integer(.epoch).map(Int.init),
            approval: try record.string(.approval),
            preconditions: try preconditions()
        )
    }

    private func group() throws(JSONFault) -> GroupID? {
        let slot = record[.group]
        guard slot.type != .absent else { return nil }
        do throws(JSONFault) {
            let fields = JSONRecord<GroupKey>()
            try fields.readClosed(slot)
            return GroupID(
                home: try place(fields[.home], at: "home"),
                cluster: try fields.require(
                    .cluster,
                    try fields.id(.cluster, expected: "a cluster id")
                )
            )
        } catch {
            throw error.under("group")
        }
    }

    private func place(_ slot: csj_slot, at key: String) throws(JSONFault) -> Place {
        guard slot.type != .absent else { throw JSONFault(key, .missing) }
        do throws(JSONFault) {
            let fields = JSONRecord<PlaceKey>()
            try fields.readClosed(slot)
            return Place(
                account: try fields.require(
                    .account,
                    try fields.text(.account, expected: "twelve digits")
                ),
                region: try fields.require(.region, try fields.region(.region))
            )
        } catch {
            throw error.under(key)
        }
    }

    private func hsmsBefore() throws(JSONFault) -> [String] {
        let key = "hsmsBefore"
        guard record[.hsmsBefore].type != .absent else { throw JSONFault(key, .missing) }
        var places: [String] = []
        try JSONTree.forEach(of: record[.hsmsBefore], at: key) { (element, _) throws(JSONFault) in
            guard let utf8 = element.utf8 else {
                throw .unexpected(element, at: "", expected: "an interface or an HSM id")
            }
            places.append(String(decoding: utf8, as: UTF8.self))
        }
        return places
    }

    private func preconditions() throws(JSONFault) -> [String]? {
        let key = "preconditions"
        guard record[.preconditions].type != .absent else { return nil }
        var facts: [String] = []
        try JSONTree.forEach(of: record[.preconditions], at: key) { (slot, _) throws(JSONFault) in
            guard let fact = slot.string else {
                throw .unexpected(slot, at: "", expected: "a fact in words")
            }
            facts.append(fact)
        }
        return facts
    }

    private func losing() throws(JSONFault) -> [BackupID] {
        guard record[.losing].type != .absent else { throw JSONFault("losing", .missing) }
        var ids: [BackupID] = []
        try JSONTree.forEach(of: record[.losing], at: "losing") { (element, _) throws(JSONFault) in
            guard let id = element.utf8.flatMap({ BackupID(utf8: $0) }) else {
                throw .unexpected(element, at: "", expected: "a backup id")
            }
            ids.append(id)
        }
        return ids
    }
}

/// Reads outcomes, strictly: no key is missing, unknown or of another kind.
struct OutcomeReader {
    private enum Key: Int, RecordKey {
        case at, intent, made, message, result
        static let names: [StaticString] = ["at", "intent", "made", "message", "result"]
    }

    private let record = JSONRecord<Key>()

    /// An outcome and the id of its intent.
    func readWithIntent(_ slot: csj_slot) throws(JSONFault) -> (Outcome, intent: String) {
        try record.readClosed(slot)
        return (try outcome(), try record.require(.intent, try record.string(.intent)))
    }

    /// An outcome alone, as format 1 has it.
    func read(_ slot: csj_slot) throws(JSONFault) -> Outcome {
        try record.readClosed(slot)
        guard record[.intent].type == .absent else { throw JSONFault("intent", .unknownKey) }
        return try outcome()
    }

    private func outcome() throws(JSONFault) -> Outcome {
        let text = try record.require(.result, try record.string(.result))
        guard let result = Outcome.Result(rawValue: text) else {
            throw record.unexpected(.result, expected: "a known result")
        }
        return Outcome(
            result,
            made: try record.string(.made),
            message: try record.string(.message),
            at: try record.require(.at, try record.timestamp(.at))
        )
    }
}

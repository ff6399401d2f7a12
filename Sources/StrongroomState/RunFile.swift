internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// The file that says which run wrote last.
enum RunFile {
    static let fileName = "run.json"

    private enum Key: Int, RecordKey {
        case began, ended, epoch, every, format, host, known, operation, since, suspicion, tick
        case timeline
        static let names: [StaticString] = [
            "Began", "Ended", "Epoch", "Every", "Format", "Host", "Known", "Operation", "Since",
            "Suspicion", "Tick", "Timeline",
        ]
    }

    private enum SuspicionKey: Int, RecordKey {
        case reason, since
        static let names: [StaticString] = ["Reason", "Since"]
    }

    /// Reads the file; `nil` if there is none.
    static func read(from directory: HeldDirectory) throws(StateError) -> RunRecord? {
        let parser = JSONParser()
        guard try directory.load(fileName, into: parser) else { return nil }
        return try read(parser, file: directory.path(of: fileName))
    }

    /// Replaces the file, unless it says this already.
    static func write(_ run: RunRecord, to directory: HeldDirectory) throws(StateError) {
        let file = directory.path(of: fileName)
        let parser = JSONParser()
        let bytes: [UInt8]
        do {
            bytes = Array((try JSONText.pretty(json(of: run)) + "\n").utf8)
            parser.load(bytes)
            _ = try read(parser, file: file)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try directory.update(fileName, to: bytes, comparingWith: parser)
    }

    private static func json(of run: RunRecord) -> JSONValue {
        var fields: [String: JSONValue] = [
            "Began": run.began.json, "Epoch": .integer(Int64(run.epoch)),
            "Format": .integer(FileFormat.newest), "Host": .string(run.host),
            "Operation": .string(run.operation), "Timeline": .string("\(run.timeline)"),
        ]
        fields.set("Ended", run.ended)
        fields.set("Since", run.since)
        fields.set("Tick", run.tick)
        fields["Every"] = run.every.map { .integer($0.components.seconds) }
        fields["Known"] =
            run.known.isEmpty ? nil : .array(run.known.sorted().map { .string($0) })
        if let suspicion = run.suspicion {
            var inner: [String: JSONValue] = ["Reason": .string(suspicion.reason)]
            inner.set("Since", suspicion.since)
            fields["Suspicion"] = .object(inner)
        }
        return .object(fields)
    }

    private static func read(_ parser: JSONParser, file: String) throws(StateError) -> RunRecord {
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            return try run(record)
        } catch {
            throw error.inFile(file)
        }
    }

    private static func run(_ record: JSONRecord<Key>) throws(JSONFault) -> RunRecord {
        let epoch = try record.require(.epoch, try record.integer(.epoch))
        guard epoch >= 1 else { throw record.unexpected(.epoch, expected: "1 or more") }
        var run = RunRecord(
            epoch: Int(epoch),
            timeline: try record.require(
                .timeline,
                try record.text(.timeline, expected: "a timeline id")
            ),
            operation: try record.require(.operation, try record.string(.operation)),
            host: try record.require(.host, try record.string(.host)),
            began: try record.require(.began, try record.timestamp(.began))
        )
        run.ended = try record.timestamp(.ended)
        run.since = try record.timestamp(.since)
        run.tick = try record.timestamp(.tick)
        if let seconds = try record.integer(.every) {
            guard seconds >= 1 else { throw record.unexpected(.every, expected: "1 or more") }
            run.every = .seconds(seconds)
        }
        run.suspicion = try suspicion(record[.suspicion])
        run.known = try known(record[.known])
        return run
    }

    private static func suspicion(_ slot: csj_slot) throws(JSONFault) -> RunRecord.Suspicion? {
        guard slot.type != .absent else { return nil }
        do throws(JSONFault) {
            let record = JSONRecord<SuspicionKey>()
            try record.readClosed(slot)
            return RunRecord.Suspicion(
                try record.require(.reason, try record.string(.reason)),
                since: try record.timestamp(.since)
            )
        } catch {
            throw error.under("Suspicion")
        }
    }

    private static func known(_ list: csj_slot) throws(JSONFault) -> Set<String> {
        var known: Set<String> = []
        try JSONTree.forEach(of: list, at: "Known") { (slot, _) throws(JSONFault) in
            guard let id = slot.string, Intent.isID(id) else {
                throw .unexpected(slot, at: "", expected: "an intent's id")
            }
            guard known.insert(id).inserted else { throw JSONFault("", .repeated(name: id)) }
        }
        return known
    }
}

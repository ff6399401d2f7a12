internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// What the FORMAT file says: written when a state directory is created, and changed only when it
/// is brought to a newer format.
struct StateFormat: Hashable {
    static let fileName = "FORMAT"

    /// The version this Strongroom writes, and the newest it reads: 2 has a journal of its own.
    static let newest: Int64 = 2

    var version = newest
    let service: ServiceKind
    let lineage: LineageID

    private enum Key: Int, RecordKey {
        case format, lineage, service
        static let names: [StaticString] = ["Format", "Lineage", "Service"]
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        let fields = [
            (key: "Format", text: "\(version)"),
            (key: "Lineage", text: "\"\(lineage)\""),
            (key: "Service", text: "\"\(service.rawValue)\""),
        ]
        return Array(JSONText.object(fields).utf8)
    }

    /// Reads the file; `nil` if there is none.
    static func read(from directory: HeldDirectory) throws(StateError) -> StateFormat? {
        let parser = JSONParser()
        guard try directory.load(fileName, into: parser) else { return nil }
        let file = directory.path(of: fileName)
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            let version = try record.require(.format, try record.integer(.format))
            try FileFormat.check(version, upTo: newest)
            try record.readClosed(root)
            return StateFormat(
                version: version,
                service: try record.require(.service, try record.word(.service)),
                lineage: try record.require(
                    .lineage,
                    try record.text(.lineage, expected: "a lineage id")
                )
            )
        } catch {
            throw error.inFile(file)
        }
    }
}

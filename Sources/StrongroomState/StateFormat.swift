internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// What the FORMAT file says: written once when a state directory is created, never changed.
struct StateFormat: Hashable {
    static let fileName = "FORMAT"

    let service: ServiceKind
    let lineage: LineageID

    private enum Key: Int, RecordKey {
        case format, lineage, service
        static let names: [StaticString] = ["Format", "Lineage", "Service"]
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        let fields = [
            (key: "Format", text: "\(FileFormat.newest)"),
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
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            return StateFormat(
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

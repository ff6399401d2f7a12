internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// The file that holds what the simulated service knows of the whole fleet.
enum SimulatedWorldFile {
    static let fileName = "simulator.json"

    private enum Key: Int, RecordKey {
        case format, world
        static let names: [StaticString] = ["Format", "World"]
    }

    /// Reads the value; `nil` if there is no file.
    static func read(from directory: HeldDirectory) throws(StateError) -> JSONValue? {
        let parser = JSONParser()
        guard try directory.load(fileName, into: parser) else { return nil }
        return try read(parser, file: directory.path(of: fileName))
    }

    /// Replaces the value, unless it is there already.
    static func write(_ world: JSONValue, to directory: HeldDirectory) throws(StateError) {
        let file = directory.path(of: fileName)
        let parser = JSONParser()
        let bytes: [UInt8]
        do {
            let fields = [
                (key: "Format", text: "\(FileFormat.newest)"),
                (key: "World", text: try JSONText.pretty(world)),
            ]
            bytes = Array(JSONText.object(fields).utf8)
            parser.load(bytes)
            _ = try read(parser, file: file)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try directory.update(fileName, to: bytes, comparingWith: parser)
    }

    private static func read(_ parser: JSONParser, file: String) throws(StateError) -> JSONValue {
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            guard record[.world].type != .absent else { throw JSONFault("World", .missing) }
            do throws(JSONFault) {
                return try JSONTree.value(record[.world])
            } catch {
                throw error.under("World")
            }
        } catch {
            throw error.inFile(file)
        }
    }
}

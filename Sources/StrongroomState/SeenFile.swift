internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// The file that holds what the last run saw and wanted of each cluster.
enum SeenFile {
    static let fileName = "seen.json"

    private enum Key: Int, RecordKey {
        case at, clusters, format
        static let names: [StaticString] = ["At", "Clusters", "Format"]
    }

    /// Reads the file; `nil` if there is none.
    static func read(from directory: HeldDirectory) throws(StateError) -> [GroupID: SeenGroup]? {
        let parser = JSONParser()
        guard try directory.load(fileName, into: parser) else { return nil }
        return try read(parser, file: directory.path(of: fileName))
    }

    /// Replaces the file, unless it says this already.
    static func write(
        _ seen: [GroupID: SeenGroup],
        to directory: HeldDirectory
    ) throws(StateError) {
        let file = directory.path(of: fileName)
        let parser = JSONParser()
        let bytes: [UInt8]
        do {
            bytes = try self.bytes(of: seen)
            parser.load(bytes)
            _ = try read(parser, file: file)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try directory.update(fileName, to: bytes, comparingWith: parser)
    }

    /// The file's bytes: one cluster a line; those the last run saw do not repeat its moment.
    private static func bytes(of seen: [GroupID: SeenGroup]) throws -> [UInt8] {
        let latest = seen.values.map(\.at).max()
        let clusters = try seen.sorted { $0.key < $1.key }.map { id, seen in
            try JSONText.line(SeenEntry.json(seen, of: id, latest: latest ?? seen.at))
        }
        var fields = [
            (key: "Clusters", text: JSONText.array(clusters)),
            (key: "Format", text: "\(FileFormat.newest)"),
        ]
        if let latest { fields.insert((key: "At", text: try JSONText.line(latest.json)), at: 0) }
        return Array(JSONText.object(fields).utf8)
    }

    private static func read(
        _ parser: JSONParser,
        file: String
    ) throws(StateError) -> [GroupID: SeenGroup] {
        let root = try parser.parse(file: file)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            let latest = try record.timestamp(.at)
            guard record[.clusters].type != .absent else { throw JSONFault("Clusters", .missing) }
            var seen: [GroupID: SeenGroup] = [:]
            let reader = SeenEntry()
            try JSONTree.forEach(of: record[.clusters], at: "Clusters") {
                (element, _) throws(JSONFault) in
                let (id, group) = try reader.read(element, latest: latest)
                guard seen.updateValue(group, forKey: id) == nil else {
                    throw JSONFault("", .repeated(name: id.path))
                }
            }
            return seen
        } catch {
            throw error.inFile(file)
        }
    }
}

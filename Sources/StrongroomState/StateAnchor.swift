internal import CSimdJSON
internal import CloudHSM

/// What is kept outside of a state directory, so that one put back from an older copy is noticed.
public struct StateAnchor: Hashable, Sendable {
    /// Which state directory it belongs to.
    public let lineage: LineageID

    /// How often the directory's lock had been taken.
    public let epoch: Int

    /// Which course of its history the directory was on.
    public let timeline: TimelineID

    /// Describes a directory at a moment.
    ///
    /// - Parameters:
    ///   - lineage: Which state directory it is.
    ///   - epoch: How often its lock was taken.
    ///   - timeline: Which course of its history it is on.
    public init(lineage: LineageID, epoch: Int, timeline: TimelineID) {
        self.lineage = lineage
        self.epoch = epoch
        self.timeline = timeline
    }
}

extension StateAnchor {
    private enum Key: Int, RecordKey {
        case epoch, format, lineage, timeline
        static let names: [StaticString] = ["Epoch", "Format", "Lineage", "Timeline"]
    }

    /// Reads an anchor.
    ///
    /// - Parameter path: Its file.
    /// - Returns: The anchor; `nil` if there is no file of that name.
    /// - Throws: When the file is there but cannot be read, or not be trusted.
    public static func read(at path: String) throws(StateError) -> StateAnchor? {
        guard let bytes = try PrivateFile.read(path) else { return nil }
        let parser = JSONParser()
        parser.load(bytes)
        let root = try parser.parse(file: path)
        do throws(JSONFault) {
            let record = JSONRecord<Key>()
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            let epoch = try record.require(.epoch, try record.integer(.epoch))
            guard epoch >= 1 else { throw record.unexpected(.epoch, expected: "1 or more") }
            return StateAnchor(
                lineage: try record.require(
                    .lineage,
                    try record.text(.lineage, expected: "a lineage id")
                ),
                epoch: Int(epoch),
                timeline: try record.require(
                    .timeline,
                    try record.text(.timeline, expected: "a timeline id")
                )
            )
        } catch {
            throw error.inFile(path)
        }
    }

    /// Keeps the anchor, durably.
    ///
    /// - Parameter path: Its file; a state directory that is put back must not bring it along.
    /// - Throws: When it could not be made durable; the old file is then whole.
    public func write(to path: String) throws(StateError) {
        let fields = [
            (key: "Epoch", text: "\(epoch)"), (key: "Format", text: "\(FileFormat.newest)"),
            (key: "Lineage", text: "\"\(lineage)\""), (key: "Timeline", text: "\"\(timeline)\""),
        ]
        try PrivateFile.write(Array(JSONText.object(fields).utf8), to: path)
    }
}

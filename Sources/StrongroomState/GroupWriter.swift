internal import CloudHSM
internal import StrongroomModel

/// Writes group files: the same record always as the same bytes, one backup a line.
enum GroupWriter {
    /// The file's bytes.
    ///
    /// - Parameter record: The group, its backups in any order.
    /// - Returns: All of the file's content.
    /// - Throws: What the encoder throws, for numbers that JSON has no form for.
    static func bytes(_ record: GroupRecord) throws -> [UInt8] {
        let group = record.group
        let backups = try group.backups.sorted(by: Backup.precedes).map {
            try JSONText.line(BackupWriter.json($0, of: group.id))
        }
        var fields = [(key: "Backups", text: JSONText.array(backups))]
        if let cluster = group.cluster {
            fields.append((key: "Cluster", text: try JSONText.pretty(ClusterWriter.json(cluster))))
        }
        fields.append((key: "Format", text: "\(FileFormat.newest)"))
        if let simulator = record.simulator {
            fields.append((key: "Simulator", text: try JSONText.pretty(simulator)))
        }
        return Array(JSONText.object(fields).utf8)
    }
}

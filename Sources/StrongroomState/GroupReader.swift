internal import CSimdJSON
internal import CloudHSM
internal import StrongroomModel

/// Reads group files, one after the other, in the same memory; for one thread at a time.
final class GroupReader {
    private enum Key: Int, RecordKey {
        case backups, cluster, format, simulator
        static let names: [StaticString] = ["Backups", "Cluster", "Format", "Simulator"]
    }

    /// The parser; what is to be read is loaded into it.
    let parser = JSONParser()

    private let record = JSONRecord<Key>()
    private let cluster = ClusterReader()
    private var backups = BackupReader()

    /// Reads what was loaded into the parser.
    ///
    /// - Parameters:
    ///   - id: The group the file is named after.
    ///   - file: The file's name for messages.
    /// - Returns: The record.
    /// - Throws: When the file is not JSON, of a newer format, or a value in it cannot be used.
    func read(
        as id: GroupID,
        file: @autoclosure () -> String
    ) throws(StateError) -> GroupRecord {
        let root = try parser.parse(file: file())
        do throws(JSONFault) {
            try record.read(root)
            try FileFormat.check(try record.integer(.format))
            try record.readClosed(root)
            let clusterSlot = record[.cluster]
            let group = ProtectionGroup(
                id: id,
                cluster: clusterSlot.type == .absent ? nil : try readCluster(clusterSlot, as: id),
                backups: try backups.read(record[.backups], of: id)
            )
            return GroupRecord(group: group, simulator: try readSimulator())
        } catch {
            throw error.inFile(file())
        }
    }

    private func readCluster(_ slot: csj_slot, as id: GroupID) throws(JSONFault) -> Cluster {
        do throws(JSONFault) {
            return try cluster.read(slot, as: id.cluster)
        } catch {
            throw error.under("Cluster")
        }
    }

    private func readSimulator() throws(JSONFault) -> JSONValue? {
        guard record[.simulator].type != .absent else { return nil }
        do throws(JSONFault) {
            return try JSONTree.value(record[.simulator])
        } catch {
            throw error.under("Simulator")
        }
    }
}

public import CloudHSM

/// Why something outside the API cannot happen in the simulated world.
public enum StandInError: Error, Hashable, Sendable {
    /// No cluster of that id exists; those with similar ids do.
    case unknownCluster(ClusterID, near: [ClusterID])
    /// No HSM of that id exists; those with similar ids do.
    case unknownHSM(HSMID, near: [HSMID])
    /// No backup of that id exists; those with similar ids do.
    case unknownBackup(BackupID, near: [BackupID])
    /// Only an INITIALIZED cluster can be activated.
    case notInitialized(ClusterID, ClusterState)
    /// An officer needs an HSM to log in to.
    case noActiveHSM(ClusterID)
    /// Users and keys exist from activation on.
    case notActivated(ClusterID, ClusterState)
    /// The HSM is in a state in which that cannot happen to it.
    case wrongHSMState(HSMID, HSMState)
    /// Only a backup that is being made can fail.
    case wrongBackupState(BackupID, BackupState)
}

extension StandInError: CustomStringConvertible {
    /// What is wrong, and what to do next.
    public var description: String {
        switch self {
        case .unknownCluster(let id, let near): "there is no \(id)\(Self.hint(near))"
        case .unknownHSM(let id, let near): "there is no \(id)\(Self.hint(near))"
        case .unknownBackup(let id, let near): "there is no \(id)\(Self.hint(near))"
        case .notInitialized(let id, let state):
            "\(id) is \(state); only an INITIALIZED cluster can be activated"
        case .noActiveHSM(let id):
            "\(id) has no ACTIVE HSM to log in to; add one or let it become ACTIVE first"
        case .notActivated(let id, let state):
            "\(id) is \(state); users and keys exist from activation on"
        case .wrongHSMState(let id, let state):
            "\(id) is \(state); that can only happen to an HSM in service or being created"
        case .wrongBackupState(let id, let state):
            "\(id) is \(state); only a backup that is being made can fail"
        }
    }

    private static func hint(_ near: [some CustomStringConvertible]) -> String {
        guard !near.isEmpty else { return "; list what there is with \"strongroom status\"" }
        return "; did you mean \(near.map(\.description).joined(separator: " or "))?"
    }
}

/// Ids that differ from another in a few letters.
enum NearIDs {
    /// The nearest ids, at most three, in order of distance and id.
    static func of<ID: Comparable & CustomStringConvertible>(
        _ wanted: ID,
        among ids: some Sequence<ID>
    ) -> [ID] {
        let text = Array(wanted.description.utf8)
        return
            ids
            .map { (distance(text, Array($0.description.utf8)), $0) }
            .filter { $0.0 <= 3 }
            .sorted { $0 < $1 }
            .prefix(3)
            .map(\.1)
    }

    /// How many letters must be put in, taken out or changed (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}

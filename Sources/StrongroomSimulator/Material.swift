public import CloudHSM

/// Which generation of users and keys a cluster or backup holds.
///
/// The API cannot see material; this marker stands for it, so that a restore and a purge can be
/// checked. It counts from 1 within the cluster in which the material arose, and a clone holds its
/// source's marker until its own material changes.
public struct Material: Hashable, Sendable {
    /// The cluster in which the material arose.
    public let cluster: ClusterID

    /// Its number there; 0 before activation, when there is none.
    public let number: Int

    /// Names a generation.
    ///
    /// - Parameters:
    ///   - cluster: The cluster in which the material arose.
    ///   - number: Its number there.
    public init(cluster: ClusterID, number: Int) {
        self.cluster = cluster
        self.number = number
    }
}

extension Material: CustomStringConvertible {
    /// The generation in words.
    public var description: String { "generation \(number) of \(cluster)" }
}

/// From when on a cluster held which material.
package struct MaterialChange: Hashable, Sendable {
    /// What it holds from then on.
    let material: Material

    /// When it came in.
    let since: Timestamp

    /// Backups of that very moment that were taken just before.
    var notYetIn: [BackupID] = []

    /// Notes what came in when.
    package init(material: Material, since: Timestamp, notYetIn: [BackupID] = []) {
        self.material = material
        self.since = since
        self.notYetIn = notYetIn
    }
}

extension [MaterialChange] {
    /// What was held at a moment.
    func material(at moment: Timestamp) -> Material? {
        last { $0.since <= moment }?.material
    }

    /// What a backup holds: its content time decides, and for those of one moment their order.
    func material(in backup: Backup) -> Material? {
        last { $0.since <= backup.createdAt && !$0.notYetIn.contains(backup.id) }?.material
    }
}

package import CloudHSM
package import StrongroomModel

/// What the simulated service knows of a group beside what it shows.
package struct SimulatorMemory: Hashable, Sendable {
    /// The moment the group has been brought to.
    package var asOf: Timestamp

    /// How many ids were made in the group.
    var idsMade: UInt64

    /// How many calls changed the group.
    var callsDone: UInt64

    /// What will happen, in order of time.
    var pending: [PendingChange]

    /// What reads may not show yet, in order of the calls.
    package internal(set) var unseen: [UnseenCall]

    /// Which material the cluster held, in order of time.
    var materials: [MaterialChange]

    /// Since when an HSM has been in service without a break; the daily backup counts from then.
    var inServiceSince: Timestamp?

    /// With whom backups are shared, as the policies say that were put.
    var policies: [BackupID: String]

    /// The group the backup lies in that the cluster was made from.
    var source: GroupID?

    /// What outlives a cluster that is no longer listed.
    var legacy: Legacy?

    /// What outlives a cluster that is no longer listed.
    package struct Legacy: Hashable, Sendable {
        /// The retention policy, which works on (`UGh`).
        var retention: RetentionPolicy

        /// The certificates a clone of its backups has.
        var certificates: [String: String]

        /// Keeps what is given.
        package init(retention: RetentionPolicy, certificates: [String: String]) {
            self.retention = retention
            self.certificates = certificates
        }
    }

    /// Begins a memory; what is not given is empty.
    package init(
        asOf: Timestamp,
        idsMade: UInt64 = 0,
        callsDone: UInt64 = 0,
        pending: [PendingChange] = [],
        unseen: [UnseenCall] = [],
        materials: [MaterialChange],
        inServiceSince: Timestamp? = nil,
        policies: [BackupID: String] = [:],
        source: GroupID? = nil,
        legacy: Legacy? = nil
    ) {
        self.asOf = asOf
        self.idsMade = idsMade
        self.callsDone = callsDone
        self.pending = pending
        self.unseen = unseen
        self.materials = materials
        self.inServiceSince = inServiceSince
        self.policies = policies
        self.source = source
        self.legacy = legacy
    }

    /// Puts a change in its place; changes of one moment happen in the order they were put in.
    mutating func schedule(_ change: PendingChange.Change, at due: Timestamp) {
        let place = pending.firstIndex { $0.due > due } ?? pending.endIndex
        pending.insert(PendingChange(due: due, change: change), at: place)
    }

    /// Takes back what is no longer to happen.
    mutating func cancel(where isMeant: (PendingChange.Change) -> Bool) {
        pending.removeAll { isMeant($0.change) }
    }
}

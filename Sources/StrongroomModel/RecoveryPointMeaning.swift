public import CloudHSM

/// Which backup a recovery point means, as far as that is decided.
public enum RecoveryPointMeaning: Hashable, Sendable {
    /// That backup, in any state but DELETED; it may still have to be recorded.
    case backup(Backup, isRecorded: Bool)
    /// It is decided later, for the reason given.
    case waiting(String)
    /// It cannot be told or kept, for the reason given.
    case impossible(String)

    /// The backup, where it is decided.
    public var decided: Backup? {
        if case .backup(let backup, _) = self { return backup }
        return nil
    }
}

extension DesiredRecoveryPoint {
    /// The key of the tag that records which backup the name means.
    public var recordKey: String { OwnershipTag.recoveryPoint + name.value }

    /// Which backup is meant: once recorded, always that one; a backup named by id goes before.
    ///
    /// Copies have the tags of their sources, so only the cluster's own backups count as recorded.
    ///
    /// - Parameters:
    ///   - group: The group as observed.
    ///   - records: What the journal has recorded.
    ///   - now: The moment asked about.
    /// - Returns: The meaning.
    public func meaning(
        in group: ProtectionGroup,
        records: RecoveryPointRecords,
        at now: Timestamp
    ) -> RecoveryPointMeaning {
        if case .backup(let id) = selector { return named(id, in: group) }
        return recorded(in: group, records) ?? resolved(in: group, at: now)
    }

    /// Whether a backup or copy may turn out to be meant while the meaning is not decided.
    ///
    /// - Parameter backup: The backup or copy.
    /// - Returns: Whether its content fits, or it carries the name's record.
    public func mayMean(_ backup: Backup) -> Bool {
        if backup.tags[recordKey] != nil { return true }
        return switch selector {
        case .backup(let id): id == backup.id || id == backup.copiedFrom
        case .takenBefore(let moment): backup.createdAt < moment
        case .takenAfter(let moment): backup.createdAt > moment
        case .newest: true
        }
    }

    private func named(_ id: BackupID, in group: ProtectionGroup) -> RecoveryPointMeaning {
        guard let backup = group.backup(id) else {
            return .impossible("\(id) is no backup of this cluster, nor a copy of one; correct it")
        }
        guard backup.state != .deleted else {
            return .impossible("\(id) is gone for ever; nominate another, or remove the line")
        }
        return .backup(backup, isRecorded: backup.tags[recordKey] != nil)
    }

    private func recorded(
        in group: ProtectionGroup,
        _ records: RecoveryPointRecords
    ) -> RecoveryPointMeaning? {
        let carrying = group.backups.filter { !$0.isCopy && $0.tags[recordKey] != nil }
        let living = carrying.filter { $0.state != .deleted }
        let record = records.record(of: name.value, in: group.id)
        guard living.count < 2 else {
            let ids = living.map(\.id).sorted().map(\.description).joined(separator: ", ")
            return .impossible("\(living.count) backups carry its tag: \(ids); name one by id")
        }
        if let only = living.first {
            guard record == nil || record?.backup == only.id else {
                return .impossible(
                    "\(only.id) carries its tag, but \(record?.backup.description ?? "") was "
                        + "recorded; name one by id"
                )
            }
            return .backup(only, isRecorded: true)
        }
        guard let id = record?.backup ?? carrying.first?.id else { return nil }
        guard let backup = group.backup(id), backup.state != .deleted else {
            return .impossible(
                "it means \(id), which is gone for ever; nominate another under a new name"
            )
        }
        return .backup(backup, isRecorded: false)
    }

    private func resolved(in group: ProtectionGroup, at now: Timestamp) -> RecoveryPointMeaning {
        let own = group.backups.filter { !$0.isCopy && $0.state != .deleted }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let coming = own.filter {
            $0.state == .createInProgress && now - $0.createdAt <= Self.patience
        }
        switch selector {
        case .backup(let id): return named(id, in: group)
        case .takenBefore(let moment):
            guard now >= moment else { return .waiting("it is decided once \(moment) has passed") }
            if let last = coming.last(where: { $0.createdAt < moment }) {
                return .waiting("\(last.id) is being made, and may be the one")
            }
            let fitting = own.filter { $0.createdAt < moment }
            guard let found = fitting.newestUsable else {
                return .impossible("no backup was taken before \(moment); correct the moment")
            }
            return .backup(found, isRecorded: false)
        case .takenAfter(let moment):
            let first = own.first { $0.isReady && $0.createdAt > moment }
            let sooner = coming.first {
                $0.createdAt > moment && $0.createdAt < first?.createdAt ?? now + .minutes(1)
            }
            if let sooner { return .waiting("\(sooner.id) is being made, and may be the one") }
            guard let first else { return .waiting("there is no READY backup after \(moment) yet") }
            return .backup(first, isRecorded: false)
        case .newest:
            guard let newest = own.newestUsable else {
                return .waiting("there is no READY backup yet")
            }
            return .backup(newest, isRecorded: false)
        }
    }

    /// How long a backup that is being made is waited for; minutes are usual (fact sheet, 17).
    private static var patience: Duration { .hours(24) }
}

extension [Backup] {
    /// The newest READY one, else the newest that can still be restored; they stand oldest first.
    fileprivate var newestUsable: Backup? {
        last(where: \.isReady) ?? last { $0.state == .pendingDeletion }
    }
}

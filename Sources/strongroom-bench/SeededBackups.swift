import CloudHSM

/// The backups of a seeded cluster: nine in ten its own, taken daily, and copies of the newest.
struct SeededBackups {
    let fleet: SeededFleet
    let cluster: SeededCluster

    /// The backups, oldest first, all READY and each with two tags.
    func backups(from bits: inout SeededBits) -> [Backup] {
        let copies = fleet.backupsPerGroup / 10
        let own = max(fleet.backupsPerGroup - copies, 1)
        // The newest is hours old, and the oldest not yet as old as retention allows.
        let newestAge = Duration.minutes(60 + Int(bits.next() % 1_200))
        let day = Duration.hours(24).wholeMilliseconds
        let span = Duration.days(SeededFleet.retentionDays - 1).wholeMilliseconds
        let step = Duration.milliseconds(min(day, span / Int64(own)))
        var backups: [Backup] = []
        backups.reserveCapacity(own + copies)
        for age in (0..<own).reversed() {
            let backup = Backup(
                id: BackupID(bits: bits.next()),
                region: cluster.region,
                createdAt: fleet.now - newestAge - step * age,
                state: .ready,
                mode: .fips,
                details: ownDetails
            )
            backups.append(backup)
            if age < copies { backups.append(copy(of: backup, id: BackupID(bits: bits.next()))) }
        }
        return backups
    }

    private func copy(of backup: Backup, id: BackupID) -> Backup {
        Backup(
            id: id,
            region: cluster.copyRegion,
            createdAt: backup.createdAt,
            state: .ready,
            origin: CopyOrigin(
                backup: backup.id,
                region: backup.region,
                copiedAt: backup.createdAt + .minutes(30)
            ),
            mode: .fips,
            details: copyDetails
        )
    }

    private var ownDetails: BackupDetails {
        BackupDetails(tags: ["env": "prod", "owner": cluster.team], hsmType: .hsm2mMedium)
    }

    private var copyDetails: BackupDetails {
        BackupDetails(
            tags: ["made-by": "strongroom", "owner": cluster.team],
            hsmType: .hsm2mMedium
        )
    }
}

import CloudHSM
import StrongroomModel

extension Sample {
    /// A cluster in service.
    static func livingCluster(_ id: ClusterID, hsms: [HSM]) -> Cluster {
        var cluster = Cluster(
            id: id,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: [zone("us-east-1a"): subnet("0a1b2c3d")],
            retention: .days(90)
        )
        cluster.hsms = hsms
        return cluster
    }

    /// A READY backup at home.
    static func readyBackup(_ id: BackupID, at moment: Timestamp = now - .days(9)) -> Backup {
        Backup(id: id, region: virginia, createdAt: moment, state: .ready)
    }

    /// A READY copy of a backup.
    static func backup(_ source: BackupID, copiedTo region: Region) -> Backup {
        Backup(
            id: backup("ccccccccccc"),
            region: region,
            createdAt: now - .days(9),
            state: .ready,
            origin: CopyOrigin(backup: source, region: virginia, copiedAt: now)
        )
    }
}

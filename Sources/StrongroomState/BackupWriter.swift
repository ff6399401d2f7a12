internal import CloudHSM
internal import StrongroomModel

/// Writes backups in the API's names.
enum BackupWriter {
    /// A backup with all that is derived: its ARN, its cluster, its Region.
    static func json(_ backup: Backup, of group: GroupID) -> JSONValue {
        let details = backup.details
        var fields = details?.unknownFields ?? [:]
        fields.set("BackupArn", details?.unusualARN ?? arn(of: backup, in: group))
        fields.set("BackupId", backup.id)
        fields.set("BackupState", backup.state)
        fields.set("CreateTimestamp", backup.createdAt)
        fields.set("DeleteTimestamp", backup.deletesAt)
        fields.set("HsmType", backup.hsmType)
        fields.set("Mode", backup.mode?.rawValue)
        fields["NeverExpires"] = .bool(backup.neverExpires)
        fields.set("Region", backup.region)
        fields.set("TagList", tags: backup.tags)
        let namesCluster = !backup.isCopy || details?.copyNamesCluster == true
        fields.set("ClusterId", namesCluster ? group.cluster : nil)
        fields.set("CopyTimestamp", backup.origin?.copiedAt)
        fields.set("SourceBackup", backup.origin?.backup)
        fields.set("SourceCluster", backup.isCopy ? group.cluster : nil)
        fields.set("SourceRegion", backup.origin?.region)
        return .object(fields)
    }

    private static func arn(of backup: Backup, in group: GroupID) -> String {
        BackupARNs.arn(of: backup.id, in: backup.region, account: group.home.account)
    }
}

internal import CloudHSM

extension DescribeBackups {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let filters = try reader.filters(Filter.self)
        let size = try reader.count("MaxResults", 1...Self.largestPage)
        let token = try reader.token()
        let ascending = try reader.flag("SortAscending")
        let shared = try reader.flag("Shared") ?? false
        try reader.end()
        self.init(
            filters: filters,
            maxResults: size,
            nextToken: token,
            sortAscending: ascending,
            listsShared: shared
        )
    }
}

extension ModifyBackupAttributes {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let backup = try reader.required("BackupId", .backupID, BackupID.init(_:))
        let neverExpires = try reader.flag("NeverExpires")
        if neverExpires == nil { reader.missing("NeverExpires") }
        self.init(
            backup: try reader.end(with: backup),
            neverExpires: try reader.end(with: neverExpires)
        )
    }
}

extension DeleteBackup {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let backup = try reader.required("BackupId", .backupID, BackupID.init(_:))
        self.init(backup: try reader.end(with: backup))
    }
}

extension RestoreBackup {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let backup = try reader.required("BackupId", .backupID, BackupID.init(_:))
        self.init(backup: try reader.end(with: backup))
    }
}

extension CopyBackup {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let backup = try reader.required("BackupId", .backupID, BackupID.init(_:))
        let region = try reader.required("DestinationRegion", .region, Region.init(_:))
        let tags = try reader.tags(1...TagLimits.mostPerResource)
        self.init(
            backup: try reader.end(with: backup),
            to: try reader.end(with: region),
            tags: tags
        )
    }
}

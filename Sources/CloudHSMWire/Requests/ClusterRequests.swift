internal import CloudHSM

extension CreateCluster {
    init(
        _ reader: inout RequestReader,
        subnetZones: (SubnetID) -> AvailabilityZone?
    ) throws(ServiceException) {
        let type = try reader.required("HsmType", .hsmType, HSMType.init(_:))
        let modes = ClusterMode.allCases.map(\.rawValue)
        let networks = NetworkType.allCases.map(\.rawValue)
        let mode = try reader.value("Mode", .oneOf(modes), ClusterMode.init(rawValue:))
        let network = try reader.value("NetworkType", .oneOf(networks), NetworkType.init(rawValue:))
        let source = try reader.value("SourceBackupId", .backupARN) { text in
            BackupID(text) ?? ResourceARN(text)?.backup
        }
        let retention = try reader.retention()
        let tags = try reader.tags(1...TagLimits.mostPerResource) ?? [:]
        let ids = try reader.subnets()
        self.init(
            hsmType: try reader.end(with: type),
            subnets: try Self.mapping(of: ids, subnetZones),
            mode: mode ?? .fips,
            networkType: network ?? .ipv4,
            retention: retention ?? .serviceDefault,
            sourceBackup: source,
            tags: tags
        )
    }

    private static func mapping(
        of ids: [SubnetID],
        _ zones: (SubnetID) -> AvailabilityZone?
    ) throws(ServiceException) -> [AvailabilityZone: SubnetID] {
        var mapping: [AvailabilityZone: SubnetID] = [:]
        for id in ids {
            guard let zone = zones(id) else { throw .invalid("the subnet \(id) does not exist") }
            guard mapping.updateValue(id, forKey: zone) == nil else {
                throw .invalid(
                    "only one subnet per Availability Zone can be given, not two in \(zone)"
                )
            }
        }
        return mapping
    }
}

extension InitializeCluster {
    /// The longest text of the shape `Cert`; the operation's own limit is lower.
    private static let longestText = 20_000

    init(_ reader: inout RequestReader) throws(ServiceException) {
        let cluster = try reader.required("ClusterId", .clusterID, ClusterID.init(_:))
        let signed = try reader.required("SignedCert", .certificate, Self.certificate)
        let anchor = try reader.required("TrustAnchor", .certificate, Self.certificate)
        for (name, text) in [("SignedCert", signed), ("TrustAnchor", anchor)] {
            let length = text?.unicodeScalars.count ?? 0
            reader.requireLength(of: name, length, 0...Self.longestText, shown: "'...'")
        }
        self.init(
            cluster: try reader.end(with: cluster),
            signedCertificate: try reader.end(with: signed),
            trustAnchor: try reader.end(with: anchor)
        )
    }

    /// The pattern's `+-/` is a range, which has the comma, hyphen and dot as well.
    private static func certificate(_ text: String) -> String? {
        let isFit = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x2B...0x39, 0x3D, 0x41...0x5A, 0x61...0x7A, 0x20, 0x09...0x0D: true
            default: false
            }
        }
        return isFit ? text : nil
    }
}

extension ModifyCluster {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let cluster = try reader.required("ClusterId", .clusterID, ClusterID.init(_:))
        let type = try reader.value("HsmType", .hsmType, HSMType.init(_:))
        let retention = try reader.retention()
        let id = try reader.end(with: cluster)
        switch (type, retention) {
        case (let type?, nil): self.init(cluster: id, change: .hsmType(type))
        case (nil, let retention?): self.init(cluster: id, change: .retention(retention))
        case (nil, nil): throw .invalid("give a BackupRetentionPolicy or an HsmType")
        case (_?, _?):
            // Unknown; refusing is the safe reading (fact sheet, section 20, row 15).
            throw .invalid("give a BackupRetentionPolicy or an HsmType, not both in one call")
        }
    }
}

extension DeleteCluster {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let cluster = try reader.required("ClusterId", .clusterID, ClusterID.init(_:))
        self.init(cluster: try reader.end(with: cluster))
    }
}

extension DescribeClusters {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let filters = try reader.filters(Filter.self)
        let size = try reader.count("MaxResults", 1...Self.largestPage)
        let token = try reader.token()
        try reader.end()
        self.init(filters: filters, maxResults: size, nextToken: token)
    }
}

extension RequestReader {
    /// A required list of subnets, 1 to 10.
    fileprivate mutating func subnets() throws(ServiceException) -> [SubnetID] {
        guard let texts = try strings("SubnetIds", 1...10) else {
            missing("SubnetIds")
            return []
        }
        var subnets: [SubnetID] = []
        for text in texts {
            if let subnet = SubnetID(text) {
                subnets.append(subnet)
            } else {
                violate("SubnetIds", "'\(text)'", MemberRule.subnetID.text)
            }
        }
        return subnets
    }

    /// A retention policy that may be written.
    ///
    /// - Throws: An invalid-request exception for a number of days the service does not take.
    fileprivate mutating func retention() throws(ServiceException) -> RetentionPeriod? {
        guard let value = self["BackupRetentionPolicy"] else { return nil }
        guard case .object(let policy) = value else {
            throw .invalid("BackupRetentionPolicy is not a structure")
        }
        if let type = policy["Type"], type != .string("DAYS"), type != .null {
            violate(
                "BackupRetentionPolicy.Type",
                "'\(type.shown)'",
                MemberRule.oneOf(["DAYS"]).text
            )
        }
        guard case .string(let text)? = policy["Value"] else {
            throw .invalid("BackupRetentionPolicy needs a Value, which is text")
        }
        let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard digits, (1...3).contains(text.utf8.count) else {
            violate("BackupRetentionPolicy.Value", "'\(text)'", MemberRule.pattern("[0-9]+").text)
            return nil
        }
        guard let period = Int(text).flatMap(RetentionPeriod.init(days:)) else {
            let days = RetentionPeriod.acceptedDays
            throw .invalid(
                "a backup retention period has \(days.lowerBound) to \(days.upperBound) days"
            )
        }
        return period
    }
}

extension JSONValue {
    /// A text as it is, anything else by its kind.
    fileprivate var shown: String {
        switch self {
        case .string(let text): text
        case .null, .bool, .integer, .number, .array, .object: "not a string"
        }
    }
}

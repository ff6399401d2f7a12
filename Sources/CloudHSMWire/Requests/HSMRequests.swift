internal import CloudHSM

extension CreateHSM {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let cluster = try reader.required("ClusterId", .clusterID, ClusterID.init(_:))
        let zone = try reader.required("AvailabilityZone", .zone, AvailabilityZone.init(_:))
        let address = try reader.value("IpAddress", .ipAddress, IPAddressText.read)
        self.init(
            cluster: try reader.end(with: cluster),
            zone: try reader.end(with: zone),
            address: address
        )
    }
}

extension DeleteHSM {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let cluster = try reader.required("ClusterId", .clusterID, ClusterID.init(_:))
        let id = try reader.value("HsmId", .hsmID, HSMID.init(_:)).map(Target.id)
        let interface = try reader.value("EniId", .eniID, ENIID.init(_:)).map(Target.interface)
        let address = try reader.value("EniIp", .ipAddress, IPAddressText.read).map(Target.address)
        try reader.end()
        let targets = [id, interface, address].compactMap(\.self)
        guard let target = targets.first, targets.count == 1 else {
            throw .invalid("give exactly one of HsmId, EniId and EniIp")
        }
        self.init(cluster: try reader.end(with: cluster), target: target)
    }
}

/// Four numbers of one to three digits, as the API's pattern has them.
enum IPAddressText {
    static func read(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isFit =
            parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count)
                    && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
        return isFit ? text : nil
    }
}

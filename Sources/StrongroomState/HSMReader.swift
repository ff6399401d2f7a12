internal import CSimdJSON
internal import CloudHSM

/// Reads the HSMs of a cluster in the API's names.
final class HSMReader {
    private enum Key: Int, RecordKey {
        case zone, cluster, eni, address, address6, id, type, state, stateMessage, subnet

        static let names: [StaticString] = [
            "AvailabilityZone", "ClusterId", "EniId", "EniIp", "EniIpV6", "HsmId", "HsmType",
            "State", "StateMessage", "SubnetId",
        ]
    }

    private let record = JSONRecord<Key>()

    /// Reads the HSMs in the order listed.
    ///
    /// - Parameters:
    ///   - list: The array; it may be absent.
    ///   - cluster: The cluster they must belong to.
    /// - Returns: The HSMs; none if the array is absent.
    /// - Throws: For a field that is missing, twice there or unfit, and for an HSM listed twice.
    func read(_ list: csj_slot, of cluster: ClusterID) throws(JSONFault) -> [HSM] {
        var hsms: [HSM] = []
        try JSONTree.forEach(of: list, at: "Hsms") { (element, _) throws(JSONFault) in
            let hsm = try readHSM(element, of: cluster)
            guard !hsms.contains(where: { $0.id == hsm.id }) else {
                throw JSONFault("HsmId", .repeated(name: hsm.id.description))
            }
            hsms.append(hsm)
        }
        return hsms
    }

    private func readHSM(_ element: csj_slot, of cluster: ClusterID) throws(JSONFault) -> HSM {
        try record.read(element)
        let named: ClusterID? = try record.id(.cluster, expected: "a cluster id")
        if let named, named != cluster {
            throw JSONFault(
                "ClusterId",
                .otherCluster(found: named.description, expected: cluster.description)
            )
        }
        return HSM(
            id: try record.require(.id, try record.id(.id, expected: "an HSM id")),
            zone: try record.text(.zone, expected: "an Availability Zone"),
            subnet: try record.text(.subnet, expected: "a subnet id"),
            eni: try record.text(.eni, expected: "a network interface id"),
            address: try record.string(.address),
            address6: try record.string(.address6),
            type: try record.text(.type, expected: "an HSM type"),
            state: try record.require(.state, try record.text(.state, expected: "a state")),
            stateMessage: try record.string(.stateMessage),
            unknownFields: try record.unknownFields()
        )
    }
}

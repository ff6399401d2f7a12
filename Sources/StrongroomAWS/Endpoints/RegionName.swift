public import CloudHSM

/// Reads the names of Regions as a flag, a variable or a profile gives them.
public enum RegionName {
    /// Reads a Region in which CloudHSM can be spoken to.
    ///
    /// - Parameter text: For example `us-east-1`.
    /// - Returns: The Region.
    /// - Throws: ``EndpointFault`` that names the partition, if it is one without an endpoint.
    public static func read(_ text: String) throws(EndpointFault) -> Region {
        if let name = foreignPartition(of: text) {
            throw .partition(region: escaped(text), name: name)
        }
        guard let region = Region(text), region.partition != nil else {
            throw .unknownRegion(text)
        }
        return region
    }

    /// The partition of a Region's name, if it is one without an endpoint for CloudHSM.
    ///
    /// Source: botocore `partitions.json`, `regionRegex`; fact sheet, section 1 (`API`, `GR`).
    ///
    /// - Parameter text: The name.
    /// - Returns: The partition, for people.
    static func foreignPartition(of text: String) -> String? {
        let beginnings = [
            ("cn-", "the partition aws-cn (China)"),
            ("eusc-", "the partition aws-eusc (European Sovereign Cloud)"),
            ("us-iso-", "the partition aws-iso"),
            ("us-isob-", "the partition aws-iso-b"),
            ("eu-isoe-", "the partition aws-iso-e"),
            ("us-isof-", "the partition aws-iso-f"),
        ]
        return beginnings.first { text.lowercased().hasPrefix($0.0) }?.1
    }
}

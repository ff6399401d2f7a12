public import CloudHSM

/// The bodies of requests, in both directions.
///
/// Source: `API`, the input shapes of the 18 operations.
public enum RequestCoding {
    /// Writes the body of a request.
    ///
    /// - Parameter call: The call.
    /// - Returns: JSON with sorted keys: equal calls give equal bytes.
    /// - Throws: What the encoder throws; no call is known for which it does.
    public static func encode(_ call: Call) throws -> [UInt8] { try JSONText.bytes(call.fields) }

    /// Reads the body of a request and checks it as the API's model says.
    ///
    /// What the model leaves open is filled in as the service is taken to do it: mode FIPS (unknown,
    /// the safe choice), network type IPV4, 90 days. Members that are not in the model are passed
    /// over, as AWS's JSON services do.
    ///
    /// - Parameters:
    ///   - operation: The operation's name.
    ///   - body: The body; empty counts as an empty object.
    ///   - subnetZones: The zone a subnet lies in, which EC2 knows; `nil` for a subnet it does not.
    /// - Returns: The call.
    /// - Throws: The exception the service would answer with, naming every violation.
    public static func decode(
        operation: String,
        body: [UInt8],
        subnetZones: (SubnetID) -> AvailabilityZone?
    ) throws(ServiceException) -> Call {
        var reader = try RequestReader(body)
        switch operation {
        case "CreateCluster":
            return .createCluster(try CreateCluster(&reader, subnetZones: subnetZones))
        case "DescribeClusters": return .describeClusters(try DescribeClusters(&reader))
        case "InitializeCluster": return .initializeCluster(try InitializeCluster(&reader))
        case "ModifyCluster": return .modifyCluster(try ModifyCluster(&reader))
        case "DeleteCluster": return .deleteCluster(try DeleteCluster(&reader))
        case "CreateHsm": return .createHSM(try CreateHSM(&reader))
        case "DeleteHsm": return .deleteHSM(try DeleteHSM(&reader))
        case "DescribeBackups": return .describeBackups(try DescribeBackups(&reader))
        case "ModifyBackupAttributes":
            return .modifyBackupAttributes(try ModifyBackupAttributes(&reader))
        case "DeleteBackup": return .deleteBackup(try DeleteBackup(&reader))
        case "RestoreBackup": return .restoreBackup(try RestoreBackup(&reader))
        case "CopyBackupToRegion": return .copyBackup(try CopyBackup(&reader))
        case "TagResource": return .tagResource(try TagResource(&reader))
        case "UntagResource": return .untagResource(try UntagResource(&reader))
        case "ListTags": return .listTags(try ListTags(&reader))
        case "PutResourcePolicy": return .putResourcePolicy(try PutResourcePolicy(&reader))
        case "GetResourcePolicy": return .getResourcePolicy(try GetResourcePolicy(&reader))
        case "DeleteResourcePolicy":
            return .deleteResourcePolicy(try DeleteResourcePolicy(&reader))
        default: throw .invalid("the service has no operation \(operation)")
        }
    }
}

/// What every request to the service has in its head.
///
/// Source: `API`, metadata: JSON 1.1, signature version 4, target prefix, signing name.
public enum CloudHSMEndpoint {
    /// The name the service is signed for, which is not that of its hosts.
    public static let signingName = "cloudhsm"

    /// What every body is.
    public static let contentType = "application/x-amz-json-1.1"

    /// The header that says which operation is meant.
    public static let targetHeader = "X-Amz-Target"

    /// The names of the operations, in order.
    public static let operations = [
        "CopyBackupToRegion", "CreateCluster", "CreateHsm", "DeleteBackup", "DeleteCluster",
        "DeleteHsm", "DeleteResourcePolicy", "DescribeBackups", "DescribeClusters",
        "GetResourcePolicy", "InitializeCluster", "ListTags", "ModifyBackupAttributes",
        "ModifyCluster", "PutResourcePolicy", "RestoreBackup", "TagResource", "UntagResource",
    ]

    private static let prefix = "BaldrApiService."

    /// The value of ``targetHeader``.
    ///
    /// - Parameter operation: The operation's name, such as `CreateHsm`.
    /// - Returns: The target.
    public static func target(_ operation: String) -> String { prefix + operation }

    /// The operation that a value of ``targetHeader`` means.
    ///
    /// - Parameter target: The header's value.
    /// - Returns: The operation's name; `nil` if the service has none like it.
    public static func operation(ofTarget target: String) -> String? {
        guard target.hasPrefix(prefix) else { return nil }
        let name = String(target.dropFirst(prefix.count))
        return operations.contains(name) ? name : nil
    }
}

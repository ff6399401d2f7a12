internal import CloudHSM
public import StrongroomModel

/// The IAM policy that a fleet's manifests need, to read only or to carry plans out.
///
/// Source: fact sheet, section 18 (`SAR`, and the guide's sample policies for what CloudHSM does in
/// EC2 in the caller's name).
public struct PermissionsPolicy: Hashable, Sendable {
    /// What the policy is for.
    public enum Extent: String, Hashable, Sendable, CaseIterable {
        /// `plan`, `status`, `observe`: nothing can be changed with it.
        case readOnly = "read-only"
        /// `apply` and `reconcile`, as far as the manifests can ask for.
        case full
    }

    /// The document, in the form IAM takes.
    private let document: Document

    /// Writes the policy for a fleet.
    ///
    /// - Parameters:
    ///   - fleet: What the manifests say.
    ///   - extent: What the policy is for.
    public init(for fleet: DesiredFleet, _ extent: Extent) {
        let resources = Resources(of: fleet)
        var statements = [
            // Both answers hold the tags, so ListTags is not needed.
            Statement("StrongroomReads", ["DescribeBackups", "DescribeClusters"], on: ["*"])
        ]
        if extent == .full { statements += Self.changes(on: resources) }
        document = Document(statement: statements)
    }

    private static func changes(on resources: Resources) -> [Statement] {
        [
            Statement(
                "StrongroomKeepsClusters",
                ["CreateHsm", "DeleteCluster", "InitializeCluster", "ModifyCluster"],
                on: resources.clusters
            ),
            // The service knows no resource for these (`SAR`).
            Statement(
                "StrongroomMakesClustersAndRemovesHSMs",
                ["CreateCluster", "DeleteHsm"],
                on: ["*"]
            ),
            Statement(
                "StrongroomKeepsBackups",
                ["CopyBackupToRegion", "DeleteBackup", "ModifyBackupAttributes", "RestoreBackup"],
                on: resources.backups
            ),
            Statement("StrongroomTags", ["TagResource", "UntagResource"], on: resources.all),
            // CreateCluster, CreateHsm, DeleteHsm and DeleteCluster do these in the caller's name.
            Statement(
                "CloudHSMNetworkInterfaces",
                service: "ec2",
                [
                    "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress",
                    "CreateNetworkInterface", "CreateSecurityGroup", "CreateTags",
                    "DeleteNetworkInterface", "DeleteSecurityGroup",
                    "DescribeNetworkInterfaceAttribute", "DescribeNetworkInterfaces",
                    "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs",
                    "DetachNetworkInterface", "RevokeSecurityGroupEgress",
                ],
                on: ["*"]
            ),
            Statement(
                "CloudHSMServiceLinkedRole",
                service: "iam",
                ["CreateServiceLinkedRole"],
                on: [
                    "arn:\(resources.partition):iam::*:role/aws-service-role/cloudhsm.amazonaws.com"
                        + "/AWSServiceRoleForCloudHSM"
                ]
            ),
        ]
    }

    /// Every action it allows, with its service, sorted.
    public var actions: [String] { document.statement.flatMap(\.action).sorted() }

    /// The policy as IAM takes it: JSON with two spaces, and a line break at its end.
    ///
    /// - Returns: The bytes.
    public func json() -> [UInt8] { CanonicalJSON.pretty(document) }
}

/// The ARNs that a fleet's manifests mean.
private struct Resources {
    let partition: String
    let clusters: [String]
    let backups: [String]

    var all: [String] { (clusters + backups).sorted() }

    init(of fleet: DesiredFleet) {
        let partition = fleet.regions.first?.partition?.rawValue ?? Partition.aws.rawValue
        self.partition = partition
        let arns = { (kind: String) in
            fleet.accounts.flatMap { account in
                fleet.regions.map { "arn:\(partition):cloudhsm:\($0):\(account.id):\(kind)/*" }
            }.sorted()
        }
        clusters = arns("cluster")
        backups = arns("backup")
    }
}

/// A statement as IAM takes it.
private struct Statement: Hashable, Sendable, Encodable {
    let sid: String
    let action: [String]
    let resource: [String]
    private let effect = "Allow"

    init(_ sid: String, service: String = "cloudhsm", _ actions: [String], on resource: [String]) {
        self.sid = sid
        action = actions.sorted().map { "\(service):\($0)" }
        self.resource = resource
    }

    private enum CodingKeys: String, CodingKey {
        case sid = "Sid"
        case effect = "Effect"
        case action = "Action"
        case resource = "Resource"
    }
}

private struct Document: Hashable, Sendable, Encodable {
    private let version = "2012-10-17"
    let statement: [Statement]

    init(statement: [Statement]) {
        self.statement = statement
    }

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case statement = "Statement"
    }
}

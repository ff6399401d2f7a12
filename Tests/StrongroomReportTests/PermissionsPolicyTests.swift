import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import Testing

/// The IAM policy that manifests need.
@Suite struct PermissionsPolicyTests {
    private func fleet(_ regions: String...) -> DesiredFleet {
        DesiredFleet(
            name: Located("acme", at: Sample.place(1)),
            service: .aws,
            stateDirectory: "state",
            accounts: [
                DesiredAccount(name: "prod", id: Sample.account("111122223333")),
                DesiredAccount(name: "dev", id: Sample.account("444455556666")),
            ],
            regions: regions.map(Sample.region),
            clusters: []
        )
    }

    private func statements(_ policy: PermissionsPolicy) throws -> [[String: JSONValue]] {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(policy.json()))
        guard
            case .object(let document) = value, document["Version"] == .string("2012-10-17"),
            case .array(let statements)? = document["Statement"]
        else { return [] }
        return statements.compactMap { statement in
            guard case .object(let fields) = statement else { return nil }
            return fields
        }
    }

    @Test func readingNeedsTheTwoListingsOnly() throws {
        let policy = PermissionsPolicy(for: fleet("us-east-1"), .readOnly)
        #expect(policy.actions == ["cloudhsm:DescribeBackups", "cloudhsm:DescribeClusters"])
        #expect(try statements(policy).count == 1)
    }

    /// Whatever a plan can ask for is allowed, and what no plan asks for is not.
    @Test func everythingAPlanCanDoIsInTheFullPolicy() {
        let own = PermissionsPolicy(for: fleet("us-east-1"), .full).actions
            .filter { $0.hasPrefix("cloudhsm:") }
        let planned = [
            "CopyBackupToRegion", "CreateCluster", "CreateHsm", "DeleteBackup", "DeleteCluster",
            "DeleteHsm", "DescribeBackups", "DescribeClusters", "InitializeCluster",
            "ModifyBackupAttributes", "ModifyCluster", "RestoreBackup", "TagResource",
            "UntagResource",
        ]
        #expect(own == planned.map { "cloudhsm:\($0)" })
    }

    @Test func whatCanBeLimitedIsLimitedToTheFleetsAccountsAndRegions() throws {
        let policy = PermissionsPolicy(for: fleet("us-gov-east-1", "us-gov-west-1"), .full)
        let backups = try #require(
            try statements(policy).first { $0["Sid"] == .string("StrongroomKeepsBackups") }
        )
        let arns = ["111122223333", "444455556666"].flatMap { account in
            ["us-gov-east-1", "us-gov-west-1"].map { region in
                JSONValue.string("arn:aws-us-gov:cloudhsm:\(region):\(account):backup/*")
            }
        }
        guard case .array(let resources)? = backups["Resource"] else {
            Issue.record("no resources")
            return
        }
        #expect(Set(resources) == Set(arns))
    }
}

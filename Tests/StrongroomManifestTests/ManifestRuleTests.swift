import StrongroomManifest
import StrongroomModel
import Testing

/// One row per rule that looks at more than one value: across keys, and across manifests.
@Suite struct ManifestRuleTests {
    @Test(arguments: hardware + places + copies + retention + points + sources + resumption + fleet)
    func refusesByRuleAndPlace(change: Change) throws {
        let (text, expected) = try #require(change.applied)
        #expect(mistakes(in: text).map(Found.init) == expected)
    }

    static let hardware = [
        Change(
            "hsmType: hsm2m.medium\n  mode: FIPS\n  networkType: IPV4",
            "hsmType: hsm1.medium\n  mode: FIPS\n  networkType: «DUALSTACK",
            "network-does-not-fit"
        ),
        Change(
            "hsmType: hsm2m.medium\n  mode: FIPS\n  subnets",
            "hsmType: «hsm1.medium\n  mode: FIPS\n  subnets",
            "type-not-made-any-more"
        ),
        Change(
            "us-east-1b: subnet-1a2b3c4d",
            "«us-west-2a: subnet-1a2b3c4d",
            "zone-outside-region"
        ),
        Change("us-east-1b: subnet-1a2b3c4d", "us-east-1b: «subnet-0a1b2c3d", "duplicate-subnet"),
        Change("hsms: { eu-west-1a: 1 }", "hsms: { «eu-west-1b: 1 }", "zone-without-subnet"),
        Change("hsms: { eu-west-1a: 1 }", "hsms: { «eu-west-2a: 1 }", "zone-outside-region"),
        Change("hsms: 2\n", "«hsms: { us-east-1a: 20, us-east-1b: 9 }\n", "too-many-hsms"),
    ]

    static let places = [
        Change(
            "  region: us-east-1\n  account: prod\n",
            "  region: us-east-1\n  account: «prd\n",
            "unknown-account"
        ),
        Change(
            "arn:aws:iam::444455556666:role",
            "«arn:aws:iam::111122223333:role",
            "role-of-other-account"
        ),
    ]

    static let copies = [
        Change(
            "    - { region: eu-west-1, maxAge",
            "    - { region: us-west-2 }\n    - { region: «us-west-2 }\n    - { region: eu-west-1, maxAge",
            "duplicate-copy-region"
        ),
        Change(
            "- { region: eu-west-1, maxAge",
            "- { region: «us-east-1, maxAge",
            "copy-to-home-region"
        ),
        Change(
            "- { region: eu-west-1, maxAge",
            "- { region: «us-gov-west-1, maxAge",
            "copy-to-other-partition"
        ),
        Change(
            "- { region: eu-west-1, maxAge",
            "- { region: «eu-west-3, maxAge",
            "region-not-in-fleet"
        ),
        Change(
            "regions: [eu-west-1] }",
            "regions: [eu-west-1, «us-east-1] }",
            "copy-to-home-region"
        ),
        Change(
            "regions: [eu-west-1] }",
            "regions: [eu-west-1, «us-gov-east-1] }",
            "copy-to-other-partition"
        ),
        Change(
            "regions: [eu-west-1] }",
            "regions: [eu-west-1, «ap-south-1] }",
            "region-not-in-fleet"
        ),
    ]

    static let retention = [
        Change("maxAge: 26h", "maxAge: «61d", "max-age-beyond-retention"),
        Change(
            "maxAge: 48h, retentionDays: 30, keepAtLeast: 2",
            "maxAge: «48h, retentionDays: 1",
            "max-age-beyond-retention"
        ),
        Change("keepAtLeast: 3", "keepAtLeast: «61", "floor-beyond-retention"),
        Change(
            "retentionDays: 30, keepAtLeast: 2",
            "retentionDays: 30, keepAtLeast: «16",
            "floor-beyond-retention"
        ),
    ]

    static let points = [
        Change("name: end-2026", "name: «before-rotation", "duplicate-recovery-point"),
        Change(
            "takenBefore: 2026-12-31T00:00:00Z",
            "takenBefore: «2026-11-20T10:00:00+01:00",
            "recovery-point-purged"
        ),
        Change(
            "takenBefore: 2026-12-31T00:00:00Z",
            "takenBefore: «2025-01-01T00:00:00Z",
            "recovery-point-purged"
        ),
        Change("ensure: present", "ensure: «absent", "absent-without-reason"),
        Change(
            "ensure: present",
            "ensure: present\n  «finalBackup: keep",
            "final-backup-without-absent"
        ),
        Change("  ensure: present\n", "  «finalBackup: none\n", "final-backup-without-absent"),
        Change("ensure: present", "ensure: «Absent\n  finalBackup: none", "not-one-of"),
    ]

    static let sources = [
        Change(
            "cluster: payments, recoveryPoint: before-rotation",
            "cluster: «clone, recoveryPoint: before-rotation",
            "restores-from-itself"
        ),
        Change(
            "cluster: payments, recoveryPoint: before-rotation",
            "cluster: «payment, recoveryPoint: before-rotation",
            "unknown-cluster"
        ),
        Change(
            "recoveryPoint: before-rotation",
            "recoveryPoint: «before-rotatoin",
            "unknown-recovery-point"
        ),
        Change(
            "recoveryPoint: before-rotation",
            "recoveryPoint: before-rotation, whenRegionLost: «useNewestCopy",
            "newest-copy-of-recovery-point"
        ),
        Change(
            "  restoreFrom: {",
            "  «initialization: { certificate: a.crt, trustAnchor: b.crt }\n  restoreFrom: {",
            "clone-is-initialized"
        ),
        Change(
            "hsmType: hsm2m.medium\n  mode: FIPS\n  subnets",
            "hsmType: «phsm2m.large\n  mode: FIPS\n  subnets",
            "source-of-other-type"
        ),
        Change(
            "  mode: FIPS\n  subnets: { eu-west-1a",
            "  mode: «NON_FIPS\n  subnets: { eu-west-1a",
            "source-in-other-mode"
        ),
    ]

    static let resumption = [
        Change(
            "hsms: 2\n",
            "hsms: 0\n  «resumeFrom: backup-ro5c4er4aac\n",
            "resume-without-hsms"
        ),
        Change(
            "  hsms: 2\n",
            "  «resumeFrom: backup-ro5c4er4aac\n",
            "resume-without-hsms"
        ),
        Change(
            "hsms: 2\n",
            "hsms: { us-east-1a: 0, us-east-1b: 0 }\n  «resumeFrom: backup-ro5c4er4aac\n",
            "resume-without-hsms"
        ),
        Change("hsms: 2\n", "hsms: «two\n  resumeFrom: backup-ro5c4er4aac\n", "text-for-number"),
    ]

    static let fleet = [
        Change("perRun: 5, perDay: 20", "perRun: «21, perDay: 20", "budgets-do-not-fit"),
        Change("perRun: 5, perDay: 20", "perDay: «9", "budgets-do-not-fit"),
        Change("perRun: 5, perDay: 20", "perRun: «21", "budgets-do-not-fit"),
        Change(
            "id: \"444455556666\"\n      roleArn: arn:aws:iam::444455556666:role/strongroom",
            "id: «\"111122223333\"",
            "duplicate-account"
        ),
        Change("name: dev", "name: «prod", "duplicate-account"),
    ]

    /// Mistakes in the text after several changes at once, by rule and line.
    private func found(_ changes: (String, String)...) -> [Found] {
        let text = changes.reduce(Sample.text) { text, change in
            let parts = text.split(separator: change.0, omittingEmptySubsequences: false)
            #expect(parts.count == 2, "\(change.0) occurs \(parts.count - 1) times")
            return parts.joined(separator: change.1)
        }
        return mistakes(in: text).map(Found.init)
    }

    @Test func aNewClusterNeedsWhatCreationNeeds() {
        let found = found(
            (
                "  hsmType: hsm2m.medium\n  mode: FIPS\n  subnets: { eu-west-1a: subnet-2a1b2c3d }\n",
                ""
            )
        )
        #expect(found == Array(repeating: Found("missing-key", 51, 1), count: 3))
    }

    @Test func anAdoptedClusterNeedsNothing() {
        let found = found(("  hsmType: hsm2m.medium\n  mode: FIPS\n  networkType: IPV4\n", ""))
        #expect(found == [])
    }

    @Test func theOldTypeRunsInFIPSModeOnly() {
        let found = found(
            (
                "hsmType: hsm2m.medium\n  mode: FIPS\n  networkType",
                "hsmType: hsm1.medium\n  mode: NON_FIPS\n  networkType"
            ),
            ("  restoreFrom: { cluster: payments, recoveryPoint: before-rotation }\n", "")
        )
        #expect(found == [Found("mode-does-not-fit", 29, 9)])
    }

    @Test func aTombstoneNeedsOnlyAReason() {
        let found = found(
            (
                "  hsmType: hsm2m.medium\n  mode: FIPS\n  subnets: { eu-west-1a: subnet-2a1b2c3d }\n",
                ""
            ),
            ("  restoreFrom: {", "  ensure: absent\n  reason: done\n  restoreFrom: {")
        )
        #expect(found == [])
    }

    @Test func aNewClusterNeedsARetentionOfItsOwnOrOfTheFleet() {
        #expect(found(("retentionDays: 90, ", "")) == [Found("missing-retention", 51, 1)])
        #expect(
            found(
                ("retentionDays: 90, ", ""),
                ("  hsms: { eu", "  backups: { retentionDays: 30 }\n  hsms: { eu")
            ) == []
        )
    }

    @Test func anUnreadableRetentionIsNotCalledMissingAsWell() {
        #expect(found(("retentionDays: 90", "retentionDays: 1")) == [Found("out-of-range", 13, 41)])
    }

    @Test func severalAccountsMeanThatEachClusterNamesOne() {
        let found = found(("  region: us-east-1\n  account: prod\n", "  region: us-east-1\n"))
        #expect(found == [Found("account-needed", 24, 1)])
    }

    @Test func aFleetWithoutAccountsHasOneNamedDefault() throws {
        let accounts = """
              accounts:
                - { name: prod, id: "111122223333" }
                - name: dev
                  id: "444455556666"
                  roleArn: arn:aws:iam::444455556666:role/strongroom

            """
        let text = Sample.text.replacing(accounts, with: "")
            .replacing("account: prod", with: "account: default")
        #expect(mistakes(in: text) == [])
    }

    @Test func aServiceOtherThanTheSimulatedOneNeedsAccountIDs() {
        let text = Sample.text.replacing("service: simulator", with: "service: aws")
        #expect(mistakes(in: text) == [])
        let without =
            "apiVersion: strongroom/v1\nkind: Fleet\nmetadata: { name: a }\n"
            + "spec: { service: aws, state: s, regions: [us-east-1] }\n"
        #expect(mistakes(in: without).map(Found.init) == [Found("missing-key", 4, 1)])
    }

    @Test func aClusterLivesWhereTheFleetLooks() {
        let found = found(("[us-east-1, us-west-2, eu-west-1]", "[us-east-1]"))
        #expect(
            found == [
                Found("region-not-in-fleet", 40, 17), Found("region-not-in-fleet", 42, 70),
                Found("region-not-in-fleet", 52, 11),
            ]
        )
    }

    @Test func aRoleReachesOnlyItsOwnPartition() {
        let found = found(
            ("  region: eu-west-1\n  account: prod", "  region: eu-west-1\n  account: dev"),
            ("arn:aws:iam", "arn:aws-us-gov:iam"),
            ("  restoreFrom: { cluster: payments, recoveryPoint: before-rotation }\n", "")
        )
        #expect(found == [Found("account-in-other-partition", 52, 11)])
    }

    @Test func aCloneStaysInItsAccount() {
        let found = found(
            ("  region: eu-west-1\n  account: prod", "  region: eu-west-1\n  account: dev")
        )
        #expect(found == [Found("source-in-other-account", 58, 27)])
    }

    @Test func aCloneStaysInItsPartition() {
        let found = found(
            ("[us-east-1, us-west-2, eu-west-1]", "[us-east-1, eu-west-1, us-gov-west-1]"),
            ("  region: eu-west-1\n  account", "  region: us-gov-west-1\n  account"),
            ("{ eu-west-1a: subnet-2a1b2c3d }", "{ us-gov-west-1a: subnet-2a1b2c3d }"),
            ("hsms: { eu-west-1a: 1 }", "hsms: 1")
        )
        #expect(found == [Found("source-in-other-partition", 58, 27)])
    }

    @Test func aCloneMayLiveWhereNoCopiesOfItsSourceAreManaged() {
        #expect(found((", recoveryPoint: before-rotation", "")) == [])
        #expect(found(("recoveryPoint: before-rotation", "recoveryPoint: end-2026")) == [])
        let elsewhere = found(
            (", recoveryPoint: before-rotation", ", whenRegionLost: useNewestCopy"),
            ("- { region: eu-west-1, maxAge", "- { region: us-west-2, maxAge")
        )
        #expect(elsewhere == [])
    }

    @Test func anAdoptedCloneMayBeOfAnOlderTypeThanItsSourceIsNow() {
        let found = found(
            (
                "hsmType: hsm2m.medium\n  mode: FIPS\n  subnets",
                "clusterId: cluster-2ndsmpk7w5a\n  hsmType: hsm1.medium\n  mode: FIPS\n  subnets"
            )
        )
        #expect(found == [])
    }

    @Test func twoManifestsCannotClaimOneCluster() {
        let named = found(
            ("name: clone", "name: payments"),
            ("  restoreFrom: { cluster: payments, recoveryPoint: before-rotation }\n", "")
        )
        #expect(named == [Found("duplicate-name", 50, 19)])
        let claimed = found(("hsms: { eu-west-1a: 1 }", "clusterId: cluster-2ndsmpk7w5q"))
        #expect(claimed == [Found("duplicate-cluster-id", 57, 14)])
    }

    @Test func aDefaultCanBeTooMuchForACluster() {
        let found = found(
            ("keepAtLeast: 2 } }", "keepAtLeast: 2, maxAge: 89d } }"),
            ("maxAge: 26h\n", "keepAtLeast: 3\n"),
            ("    keepAtLeast: 3\n  copies", "  copies")
        )
        #expect(found == [Found("max-age-beyond-retention", 35, 20)])
    }

    @Test func aTreeHasExactlyOneFleet() throws {
        let fleet = try #require(Sample.text.split(separator: "---\n").first)
        let second = mistakes(in: Sample.text + "---\n" + fleet)
        #expect(second.map(Found.init) == [Found("second-fleet", 60, 1)])
        let none = mistakes(in: String(Sample.text.dropFirst(fleet.count)))
        #expect(none.map(\.rule) == ["no-fleet"])
    }

    @Test func everyMistakeIsReportedAtOnceInOrder() {
        let found = found(
            ("perRun: 5", "perRun: 50"),
            ("hsms: 2\n", "hsms: 50\n"),
            ("mode: FIPS\n  networkType", "mod: FIPS\n  networkType"),
            ("cluster: payments, rec", "cluster: nothing, rec"),
            ("env: prod", "env: &x prod")
        )
        #expect(
            found == [
                Found("budgets-do-not-fit", 15, 26), Found("yaml-anchor", 23, 18),
                Found("unknown-key", 29, 3), Found("out-of-range", 33, 9),
                Found("unknown-cluster", 58, 27),
            ]
        )
    }
}

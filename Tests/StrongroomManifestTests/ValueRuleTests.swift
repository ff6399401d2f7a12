import StrongroomManifest
import StrongroomModel
import Testing

/// One row per rule about single keys and values: what is changed, where the mistake is, its code.
@Suite struct ValueRuleTests {
    @Test func theSampleIsValid() {
        #expect(mistakes(in: Sample.text) == [])
    }

    @Test(arguments: heads + keys + types + numbers + booleans + words + moments + tags)
    func refusesByRuleAndPlace(change: Change) throws {
        let (text, expected) = try #require(change.applied)
        #expect(mistakes(in: text).map(Found.init) == expected)
    }

    static let heads = [
        Change(
            "apiVersion: strongroom/v1\nkind: Fleet",
            "apiVersion: «strongroom/v2\nkind: Fleet",
            "unknown-api-version"
        ),
        Change("apiVersion: strongroom/v1\nkind: Fleet", "«kind: Fleet", "missing-key"),
        Change("kind: Fleet", "kind: «fleet", "unknown-kind"),
        Change("kind: Fleet", "kind: «ConfigMap", "unknown-kind"),
        Change("kind: Fleet", "«kind:", "empty-value"),
        Change("kind: Fleet", "kind: «[Fleet]", "not-a-value"),
    ]

    static let keys = [
        Change("service: simulator", "service: simulator\n  «stat: x", "unknown-key"),
        Change(
            "metadata: { name: clone }",
            "metadata: { name: clone, «namespace: x }",
            "unknown-key"
        ),
        Change("  hsms: 2\n", "  «hsm: 2\n", "unknown-key"),
        Change("maxAge: 26h", "«max_age: 26h", "unknown-key"),
        Change("spec:\n  service: simulator", "«spec:\n", "missing-key"),
        Change("    whenStale: force\n", "    whenStale: force\n    «on: 1\n", "unknown-key"),
        Change("metadata: { name: clone }", "«metadata: { labels: {} }", "missing-key"),
        Change("spec: # of the clone\n  region: eu-west-1\n", "«spec:\n", "missing-key"),
        Change(
            "{ name: before-rotation, backup: backup-ro5c4er4aac",
            "{ name: before-rotation, backup: backup-ro5c4er4aac, «takenBefore: 2027-01-01T00:00:00Z",
            "conflicting-keys"
        ),
        Change(
            "- { name: end-2026, takenBefore: 2026-12-31T00:00:00Z }",
            "- «{ name: end-2026 }",
            "missing-key"
        ),
        Change(
            "takenBefore: 2026-12-31T00:00:00Z }",
            "takenBefore: 2026-12-31T00:00:00Z, «takenAfter: 2026-12-30T00:00:00Z, «newest: true }",
            "conflicting-keys",
            "conflicting-keys"
        ),
        Change(
            "takenBefore: 2026-12-31T00:00:00Z",
            "«newest: «false, backup: «backup-1",
            "conflicting-keys",
            "nominates-nothing",
            "malformed-backup-id"
        ),
        Change(
            "{ name: end-2026, takenBefore: 2026-12-31T00:00:00Z",
            "«{ name: end-2026, «takenafter: 2026-12-31T00:00:00Z",
            "missing-key",
            "unknown-key"
        ),
        Change("{ name: prod, id: \"111122223333\" }", "«{ name: prod }", "missing-key"),
        Change("reason: \"expired keys\"", "reason: x, «includepinned: true", "unknown-key"),
        Change("  ensure: present", "  «finalBackups: keep\n  ensure: present", "unknown-key"),
        Change("  hsms: 2\n", "  hsms: 2\n  «resumefrom: x\n", "unknown-key"),
    ]

    static let booleans = [
        Change("takenBefore: 2026-12-31T00:00:00Z", "newest: «false", "nominates-nothing"),
        Change("takenBefore: 2026-12-31T00:00:00Z", "newest: «yes", "boolean-form"),
        Change("takenBefore: 2026-12-31T00:00:00Z", "newest: «\"true\"", "text-for-boolean"),
        Change("takenBefore: 2026-12-31T00:00:00Z", "«newest:", "empty-value"),
        Change("takenBefore: 2026-12-31T00:00:00Z", "newest: «[true]", "not-a-value"),
        Change("reason: \"expired keys\"", "reason: x, includePinned: «1", "text-for-boolean"),
        Change("reason: \"expired keys\"", "reason: x, includePinned: «TRUE", "boolean-form"),
        Change("reason: \"expired keys\"", "reason: x, includePinned: «off", "boolean-form"),
    ]

    static let types = [
        Change("labels: { env: prod }", "labels: «prod", "not-a-mapping"),
        Change("labels: { env: prod }", "«labels:", "empty-value"),
        Change("labels: { env: prod }", "labels: «~", "empty-value"),
        Change("labels: { env: prod }", "labels: «[env]", "not-a-mapping"),
        Change("[us-east-1, us-west-2, eu-west-1]", "«us-east-1", "not-a-list"),
        Change("[us-east-1, us-west-2, eu-west-1]", "«{ us-east-1: 1 }", "not-a-list"),
        Change("[us-east-1, us-west-2, eu-west-1]", "«[]", "too-few"),
        Change("us-west-2, eu-west-1]", "us-west-2, eu-west-1, «us-west-2]", "listed-twice"),
        Change("mode: FIPS\n  networkType", "mode: «{ a: b }\n  networkType", "not-a-value"),
        Change("region: us-east-1\n", "region: «null\n", "empty-value"),
        Change("{ eu-west-1a: subnet-2a1b2c3d }", "«{}", "too-few"),
        Change("hsms: { eu-west-1a: 1 }", "hsms: «{}", "too-few"),
        Change("hsms: { eu-west-1a: 1 }", "hsms: «[1]", "not-a-value"),
    ]

    static let numbers = [
        Change("hsms: 2\n", "hsms: «29\n", "out-of-range"),
        Change("hsms: 2\n", "hsms: «-1\n", "out-of-range"),
        Change("hsms: 2\n", "hsms: «2.5\n", "out-of-range"),
        Change("hsms: 2\n", "hsms: «99999999999999999999\n", "out-of-range"),
        Change("hsms: 2\n", "hsms: «\"2\"\n", "text-for-number"),
        Change("hsms: 2\n", "hsms: «two\n", "text-for-number"),
        Change("hsms: 2\n", "hsms: «on\n", "text-for-number"),
        Change("hsms: 2\n", "hsms: «0x2\n", "number-form"),
        Change("hsms: 2\n", "hsms: «02\n", "number-form"),
        Change("hsms: 2\n", "hsms: «2.0\n", "number-form"),
        Change("hsms: 2\n", "hsms: «+2\n", "number-form"),
        Change("hsms: 2\n", "hsms: «1e1\n", "number-form"),
        Change("hsms: 2\n", "hsms: «1_0\n", "number-form"),
        Change("hsms: 2\n", "hsms: «12:30\n", "number-form"),
        Change("hsms: { eu-west-1a: 1 }", "hsms: { eu-west-1a: «29 }", "out-of-range"),
        Change("retentionDays: 60", "retentionDays: «6", "out-of-range"),
        Change("retentionDays: 60", "retentionDays: «380", "out-of-range"),
        Change("retentionDays: 30", "retentionDays: «0", "out-of-range"),
        Change("keepAtLeast: 3", "keepAtLeast: «0", "out-of-range"),
        Change("perRun: 5", "perRun: «-5", "out-of-range"),
        Change("ratio: 0.34", "ratio: «1.01", "out-of-range"),
        Change("ratio: 0.34", "ratio: «-0.1", "out-of-range"),
        Change("ratio: 0.34", "ratio: «.34", "number-form"),
        Change("ratio: 0.34", "ratio: «34%", "text-for-number"),
        Change("clusters: 4", "clusters: «four", "text-for-number"),
    ]

    static let words = [
        Change("id: \"111122223333\"", "id: «111122223333", "number-for-text"),
        Change("id: \"111122223333\"", "id: «\"11112222333\"", "malformed-account-id"),
        Change("name: dev", "name: «no", "boolean-for-word"),
        Change("name: dev", "name: «Dev", "malformed-name"),
        Change("name: dev", "name: «42", "number-for-text"),
        Change("name: dev", "name: «\"\"", "malformed-name"),
        Change("whenStale: force", "whenStale: «yes", "boolean-for-word"),
        Change("whenStale: force", "whenStale: «fource", "not-one-of"),
        Change("mode: FIPS\n  networkType", "mode: «fips\n  networkType", "not-one-of"),
        Change("networkType: IPV4", "networkType: «IPV6", "not-one-of"),
        Change("service: simulator", "service: «moto", "not-one-of"),
        Change("ensure: present", "ensure: «false", "boolean-for-word"),
        Change("ensure: present", "ensure: «deleted", "not-one-of"),
        Change(
            "recoveryPoint: before-rotation",
            "whenRegionLost: «use-newest-copies",
            "not-one-of"
        ),
        Change("recoveryPoint: before-rotation", "whenRegionLost: «no", "boolean-for-word"),
        Change(
            "ensure: present",
            "ensure: absent\n  reason: x\n  finalBackup: «pin",
            "not-one-of"
        ),
        Change("hsms: 2\n", "hsms: 2\n  resumeFrom: «backup-1\n", "malformed-backup-id"),
        Change("clusterId: cluster-2ndsmpk7w5q", "clusterId: «cluster-1", "malformed-cluster-id"),
        Change(
            "clusterId: cluster-2ndsmpk7w5q",
            "clusterId: «backup-2ndsmpk7w5q",
            "malformed-cluster-id"
        ),
        Change(
            "backup: backup-ro5c4er4aac",
            "backup: «\"backup-ro5c4er4aa\"",
            "malformed-backup-id"
        ),
        Change("subnet-0a1b2c3d", "«subnet-xyz", "malformed-subnet-id"),
        Change("{ us-east-1a: subnet-0a", "{ «us-east-1: subnet-0a", "malformed-zone"),
        Change("[us-east-1, us-west-2", "[«us-east, us-east-1, us-west-2", "malformed-region"),
        Change("[us-east-1, us-west-2", "[«cn-north-1, us-east-1, us-west-2", "malformed-region"),
        Change(
            "[us-east-1, us-west-2",
            "[«eusc-de-east-1, us-east-1, us-west-2",
            "malformed-region"
        ),
        Change(
            "hsmType: hsm2m.medium\n  mode: FIPS\n  networkType",
            "hsmType: «m5.large\n  mode: FIPS\n  networkType",
            "malformed-hsm-type"
        ),
        Change(
            "roleArn: arn:aws:iam::444455556666:role/strongroom",
            "roleArn: «arn:aws-cn:iam::444455556666:role/strongroom",
            "malformed-role-arn"
        ),
        Change(
            "roleArn: arn:aws:iam::444455556666:role/strongroom",
            "roleArn: «arn:aws:iam::444455556666:user/x",
            "malformed-role-arn"
        ),
        Change(
            "roleArn: arn:aws:iam::444455556666:role/strongroom",
            "roleArn: arn:aws:iam::444455556666:role/strongroom\n      externalId: «\"a b\"",
            "malformed-external-id"
        ),
        Change("env: prod", "env: «\"a b\"", "malformed-label"),
        Change("env: prod", "«-env: prod", "malformed-label"),
        Change("env: prod", "env: «1", "number-for-text"),
        Change("env: prod", "«1: prod", "number-for-text"),
        Change("reason: \"year end\"", "reason: «\" \"", "malformed-reason"),
        Change("reason: \"year end\"", "reason: «\"a\\x1Bb\"", "malformed-reason"),
        Change("state: ./state", "state: «\"\"", "malformed-path"),
        Change("certificate: certs/payments.crt", "certificate: «/etc/passwd", "malformed-path"),
    ]

    static let moments = [
        Change("maxAge: 26h", "maxAge: «26", "malformed-duration"),
        Change("maxAge: 26h", "maxAge: «1d2h", "malformed-duration"),
        Change("maxAge: 26h", "maxAge: «0h", "malformed-duration"),
        Change("maxAge: 26h", "maxAge: «PT26H", "malformed-duration"),
        Change(
            "until: 2027-01-04T00:00:00Z",
            "until: «2027-01-04T00:00:00",
            "timestamp-without-zone"
        ),
        Change("until: 2027-01-04T00:00:00Z", "until: «2027-01-04", "timestamp-without-zone"),
        Change("until: 2027-01-04T00:00:00Z", "until: «2027-02-30T00:00:00Z", "no-such-moment"),
        Change("until: 2027-01-04T00:00:00Z", "until: «2027-01-04T24:00:00Z", "no-such-moment"),
        Change(
            "until: 2027-01-04T00:00:00Z",
            "until: «2027-01-04 00:00:00Z",
            "malformed-timestamp"
        ),
        Change("until: 2027-01-04T00:00:00Z", "until: «tomorrow", "malformed-timestamp"),
        Change("until: 2027-01-04T00:00:00Z", "until: «1798934400", "malformed-timestamp"),
        Change(
            "takenBefore: 2026-12-31T00:00:00Z",
            "takenBefore: «2026-12-31T00:00Z",
            "malformed-timestamp"
        ),
    ]

    static let tags = [
        Change("cost-center: \"12345\"", "cost-center: «12345", "number-for-text"),
        Change("cost-center: \"12345\"", "cost-center: «no", "boolean-for-word"),
        Change("cost-center: \"12345\"", "«aws:x: \"1\"", "tag-prefix"),
        Change("cost-center: \"12345\"", "«AWS:x: \"1\"", "tag-prefix"),
        Change("cost-center: \"12345\"", "«strongroom:x: \"1\"", "tag-prefix"),
        Change("cost-center: \"12345\"", "«\"\": \"1\"", "tag-length"),
        Change("cost-center: \"12345\"", "k: «\"a;b\"", "tag-character"),
        Change("cost-center: \"12345\"", "k: «\(String(repeating: "x", count: 257))", "tag-length"),
        Change(
            "{ cost-center: \"12345\" }",
            "«{ \((0...50).map { "k\($0): v" }.joined(separator: ", ")) }",
            "too-many"
        ),
    ]
}

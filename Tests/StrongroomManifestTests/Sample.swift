import StrongroomManifest
import StrongroomModel
import Testing

/// A small valid fleet with two clusters that tests change at one place.
enum Sample {
    static let text = """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec:
          service: simulator
          state: ./state
          accounts:
            - { name: prod, id: "111122223333" }
            - name: dev
              id: "444455556666"
              roleArn: arn:aws:iam::444455556666:role/strongroom
          regions: [us-east-1, us-west-2, eu-west-1]
          defaults: { backups: { retentionDays: 90, keepAtLeast: 2 } }
          safety:
            deletions: { perRun: 5, perDay: 20, ratio: 0.34 }
            freeze: { reason: "year end", until: 2027-01-04T00:00:00Z }
          quotas: { clusters: 4, hsms: 6 }
        ---
        apiVersion: strongroom/v1
        kind: Cluster
        metadata:
          name: payments
          labels: { env: prod }
        spec:
          region: us-east-1
          account: prod
          clusterId: cluster-2ndsmpk7w5q
          hsmType: hsm2m.medium
          mode: FIPS
          networkType: IPV4
          subnets: { us-east-1a: subnet-0a1b2c3d, us-east-1b: subnet-1a2b3c4d }
          tags: { cost-center: "12345" }
          hsms: 2
          backups:
            retentionDays: 60
            maxAge: 26h
            whenStale: force
            keepAtLeast: 3
          copies:
            - { region: eu-west-1, maxAge: 48h, retentionDays: 30, keepAtLeast: 2 }
          recoveryPoints:
            - { name: before-rotation, backup: backup-ro5c4er4aac, regions: [eu-west-1] }
            - { name: end-2026, takenBefore: 2026-12-31T00:00:00Z }
          purge: { materialRemovedAt: 2026-11-20T09:00:00Z, reason: "expired keys" }
          initialization: { certificate: certs/payments.crt, trustAnchor: certs/root.crt }
          ensure: present
        ---
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: clone }
        spec: # of the clone
          region: eu-west-1
          account: prod
          hsmType: hsm2m.medium
          mode: FIPS
          subnets: { eu-west-1a: subnet-2a1b2c3d }
          hsms: { eu-west-1a: 1 }
          restoreFrom: { cluster: payments, recoveryPoint: before-rotation }

        """

    /// Marks, in a change, the place where a mistake is expected.
    static let mark: Character = "«"
}

/// One change of the sample, and the mistakes it is to cause at the marked places.
struct Change: CustomTestStringConvertible, Sendable {
    let old: String
    let new: String
    let rules: [String]

    /// Replaces a text that occurs once by another, with a mark before each expected mistake.
    init(_ old: String, _ new: String, _ rules: String...) {
        self.old = old
        self.new = new
        self.rules = rules
    }

    var testDescription: String { "\(old) → \(new)" }

    /// The changed sample and the expected mistakes; nil if the old text does not occur once.
    var applied: (text: String, expected: [Found])? {
        let parts = Sample.text.split(separator: old, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let marked = parts[0] + new + parts[1]
        var text = ""
        var places: [(line: Int, column: Int)] = []
        var (line, column) = (1, 1)
        for character in marked {
            if character == Sample.mark {
                places.append((line, column))
                continue
            }
            text.append(character)
            (line, column) = character == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        guard places.count == rules.count else { return nil }
        return (text, zip(rules, places).map { Found($0, $1.line, $1.column) })
    }
}

/// The mistakes of a text that is read from standard input.
func mistakes(in text: String) -> [Diagnostic] {
    do {
        _ = try ManifestReader().read(["-"], standardInput: Array(text.utf8))
        return []
    } catch {
        return error.diagnostics
    }
}

import CloudHSM
import StrongroomModel

/// Values for tests, written as text.
enum Sample {
    static let now = moment("2026-11-23T21:00:00Z")
    static let virginia = region("us-east-1")
    static let ireland = region("eu-west-1")
    static let frankfurt = region("eu-central-1")
    static let prod = Place(account: account("111122223333"), region: virginia)

    static func moment(_ text: String) -> Timestamp { read(text) }
    static func region(_ text: String) -> Region { read(text) }
    static func zone(_ text: String) -> AvailabilityZone { read(text) }
    static func account(_ text: String) -> AccountID { read(text) }
    static func cluster(_ suffix: String) -> ClusterID { read("cluster-\(suffix)") }
    static func hsm(_ suffix: String) -> HSMID { read("hsm-\(suffix)") }
    static func backup(_ suffix: String) -> BackupID { read("backup-\(suffix)") }
    static func subnet(_ suffix: String) -> SubnetID { read("subnet-\(suffix)") }

    static func days(_ count: Int) -> RetentionPeriod {
        guard let period = RetentionPeriod(days: count) else {
            preconditionFailure("\(count) days cannot be asked for")
        }
        return period
    }

    static func place(_ line: Int, _ column: Int = 5, in file: String = "fleet/payments.yaml")
        -> SourceLocation
    {
        SourceLocation(file: file, line: line, column: column)
    }

    /// A step without conditions.
    static func step(
        _ number: Int,
        _ action: Action,
        _ reason: Reason = Reason(rule: "sample", "because", at: nil),
        before: [Fact] = [],
        after: [Int] = [],
        post: Fact = .clusterExists
    ) -> Step {
        Step(
            id: StepID(number),
            action: action,
            reason: reason,
            preconditions: before,
            postcondition: post,
            after: after.map { StepID($0) }
        )
    }

    /// A plan of one managed group.
    static func plan(_ steps: [Step], notes: [Note] = [], unchanged: Int = 0) -> Plan {
        let subject = PlanSubject(name: "payments", home: prod, cluster: cluster("2ndsmpk7w52"))
        let group = GroupPlan(
            subject: subject,
            standing: .managed,
            steps: steps,
            notes: notes,
            unchangedCount: unchanged
        )
        return Plan(fleet: "acme", now: now, groups: [group])
    }

    private static func read<Value: LosslessStringConvertible>(_ text: String) -> Value {
        guard let value = Value(text) else { preconditionFailure("\(text) is no \(Value.self)") }
        return value
    }
}

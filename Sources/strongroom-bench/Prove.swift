import ArgumentParser
import CloudHSM
import Foundation
import StrongroomModel
import StrongroomProof

/// Times the proof of one large plan, beside merely hashing the same plan.
struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove a plan of ten steps for each of many clusters, and time it."
    )

    @Option(help: "How many clusters.")
    var groups = 10_000

    @Option(help: "How often; the least time is printed.")
    var runs = 3

    func run() async throws {
        let cases = (0..<groups).map(ProofCase.init)
        let prover = Prover(
            fleet: ProofCase.fleet(of: cases.map(\.desired)),
            context: PlanContext(now: ProofCase.now)
        )
        var proving = Duration.seconds(1_000_000)
        var hashing = proving
        var steps = 0
        let clock = ContinuousClock()
        for _ in 0..<max(runs, 1) {
            let start = clock.now
            let proof = await prove(cases, by: prover)
            proving = min(proving, clock.now - start)
            steps = proof.holds ? proof.stepCount : 0
            let hash = clock.measure {
                var hasher = Hasher()
                for one in cases { one.plan.hash(into: &hasher) }
                steps += hasher.finalize() == 0 ? 1 : 0
            }
            hashing = min(hashing, hash)
        }
        print("\(steps) steps over \(groups) clusters: proved in \(proving), hashed in \(hashing)")
    }
}

extension Prove {
    /// Reads the plans on all cores, as `strongroom plan` does.
    private func prove(_ cases: [ProofCase], by prover: Prover) async -> Proof {
        let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        let length = max((cases.count + cores - 1) / cores, 1)
        return await withTaskGroup(of: [GroupProof].self) { group in
            for start in stride(from: 0, to: cases.count, by: length) {
                let part = cases[start..<min(start + length, cases.count)]
                group.addTask { part.map { prover.check($0.plan, of: $0.group) } }
            }
            var proofs: [GroupProof] = []
            for await part in group { proofs += part }
            return prover.conclude(proofs)
        }
    }
}

/// One cluster with copies that are too old, and a plan that makes one and deletes nine.
private struct ProofCase: Sendable {
    let desired: DesiredCluster
    let group: ProtectionGroup
    let plan: GroupPlan

    static let now = Timestamp(milliseconds: 1_795_435_200_000)

    private static let home = Place(account: .simulated, region: region("us-east-1"))
    private static let away = region("eu-west-1")

    private static func region(_ name: String) -> Region {
        guard let region = Region(name) else { preconditionFailure("\(name) is a Region") }
        return region
    }

    private static func at<Value>(_ value: Value) -> Located<Value> {
        Located(value, at: SourceLocation(file: "fleet.yaml", line: 1, column: 1))
    }

    static func fleet(of clusters: [DesiredCluster]) -> DesiredFleet {
        DesiredFleet(
            name: at("bench"),
            service: .simulator,
            stateDirectory: "state",
            accounts: [.standard],
            regions: [home.region, away],
            safety: Safety(deletionsPerRun: .max, deletionsPerDay: .max, deletionRatio: 1),
            clusters: clusters
        )
    }

    init(_ number: Int) {
        let name = "cluster-\(number)"
        var desired = DesiredCluster(
            name: Self.at(name),
            region: Self.at(Self.home.region),
            account: .standard
        )
        var copies = DesiredCopies(region: Self.at(Self.away))
        copies.retentionDays = Self.at(30)
        copies.keepAtLeast = Self.at(2)
        desired.copies = [copies]
        self.desired = desired
        group = Self.group(number, name)
        plan = Self.plan(for: group, name)
    }

    private static func group(_ number: Int, _ name: String) -> ProtectionGroup {
        var cluster = Cluster(
            id: ClusterID(bits: UInt64(number) + 1),
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: [:],
            retention: .days(90)
        )
        cluster.tags = [OwnershipTag.cluster: name, OwnershipTag.fleet: "bench"]
        let first = UInt64(number) * 100 + 1
        let own = Backup(
            id: BackupID(bits: first),
            region: home.region,
            createdAt: now - .days(1),
            state: .ready
        )
        // Nine too old, and two that stay.
        let ages = (0..<9).map { 40 + $0 } + [5, 6]
        let copies = ages.enumerated().map { index, age in
            Backup(
                id: BackupID(bits: first + UInt64(index) + 10),
                region: away,
                createdAt: now - .days(age),
                state: .ready,
                origin: CopyOrigin(
                    backup: BackupID(bits: first + UInt64(index) + 50),
                    region: home.region,
                    copiedAt: now - .days(age) + .hours(1)
                )
            )
        }
        return ProtectionGroup(
            id: GroupID(home: home, cluster: cluster.id),
            cluster: cluster,
            backups: [own] + copies
        )
    }

    private static func plan(for group: ProtectionGroup, _ name: String) -> GroupPlan {
        let source = BackupReference.known(group.backups[0].id)
        let reason = Reason(rule: "bench", "to be proved", at: nil)
        let copy = Step(
            id: StepID(1),
            action: .copyBackup(source, to: away),
            reason: reason,
            preconditions: [.backupReady(source), .notCopied(source, to: away)],
            postcondition: .copyReady(of: source, in: away),
            after: []
        )
        let deletions = group.backups[1...9].enumerated().map { index, old in
            Step(
                id: StepID(index + 2),
                action: .deleteBackup(old.id, in: away, createdAt: old.createdAt),
                reason: reason,
                preconditions: [
                    .backupReady(.known(old.id)),
                    .readyBackupsApart(from: old.id, in: away, atLeast: 2),
                    .readyContent(in: away, since: old.createdAt, atLeast: 2),
                ],
                postcondition: .backupGone(old.id),
                after: [StepID(1)]
            )
        }
        return GroupPlan(
            subject: PlanSubject(name: name, home: group.id.home, cluster: group.id.cluster),
            standing: .managed,
            steps: [copy] + deletions,
            notes: [],
            unchangedCount: 0
        )
    }
}

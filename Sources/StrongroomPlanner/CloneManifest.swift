internal import CloudHSM
internal import StrongroomModel

/// The manifest of a clone that would have what its source cannot get, ready to be pasted.
///
/// What is fixed at creation is only had by a new cluster made from a backup (`KMS:create-keystore`).
struct CloneManifest {
    let desired: DesiredCluster
    let cluster: Cluster

    /// The backup to name; absent means the newest.
    var recoveryPoint: String?

    /// The cluster to name as the source.
    var source: String

    init(of desired: DesiredCluster, on cluster: Cluster) {
        self.desired = desired
        self.cluster = cluster
        let origin = cluster.sourceBackup == nil ? desired.restoreFrom?.value : nil
        source = origin?.cluster ?? desired.name.value
        recoveryPoint = origin?.recoveryPoint
    }

    var text: String {
        let type = cluster.hsmType == .hsm1Medium ? HSMType.hsm2mMedium : cluster.hsmType
        let count = desired.hsms?.value.count ?? cluster.presentHSMs.count
        let days = desired.backups.retention?.value.days ?? RetentionPeriod.serviceDefault.days
        let point = recoveryPoint.map { ", recoveryPoint: \($0)" } ?? ""
        var lines = [
            "apiVersion: strongroom/v1",
            "kind: Cluster",
            "metadata: { name: \(desired.name.value)-2 }",
            "spec:",
            "  region: \(desired.region.value)",
        ]
        if desired.account != .standard { lines.append("  account: \(desired.account.name)") }
        lines += [
            "  hsmType: \(type)",
            "  mode: \((cluster.mode ?? .fips).rawValue)",
        ]
        if let network = desired.networkType?.value ?? cluster.networkType {
            lines.append("  networkType: \(network.rawValue)")
        }
        lines += [
            "  subnets: { \(subnets) }",
            "  hsms: \(max(count, 1))",
            "  backups: { retentionDays: \(days) }",
            "  restoreFrom: { cluster: \(source)\(point) }",
        ]
        return lines.joined(separator: "\n")
    }

    private var subnets: String {
        let wanted = desired.subnets?.value ?? cluster.subnets
        return wanted.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            .joined(separator: ", ")
    }
}

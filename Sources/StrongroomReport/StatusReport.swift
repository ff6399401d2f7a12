public import CloudHSM
internal import StrongroomModel

/// How a fleet stands: every cluster with its HSMs, backups, freshness and what is pending.
///
/// It is its own JSON document; `schemas/status.md` says what each field means.
public struct StatusReport: Hashable, Sendable, Codable {
    /// The format this version writes.
    public static let format = "strongroom-status/1"

    /// Always ``StatusReport/format`` of the version that wrote it.
    public let format: String

    /// The fleet's name.
    public let fleet: String

    /// The moment reported on, by the service's clock.
    public let now: Timestamp

    /// The clusters, ordered by name, then by id.
    public let clusters: [ClusterStatus]

    /// The calls whose end nobody knows yet, in the order they were begun; absent where none is.
    public let inDoubt: [DoubtStatus]?

    /// The fleet's counts.
    public let summary: FleetSummary

    /// Joins the clusters' reports.
    ///
    /// - Parameters:
    ///   - fleet: The fleet's name.
    ///   - now: The moment reported on.
    ///   - clusters: The clusters' reports, in any order.
    ///   - inDoubt: The calls whose end nobody knows yet, in the order they were begun.
    public init(
        fleet: String,
        now: Timestamp,
        clusters: [ClusterStatus],
        inDoubt: [DoubtStatus] = []
    ) {
        format = Self.format
        self.fleet = fleet
        self.now = now
        self.clusters = clusters.sorted { $0.subject < $1.subject }
        self.inDoubt = inDoubt.isEmpty ? nil : inDoubt
        summary = FleetSummary(clusters)
    }

    /// The document as a file holds it.
    ///
    /// - Returns: UTF-8 text, ended by a line break.
    public func json() -> [UInt8] { CanonicalJSON.pretty(self) }
}

/// The counts of a fleet.
public struct FleetSummary: Hashable, Sendable, Codable {
    /// Clusters that exist.
    public let clusters: Int

    /// HSMs that bill.
    public let presentHSMs: Int

    /// HSMs in service.
    public let healthyHSMs: Int

    /// Clusters whose newest backup or copy is older than asked somewhere.
    public let stale: Int

    /// Backups that are pending deletion.
    public let pendingDeletion: Int

    /// Steps that are to be done.
    public let planned: Int

    /// Lines that wait.
    public let waiting: Int

    /// Lines that are held.
    public let held: Int

    /// Clusters of which something could not be read, or all.
    public let unread: Int

    init(_ clusters: [ClusterStatus]) {
        self.clusters = clusters.count { $0.state != nil && $0.state != ClusterState.deleted }
        presentHSMs = clusters.reduce(0) { $0 + $1.hsms.present }
        healthyHSMs = clusters.reduce(0) { $0 + $1.hsms.healthy }
        stale = clusters.count(where: \.isStale)
        pendingDeletion = clusters.reduce(0) { sum, cluster in
            cluster.regions.reduce(sum) { $0 + $1.pendingDeletion }
        }
        planned = clusters.reduce(0) { $0 + $1.planned }
        waiting = clusters.reduce(0) { $0 + $1.waiting.count }
        unread = clusters.count(where: \.isReadInPart)
        held = clusters.reduce(0) { $0 + $1.held.count }
    }
}

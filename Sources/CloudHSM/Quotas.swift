/// How many clusters and HSMs an account may have in a Region.
///
/// Source: `UG:limits`, `GR`; both are adjustable, the limits per cluster are not.
public struct Quotas: Hashable, Sendable, Codable {
    /// HSMs of one cluster, fixed.
    public static let hsmsPerCluster = 28

    /// HSMs of one cluster that is to change its type (`UG+:limits`).
    public static let hsmsDuringTypeChange = 27

    /// What an account has when nothing was asked for.
    public static let serviceDefault = Quotas(clusters: 4, hsms: 6)

    /// Clusters per account and Region.
    public let clusters: Int

    /// HSMs per account and Region.
    public let hsms: Int

    /// Sets quotas.
    ///
    /// - Parameters:
    ///   - clusters: Clusters per account and Region, 0 or more.
    ///   - hsms: HSMs per account and Region, 0 or more.
    public init(clusters: Int, hsms: Int) {
        self.clusters = clusters
        self.hsms = hsms
    }
}

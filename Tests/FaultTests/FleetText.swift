import Foundation

/// The manifests of a tree, as a person writes them.
struct FleetText {
    let folder: Folder

    /// Writes the fleet's own manifest.
    func write() throws {
        try folder.write(
            """
            apiVersion: strongroom/v1
            kind: Fleet
            metadata: { name: acme }
            spec:
              service: simulator
              state: ./state
              regions: [us-east-1, eu-west-1]
              safety: { deletions: { perRun: 10, perDay: 20, ratio: 0.5 } }

            """,
            to: "tree/fleet.yaml"
        )
    }

    /// Writes a cluster's manifest.
    func write(_ cluster: ClusterText) throws {
        try folder.write(cluster.text, to: "tree/\(cluster.name).yaml")
    }
}

/// A cluster as it is asked for.
struct ClusterText {
    let name: String
    let region: String
    let hsms: Int
    let retention: Int
    let copies: String?
    let costCenter: Int
    let isAbsent: Bool

    init(
        _ name: String,
        region: String = "us-east-1",
        hsms: Int = 1,
        retention: Int = 90,
        copies: String? = nil,
        costCenter: Int = 1,
        isAbsent: Bool = false
    ) {
        self.name = name
        self.region = region
        self.hsms = hsms
        self.retention = retention
        self.copies = copies
        self.costCenter = costCenter
        self.isAbsent = isAbsent
    }

    /// Its manifest.
    var text: String {
        """
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: \(name) }
        spec:
          region: \(region)
          hsmType: hsm2m.medium
          mode: FIPS
          networkType: IPV4
          subnets: { \(region)a: subnet-0a1b2c3d, \(region)b: subnet-1a2b3c4d }
          tags: { cost-center: "\(costCenter)" }
        \(isAbsent ? absence : wishes)

        """
    }

    private var absence: String { "  ensure: absent\n  reason: moved away" }

    private var wishes: String {
        """
          hsms: \(hsms)
          backups: { retentionDays: \(retention) }
          copies: \(copies.map { "[{ region: \($0) }]" } ?? "[]")
          initialization: { certificate: certs/\(name).crt, trustAnchor: certs/\(name)-root.crt }
        """
    }
}

import CloudHSM
import Foundation

/// Writes the manifests of a seeded fleet: one file for the fleet, one for each cluster.
struct SeededManifests {
    let fleet: SeededFleet

    /// Whether every hundredth manifest asks for something else than there is.
    let isChanged: Bool

    /// Writes the tree; the state directory belongs beside the fleet's file.
    ///
    /// - Parameter root: The directory, made if it is not there.
    /// - Throws: What the file system says.
    func write(to root: URL) throws {
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try write(fleetText, to: root.appendingPathComponent("fleet.yaml"))
        var lastAccount: SeededAccount?
        for number in 0..<fleet.groups {
            let cluster = fleet.cluster(number)
            let directory = root.appendingPathComponent("clusters/\(cluster.account.name)")
            if lastAccount != cluster.account {
                try FileManager.default.createDirectory(
                    at: directory,
                    withIntermediateDirectories: true
                )
                lastAccount = cluster.account
            }
            let file = directory.appendingPathComponent("\(cluster.name).yaml")
            try write(text(of: cluster), to: file)
        }
    }

    private func write(_ text: String, to file: URL) throws {
        try Data(text.utf8).write(to: file)
    }

    private var fleetText: String {
        let accounts = fleet.accounts.map { "    - { name: \($0.name), id: \"\($0.id)\" }" }
        let regions = fleet.regions.map(\.description).joined(separator: ", ")
        return """
            apiVersion: strongroom/v1
            kind: Fleet
            metadata: { name: \(SeededFleet.name) }
            spec:
              service: simulator
              state: ./state
              accounts:
            \(accounts.joined(separator: "\n"))
              regions: [\(regions)]
              quotas: { clusters: \(SeededFleet.quotas.clusters), hsms: \(SeededFleet.quotas.hsms) }

            """
    }

    /// A manifest of 25 lines.
    private func text(of cluster: SeededCluster) -> String {
        let change = isChanged ? cluster.change : nil
        let days = SeededFleet.retentionDays + (change == .longerRetention ? 30 : 0)
        let subnets = cluster.subnets.map { "    \($0.zone): \($0.subnet)" }
        let tags = cluster.tags.map { "    \($0.key): \"\($0.value)\"" }
        return """
            apiVersion: strongroom/v1
            kind: Cluster
            metadata:
              name: \(cluster.name)
              labels: { env: prod, team: \(cluster.team) }
            spec:
              region: \(cluster.region)
              account: \(cluster.account.name)
              hsmType: hsm2m.medium
              mode: FIPS
              networkType: IPV4
              subnets:
            \(subnets.joined(separator: "\n"))
              tags:
            \(tags.joined(separator: "\n"))
              hsms: \(change == .anotherHSM ? 3 : 2)
              backups:
                retentionDays: \(days)
                maxAge: 26h
                whenStale: force
                keepAtLeast: 2
              copies:
                - { region: \(cluster.copyRegion), maxAge: 48h, retentionDays: 30, keepAtLeast: 2 }

            """
    }
}

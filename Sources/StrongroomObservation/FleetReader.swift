internal import CloudHSM
internal import StrongroomModel

/// Reads everything that a fleet's accounts have in its Regions.
struct FleetReader: Sendable {
    let pages: PageReader
    let accounts: [AccountID]
    let regions: [Region]

    /// Every account in every Region, in order.
    var places: [Place] {
        Set(accounts).flatMap { account in
            Set(regions).map { Place(account: account, region: $0) }
        }.sorted()
    }

    private enum Part: Sendable {
        case clusters(Listing<Cluster>)
        case backups(Listing<ListedBackup>)
    }

    private enum Question: Sendable {
        case clusters(Place)
        case backups(Place)
    }

    /// Reads all places.
    ///
    /// - Returns: One reading for each, in order.
    /// - Throws: `CancellationError` only.
    func read() async throws -> [PlaceReading] {
        let questions = places.flatMap { [Question.clusters($0), .backups($0)] }
        let parts = try await sideBySide(questions, width: pages.limits.readsAtOnce) { question in
            switch question {
            case .clusters(let place): Part.clusters(try await pages.clusters(at: place))
            case .backups(let place): Part.backups(try await pages.backups(at: place))
            }
        }
        var readings = places.map { PlaceReading(place: $0) }
        for (index, part) in parts.enumerated() {
            switch part {
            case .clusters(let listing): readings[index / 2].clusters = listing
            case .backups(let listing): readings[index / 2].backups = listing
            }
        }
        return readings
    }

    /// Asks by id for clusters that no page listed.
    ///
    /// - Parameter missing: The clusters.
    /// - Returns: Those that exist all the same, or of which it cannot be told, and what that says
    ///   of their place.
    /// - Throws: `CancellationError` only.
    func hidden(among missing: [GroupID]) async throws -> [GroupID: String] {
        let found = try await sideBySide(missing, width: pages.limits.readsAtOnce) { id in
            let listing = try await pages.clusters(at: id.home, only: id.cluster)
            if let fault = listing.fault { return "\(id.cluster) is not listed; \(fault)" }
            let isThere = listing.items.contains { $0.item.id == id.cluster && $0.item.exists }
            return isThere
                ? "\(id.cluster) is on no page of DescribeClusters, and is there when asked for"
                : ""
        }
        return Dictionary(uniqueKeysWithValues: zip(missing, found)).filter { !$0.value.isEmpty }
    }
}

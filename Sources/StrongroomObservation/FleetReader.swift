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
        case clusters(PlaceVisit)
        case backups(PlaceVisit)
    }

    /// Begins one reading of all places.
    ///
    /// - Returns: A visit to each.
    func visits() -> [Place: PlaceVisit] { pages.visits(to: places) }

    /// Reads all places.
    ///
    /// - Parameter visits: The reading that it belongs to.
    /// - Returns: One reading for each, in order.
    /// - Throws: `CancellationError` only.
    func read(_ visits: [Place: PlaceVisit]) async throws -> [PlaceReading] {
        let visits = visits.values.sorted { $0.place < $1.place }
        let questions = visits.flatMap { [Question.clusters($0), .backups($0)] }
        let parts = try await sideBySide(questions, width: pages.limits.readsAtOnce) { question in
            switch question {
            case .clusters(let visit): Part.clusters(try await pages.clusters(on: visit))
            case .backups(let visit): Part.backups(try await pages.backups(on: visit))
            }
        }
        var readings = visits.map { PlaceReading(place: $0.place) }
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
    /// - Parameters:
    ///   - missing: The clusters.
    ///   - visits: The reading that it belongs to.
    /// - Returns: Those that exist all the same, or of which it cannot be told, and what that says
    ///   of their place.
    /// - Throws: `CancellationError` only.
    func hidden(
        among missing: [GroupID],
        _ visits: [Place: PlaceVisit]
    ) async throws -> [GroupID: UnreadReason] {
        let found = try await sideBySide(missing, width: pages.limits.readsAtOnce) { id in
            guard let visit = visits[id.home] else { return UnreadReason?.none }
            let page = "\(PageName.Operation.describeClusters.rawValue) without \(id.cluster)"
            let listing = try await pages.clusters(on: visit, only: id.cluster)
            if let fault = listing.fault { return fault.unreadReason.on(page: page) }
            guard listing.items.contains(where: { $0.item.id == id.cluster && $0.item.exists })
            else { return nil }
            let cause = "a cluster is on no page, and is there when asked for by its id"
            return UnreadReason(cause, onPage: page)
        }
        return Dictionary(uniqueKeysWithValues: zip(missing, found)).compactMapValues(\.self)
    }
}

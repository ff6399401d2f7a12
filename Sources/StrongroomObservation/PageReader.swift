internal import CloudHSM
internal import StrongroomModel

/// What a listing gave, and why it is not whole if it is not.
struct Listing<Item: Sendable>: Sendable {
    /// What the pages that were read hold, in order.
    var items: [Listed<Item>] = []

    /// Why there may be more; `nil` if every page was read.
    var fault: PageFault?

    /// How many pages were read, or tried.
    var pageCount: Int { max(fault?.page.number ?? items.last?.page.number ?? 1, 1) }
}

/// Reads all pages of a listing.
struct PageReader: Sendable {
    let transport: RetryingReadTransport
    let limits: PageLimits
    let uptime: @Sendable () -> Duration
    let health: PlaceHealth

    init(
        transport: @escaping RetryingReadTransport,
        limits: PageLimits,
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.transport = transport
        self.limits = limits
        self.uptime = uptime
        health = PlaceHealth(limits, uptime: uptime)
    }

    /// Begins one reading of places.
    ///
    /// - Parameter places: The places.
    /// - Returns: A visit to each, all its time before it.
    func visits(to places: [Place]) -> [Place: PlaceVisit] {
        Dictionary(
            uniqueKeysWithValues: Set(places).map { place in
                (place, PlaceVisit(place: place, time: PlaceTime(limits.time, uptime: uptime)))
            }
        )
    }

    /// The clusters of a place.
    ///
    /// - Parameters:
    ///   - visit: The place.
    ///   - cluster: The only one to list; `nil` for all.
    /// - Returns: The clusters.
    /// - Throws: `CancellationError` only.
    func clusters(
        on visit: PlaceVisit,
        only cluster: ClusterID? = nil
    ) async throws -> Listing<Cluster> {
        let filters = cluster.map { [DescribeClusters.Filter.clusterIds: [$0.description]] } ?? [:]
        return try await listing(.describeClusters, on: visit) { token in
            .describeClusters(
                DescribeClusters(
                    filters: filters,
                    maxResults: DescribeClusters.largestPage,
                    nextToken: token
                )
            )
        } page: { answer, _ in
            guard case .clusters(let clusters, let token) = answer else {
                throw PageFault.Kind.wrongAnswer
            }
            return (clusters, token)
        }
    }

    /// The backups of a place.
    ///
    /// - Parameters:
    ///   - visit: The place.
    ///   - filters: Which; none for all.
    /// - Returns: The backups.
    /// - Throws: `CancellationError` only.
    func backups(
        on visit: PlaceVisit,
        _ filters: [DescribeBackups.Filter: [String]] = [:]
    ) async throws -> Listing<ListedBackup> {
        try await listing(.describeBackups, on: visit) { token in
            .describeBackups(
                DescribeBackups(
                    filters: filters,
                    maxResults: DescribeBackups.largestPage,
                    nextToken: token
                )
            )
        } page: { answer, place in
            guard case .backups(let backups, let token) = answer else {
                throw PageFault.Kind.wrongAnswer
            }
            if let other = backups.first(where: { $0.backup.region != place.region }) {
                throw PageFault.Kind.foreign("\(other.backup.id) of \(other.backup.region)")
            }
            return (backups, token)
        }
    }

    private typealias Page<Item> = (items: [Item], token: String?)

    /// Reads pages until one has no token, from the first again if a token is no longer taken.
    private func listing<Item>(
        _ operation: PageName.Operation,
        on visit: PlaceVisit,
        call: (_ token: String?) -> Call,
        page read: (Answer, Place) throws -> Page<Item>
    ) async throws -> Listing<Item> {
        var restartsLeft = limits.restarts
        var listing = Listing<Item>()
        var used: Set<String> = []
        var token: String?
        var number = 1
        var emptyPages = 0
        visit.time.begin()
        defer { visit.time.end() }
        while true {
            let name = PageName(operation: operation, number: number)
            do {
                try Task.checkCancellation()
                try visit.checkTime()
                let page = try read(try await answer(to: call(token), on: visit), visit.place)
                listing.items += page.items.map { Listed(item: $0, page: name) }
                // Absent, null or empty: the listing ends (fact sheet, section 17).
                guard let next = page.token, !next.isEmpty else { return listing }
                emptyPages = page.items.isEmpty ? emptyPages + 1 : 0
                guard used.insert(next).inserted else { throw PageFault.Kind.leadsBack }
                guard number < limits.pages else { throw PageFault.Kind.oneTooMany(number) }
                guard emptyPages < limits.emptyPages else {
                    throw PageFault.Kind.allEmpty(emptyPages)
                }
                number += 1
                token = next
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                let kind = kind(of: error, askedWithToken: token != nil)
                if case .tokenRefused = kind, restartsLeft > 0 {
                    restartsLeft -= 1
                    (listing, used, token, number, emptyPages) = (Listing(), [], nil, 1, 0)
                    continue
                }
                listing.fault = PageFault(page: name, kind: kind)
                return listing
            }
        }
    }

    /// Carries a call, unless its place is left alone.
    private func answer(to call: Call, on visit: PlaceVisit) async throws -> Answer {
        let watch = try ReadWatch(visit, health)
        do {
            let answer = try await transport(call, visit.place, watch)
            watch.answered()
            return answer
        } catch {
            throw watch.end(of: error)
        }
    }

    /// A request that differs from an accepted one by its token only was refused for its token.
    private func kind(of error: any Error, askedWithToken: Bool) -> PageFault.Kind {
        if let kind = error as? PageFault.Kind { return kind }
        let reason = UnreadReason(of: error)
        guard let refusal = error as? ServiceException else { return .failed(reason) }
        switch refusal.kind {
        case .invalidRequest where askedWithToken: return .tokenRefused(reason)
        case .resourceNotFound where !askedWithToken: return .notFound(reason)
        case .invalidRequest, .resourceNotFound, .accessDenied, .tag, .resourceLimitExceeded,
            .service, .internalFailure, .throttling:
            return .failed(reason)
        }
    }
}

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
    let transport: ReadTransport
    let limits: PageLimits

    /// The clusters of a place.
    ///
    /// - Parameters:
    ///   - place: The place.
    ///   - cluster: The only one to list; `nil` for all.
    /// - Returns: The clusters.
    /// - Throws: `CancellationError` only.
    func clusters(at place: Place, only cluster: ClusterID? = nil) async throws -> Listing<Cluster>
    {
        let filters = cluster.map { [DescribeClusters.Filter.clusterIds: [$0.description]] } ?? [:]
        return try await listing(.describeClusters, at: place) { token in
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
    ///   - place: The place.
    ///   - filters: Which; none for all.
    /// - Returns: The backups.
    /// - Throws: `CancellationError` only.
    func backups(
        at place: Place,
        _ filters: [DescribeBackups.Filter: [String]] = [:]
    ) async throws -> Listing<ListedBackup> {
        try await listing(.describeBackups, at: place) { token in
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
        at place: Place,
        call: (_ token: String?) -> Call,
        page read: (Answer, Place) throws -> Page<Item>
    ) async throws -> Listing<Item> {
        var restartsLeft = limits.restarts
        var listing = Listing<Item>()
        var firstUse: [String: Int] = [:]
        var token: String?
        var number = 1
        while true {
            let name = PageName(operation: operation, number: number)
            do {
                let page = try await read(transport(call(token), place), place)
                listing.items += page.items.map { Listed(item: $0, page: name) }
                // Absent, null or empty: the listing ends (fact sheet, section 17).
                guard let next = page.token, !next.isEmpty else { return listing }
                if let earlier = firstUse[next] { throw PageFault.Kind.leadsBack(to: earlier) }
                guard number < limits.pages else { throw PageFault.Kind.oneTooMany }
                number += 1
                firstUse[next] = number
                token = next
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                let kind = kind(of: error, askedWithToken: token != nil)
                if case .tokenRefused = kind, restartsLeft > 0 {
                    restartsLeft -= 1
                    (listing, firstUse, token, number) = (Listing(), [:], nil, 1)
                    continue
                }
                listing.fault = PageFault(page: name, kind: kind)
                return listing
            }
        }
    }

    /// A request that differs from an accepted one by its token only was refused for its token.
    private func kind(of error: any Error, askedWithToken: Bool) -> PageFault.Kind {
        if let kind = error as? PageFault.Kind { return kind }
        guard let refusal = error as? ServiceException else { return .failed("\(error)") }
        switch refusal.kind {
        case .invalidRequest where askedWithToken: return .tokenRefused("\(refusal)")
        case .resourceNotFound where !askedWithToken: return .notFound("\(refusal)")
        case .invalidRequest, .resourceNotFound, .accessDenied, .tag, .resourceLimitExceeded,
            .service, .internalFailure, .throttling:
            return .failed("\(refusal)")
        }
    }
}

extension PageFault.Kind: Error {}

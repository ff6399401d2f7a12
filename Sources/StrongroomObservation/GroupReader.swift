internal import CloudHSM
internal import StrongroomModel

/// Reads again what belongs to one group, and little else.
struct GroupReader: Sendable {
    let pages: PageReader
    let id: GroupID

    /// The places to look in: the group's account in every Region that answers.
    let places: [Place]

    /// The backups that copies may have been made from; `nil` if that is not known.
    let sources: Set<BackupID>?

    /// Reads the group.
    ///
    /// Copies are not found by their cluster (fact sheet, section 10), only by what they were made
    /// from; where not all of that is known, a Region is read whole.
    ///
    /// - Returns: The group, empty if nothing of it is listed; and the places that were not read whole.
    /// - Throws: ``Unread`` if two pages contradict each other; `CancellationError`.
    func read() async throws -> Reading {
        let visits = pages.visits(to: places)
        var readings = try await home(visits)
        let own = readings.flatMap(\.backups.items).map(\.item.backup.id)
        readings += try await copies(of: sources.map { $0.union(own) }, visits)
        var unread: [Place: UnreadReason] = [:]
        for reading in readings { unread.note(reading.reason, of: reading.place) }
        let grouping = Grouping(readings, knowing: [id])
        if let text = grouping.contradictions[id] { throw Unread.contradiction(text) }
        let group = grouping.groups[id] ?? ProtectionGroup(id: id, cluster: nil)
        return Reading(group: group, unread: unread)
    }

    /// What is seen of the group.
    struct Reading: Sendable {
        let group: ProtectionGroup

        /// The places that were not read whole, and why.
        let unread: [Place: UnreadReason]
    }

    private func home(_ visits: [Place: PlaceVisit]) async throws -> [PlaceReading] {
        guard let visit = visits[id.home] else { return [] }
        return try await sideBySide(Part.allCases, width: pages.limits.readsAtOnce) { part in
            var reading = PlaceReading(place: id.home)
            switch part {
            case .cluster:
                reading.clusters = try await pages.clusters(on: visit, only: id.cluster)
            case .backups:
                let filters = [DescribeBackups.Filter.clusterIds: [id.cluster.description]]
                reading.backups = try await pages.backups(on: visit, filters).withoutNotFound
            }
            return reading
        }
    }

    private enum Part: CaseIterable {
        case cluster
        case backups
    }

    private struct Question: Sendable {
        let visit: PlaceVisit
        let filters: [DescribeBackups.Filter: [String]]
    }

    private func copies(
        of sources: Set<BackupID>?,
        _ visits: [Place: PlaceVisit]
    ) async throws -> [PlaceReading] {
        let visits = places.compactMap { visits[$0] }
        let questions = visits.flatMap { visit -> [Question] in
            guard let sources else { return [Question(visit: visit, filters: [:])] }
            return sources.sorted().chunks(of: DescribeBackups.largestPage).map {
                Question(visit: visit, filters: [.sourceBackupIds: $0.map(\.description)])
            }
        }
        return try await sideBySide(questions, width: pages.limits.readsAtOnce) { question in
            var reading = PlaceReading(place: question.visit.place)
            let listing = try await pages.backups(on: question.visit, question.filters)
            reading.backups = question.filters.isEmpty ? listing : listing.withoutNotFound
            return reading
        }
    }
}

extension Listing {
    /// The listing, where the refusal to know what was filtered for counts as an empty answer: the
    /// service may do either (fact sheet, section 3, DescribeBackups).
    fileprivate var withoutNotFound: Listing {
        guard case .notFound? = fault?.kind else { return self }
        var listing = self
        listing.fault = nil
        return listing
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

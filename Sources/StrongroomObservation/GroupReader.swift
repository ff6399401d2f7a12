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
    /// - Returns: The group; empty if nothing of it is listed.
    /// - Throws: ``Unread`` if a page is missing or two contradict each other;
    ///   `CancellationError`.
    func read() async throws -> ProtectionGroup {
        var readings = try await home()
        let own = readings.flatMap(\.backups.items).map(\.item.backup.id)
        readings += try await copies(of: sources.map { $0.union(own) })
        for reading in readings {
            if let fault = reading.fault { throw Unread.place(reading.place, UnreadReason(fault)) }
        }
        let grouping = Grouping(readings, knowing: [id])
        if let text = grouping.contradictions[id] { throw Unread.contradiction(text) }
        return grouping.groups[id] ?? ProtectionGroup(id: id, cluster: nil)
    }

    private func home() async throws -> [PlaceReading] {
        guard places.contains(id.home) else { return [] }
        return try await sideBySide(Part.allCases, width: pages.limits.readsAtOnce) { part in
            var reading = PlaceReading(place: id.home)
            switch part {
            case .cluster:
                reading.clusters = try await pages.clusters(at: id.home, only: id.cluster)
            case .backups:
                let filters = [DescribeBackups.Filter.clusterIds: [id.cluster.description]]
                reading.backups = try await pages.backups(at: id.home, filters).withoutNotFound
            }
            return reading
        }
    }

    private enum Part: CaseIterable {
        case cluster
        case backups
    }

    private struct Question: Sendable {
        let place: Place
        let filters: [DescribeBackups.Filter: [String]]
    }

    private func copies(of sources: Set<BackupID>?) async throws -> [PlaceReading] {
        let questions = places.flatMap { place -> [Question] in
            guard let sources else { return [Question(place: place, filters: [:])] }
            return sources.sorted().chunks(of: DescribeBackups.largestPage).map {
                Question(place: place, filters: [.sourceBackupIds: $0.map(\.description)])
            }
        }
        return try await sideBySide(questions, width: pages.limits.readsAtOnce) { question in
            var reading = PlaceReading(place: question.place)
            let listing = try await pages.backups(at: question.place, question.filters)
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

internal import CloudHSM
internal import StrongroomModel

/// The backups of one Region as they may stand at some moment of a run.
///
/// Each is certainly READY then, possibly READY, or not; those that do not count for the floor (a
/// copy in the home Region, say) are kept apart, because they satisfy guards all the same.
struct Shelf {
    /// The backups, oldest content first.
    let rows: [Backup]
    private let places: [BackupID: Int]
    private var certain: CountTree
    private var possible: CountTree
    private var uncounted: CountTree

    /// The content of new ones that are certainly there.
    private(set) var arrivals: [Timestamp] = []

    /// The content of new ones that may be there.
    var possibleArrivals: [Timestamp] = []

    /// Whether the service may at any time add young ones.
    var isEndless = false

    /// The content of one that is surely there, though not which: the newest stays, a copy was
    /// seen.
    private var surelyHeld: Timestamp?

    /// Shelves backups.
    init(_ backups: [Backup], counting counts: (Backup) -> Bool) {
        rows = backups.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let numbered = rows.enumerated().map { ($1.id, $0) }
        places = Dictionary(numbered) { first, _ in first }
        certain = CountTree(places: rows.count)
        possible = CountTree(places: rows.count)
        uncounted = CountTree(places: rows.count)
        for (place, row) in rows.enumerated() where !counts(row) { countless.insert(place) }
    }

    private var countless: Set<Int> = []

    /// Nothing.
    static let empty = Shelf([]) { _ in true }

    /// A guard that holds at the moment asked about: so many READY ones, no older, apart from one.
    struct Constraint {
        var since: Timestamp = .distantPast
        var apart: BackupID?
        let atLeast: Int
    }

    func counts(_ id: BackupID) -> Bool {
        places[id].map { !countless.contains($0) } ?? false
    }

    func isPossible(_ id: BackupID) -> Bool {
        places[id].map {
            possible.isMarked($0) || certain.isMarked($0) || uncounted.isMarked($0)
        } ?? false
    }

    /// Whether content that young may be there at all.
    func mayHold(since: Timestamp) -> Bool {
        rows.last { isPossible($0.id) }.map { $0.createdAt >= since } ?? false
    }

    func isCertain(_ id: BackupID) -> Bool { places[id].map { certain.isMarked($0) } ?? false }

    /// Says how a backup may stand from now on.
    mutating func set(_ id: BackupID, _ standing: Standing) {
        guard let place = places[id] else { return }
        guard !countless.contains(place) else {
            uncounted.set(place, to: standing != .gone)
            return
        }
        uncounted.set(place, to: standing == .doomed)
        certain.set(place, to: standing == .certain)
        possible.set(place, to: standing == .possible)
    }

    /// How a backup may stand at a moment.
    enum Standing {
        case certain
        case possible
        /// Perhaps there, and to go by our own hand at any moment.
        case doomed
        case gone
    }

    /// Adds a new one that is certainly there.
    mutating func arrive(_ content: Timestamp) {
        let place = arrivals.firstIndex { $0 > content } ?? arrivals.count
        arrivals.insert(content, at: place)
    }

    /// The fewest READY ones that count, are not the one that goes, and are no older than asked,
    /// in any world in which the guards hold.
    ///
    /// - Parameters:
    ///   - since: The oldest content that counts.
    ///   - leaving: The one that goes, READY until then.
    ///   - constraints: The guards.
    ///   - seen: Backups that are seen to be READY.
    /// - Returns: How many; `nil` if the guards cannot hold.
    func fewest(
        since: Timestamp = .distantPast,
        without leaving: BackupID?,
        where constraints: [Constraint],
        seen: [BackupID] = []
    ) -> Int? {
        guard var shelf = seeing(seen) else { return nil }
        if !possibleArrivals.isEmpty {
            // None comes whose content is there already, for the step is done then.
            let youngest = rows.indices.last { certain.isMarked($0) }.map { rows[$0].createdAt }
            shelf.possibleArrivals = possibleArrivals.filter { $0 > youngest ?? .distantPast }
        }
        return shelf.fewest(since, leaving.flatMap { places[$0] }, constraints)
    }

    private func seeing(_ seen: [BackupID]) -> Shelf? {
        var news: [BackupID] = []
        for id in seen where !isCertain(id) {
            guard isPossible(id) else { return nil }
            news.append(id)
        }
        guard !news.isEmpty else { return self }
        var shelf = self
        for id in news { shelf.set(id, .certain) }
        return shelf
    }

    private func fewest(
        _ since: Timestamp,
        _ leaving: Int?,
        _ constraints: [Constraint]
    ) -> Int? {
        let first = place(of: since)
        let leavingCounts = leaving.map { $0 >= first && certain.isMarked($0) } ?? false
        let sure = certain.count(from: first) - (leavingCounts ? 1 : 0) + count(arrivals, since)
        var extra = 0
        var youngestNeeded: [(since: Timestamp, missing: Int)] = []
        for constraint in constraints + held {
            let have = free(first, since, leaving, constraint)
            let missing = constraint.atLeast - have
            guard missing > 0 else { continue }
            extra = max(extra, missing)
            youngestNeeded.append((max(since, constraint.since), missing))
        }
        for need in youngestNeeded where !isEndless {
            guard spare(need.since, leaving) >= need.missing else { return nil }
        }
        return sure + extra
    }

    /// How many satisfy a guard without costing anything: those that are there for certain, and
    /// those that may be and would not count afterwards.
    private func free(
        _ first: Int,
        _ since: Timestamp,
        _ leaving: Int?,
        _ constraint: Constraint
    ) -> Int {
        let start = place(of: constraint.since)
        var have = certain.count(from: start) + uncounted.count(from: start)
        have += count(arrivals, constraint.since)
        if start < first {
            have += possible.count(from: start) - possible.count(from: first)
        }
        if constraint.since < since {
            have += count(possibleArrivals, constraint.since) - count(possibleArrivals, since)
        }
        if let leaving, leaving >= max(start, first), possible.isMarked(leaving) { have += 1 }
        guard let apart = constraint.apart.flatMap({ places[$0] }), apart >= start else {
            return have
        }
        let isIn =
            certain.isMarked(apart) || uncounted.isMarked(apart)
            || (possible.isMarked(apart) && (apart < first || apart == leaving))
        return have - (isIn ? 1 : 0)
    }

    /// How many more there could be, other than the one that goes.
    private func spare(_ since: Timestamp, _ leaving: Int?) -> Int {
        let start = place(of: since)
        let isLeaving = leaving.map { $0 >= start && possible.isMarked($0) } ?? false
        return possible.count(from: start) - (isLeaving ? 1 : 0) + count(possibleArrivals, since)
    }

    /// Notes that one whose content is no older is surely there; the youngest says most.
    mutating func hold(since moment: Timestamp) {
        surelyHeld = max(surelyHeld ?? moment, moment)
    }

    private var held: [Constraint] {
        surelyHeld.map { [Constraint(since: $0, atLeast: 1)] } ?? []
    }

    private func count(_ moments: [Timestamp], _ since: Timestamp) -> Int {
        moments.isEmpty ? 0 : moments.count { $0 >= since }
    }

    /// The first place whose content is no older than a moment.
    private func place(of moment: Timestamp) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].createdAt < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Timestamp {
    /// Before anything.
    static let distantPast = Timestamp(milliseconds: .min)

    /// The content of what a step of the plan, or the service, makes after the plan: younger than
    /// anything there.
    static let afterThePlan = Timestamp(milliseconds: .max)
}

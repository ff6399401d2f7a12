import CloudHSM
import StrongroomModel

/// A fleet's `safety`: budgets for deletions and creations, and a freeze.
struct WrittenSafety {
    /// Deletions of one run.
    private(set) var perRun: Spanned<Int>?

    /// Deletions of a day.
    private(set) var perDay: Spanned<Int>?

    /// The largest part of a group that one run may delete.
    private(set) var ratio: Spanned<Double>?

    /// HSMs that an hour may make in a cluster.
    private(set) var creationsPerHour: Spanned<Int>?

    /// Until when nothing is changed, and where that is written.
    private(set) var freeze: WrittenFreeze?

    private enum Key: String, ManifestKey {
        case deletions, creations, freeze
    }

    private enum DeletionsKey: String, ManifestKey {
        case perRun, perDay, ratio
    }

    private enum CreationsKey: String, ManifestKey {
        case perHour
    }

    private static let counts = 0...1_000_000

    /// Says nothing.
    init() {}

    /// Reads the budgets and the freeze, all of them optional.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        if let deletions = fields[.deletions].flatMap({ Fields<DeletionsKey>(of: $0) }) {
            perRun = deletions[.perRun]?.integer(in: Self.counts)
            perDay = deletions[.perDay]?.integer(in: Self.counts)
            ratio = deletions[.ratio]?.ratio()
        }
        creationsPerHour = fields[.creations].flatMap { Fields<CreationsKey>(of: $0) }?[.perHour]?
            .integer(in: Self.counts)
        freeze = fields[.freeze].flatMap { WrittenFreeze(of: $0) }
    }

    /// The budgets and the freeze as the other rooms know them.
    ///
    /// - Parameter source: The text they were written in.
    /// - Returns: The budgets, the standard ones where nothing is written.
    func desired(in source: SourceText) -> Safety {
        Safety(
            deletionsPerRun: perRun?.value ?? Safety.standard.deletionsPerRun,
            deletionsPerDay: perDay?.value ?? Safety.standard.deletionsPerDay,
            deletionRatio: ratio?.value ?? Safety.standard.deletionRatio,
            creationsPerHour: creationsPerHour?.value ?? Safety.standard.creationsPerHour,
            freeze: freeze?.desired(in: source)
        )
    }
}

import CloudHSM
import StrongroomModel

/// A fleet's `safety`: budgets for deletions, and a freeze.
struct WrittenSafety {
    /// Deletions of one run.
    private(set) var perRun: Spanned<Int>?

    /// Deletions of a day.
    private(set) var perDay: Spanned<Int>?

    /// The largest part of a group that one run may delete.
    private(set) var ratio: Spanned<Double>?

    /// Until when nothing is changed, and where that is written.
    private(set) var freeze: Spanned<(reason: String, until: Timestamp)>?

    private enum Key: String, ManifestKey {
        case deletions, freeze
    }

    private enum DeletionsKey: String, ManifestKey {
        case perRun, perDay, ratio
    }

    private enum FreezeKey: String, ManifestKey {
        case reason, until
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
        guard let owner = fields[.freeze], let freeze = Fields<FreezeKey>(of: owner) else { return }
        let reason = freeze.required(.reason, example: "\"year end\"")?.value(.reason)
        let until = freeze.required(.until, example: "2027-01-04T00:00:00Z")?.timestamp()
        if let reason, let until {
            self.freeze = Spanned((reason.value, until.value), at: owner.keySpan)
        }
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
            freeze: freeze.map {
                Freeze(
                    reason: $0.value.reason,
                    until: $0.value.until,
                    at: source.location(of: $0.span.start)
                )
            }
        )
    }
}

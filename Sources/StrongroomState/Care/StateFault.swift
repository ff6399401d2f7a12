/// Something that is wrong with a state directory, or not as it should be.
public struct StateFault: Hashable, Sendable {
    /// The file or directory, with the line where there is one.
    public let location: String

    /// What is wrong, in words that follow the location.
    public let problem: String

    /// What to do next, where the problem does not say it.
    public let remedy: String?

    /// Whether something cannot be used because of it; what is not damage hinders nobody.
    public let isDamage: Bool

    /// What `strongroom state repair` can do about it, if it can do something.
    public let mend: StateMend?

    /// Describes a fault.
    ///
    /// - Parameters:
    ///   - location: The file or directory.
    ///   - problem: What is wrong.
    ///   - remedy: What to do next, where the problem does not say it.
    ///   - isDamage: Whether something cannot be used because of it.
    ///   - mend: What a repair can do about it.
    init(
        at location: String,
        _ problem: String,
        remedy: String?,
        isDamage: Bool = true,
        mend: StateMend? = nil
    ) {
        self.location = location
        self.problem = problem
        self.remedy = remedy
        self.isDamage = isDamage
        self.mend = mend
    }

    /// A fault that an error tells of.
    init(_ error: StateError, at location: String, mend: StateMend? = nil) {
        let remedy = mend == nil ? nil : "or see `strongroom state repair`"
        self.init(at: location, "\(error)", remedy: remedy, mend: mend)
    }
}

extension StateFault: CustomStringConvertible {
    /// The fault in one line.
    public var description: String {
        let place = location.isEmpty || problem.contains(location) ? "" : "\(location) "
        let next = remedy.map { $0.hasPrefix("or ") ? ", \($0)" : ": \($0)" } ?? ""
        return "\(isDamage ? "damage" : "note"): \(place)\(problem)\(next)"
    }
}

/// One thing that a repair can do to a state directory; what it replaces is kept.
public enum StateMend: Hashable, Sendable {
    /// The index is made anew from the files that are there.
    case rebuildIndex
    /// A file of the journal is set aside, and begun anew with the records that can be read.
    case restartJournal(file: String)
    /// How far the journal's files reach is taken from them as they are.
    case rebuildHeads
    /// A file that is only a help is set aside.
    case setAside(file: String, loses: String)
    /// A file gets a copy of its own, that has no second name.
    case separate(file: String)
    /// What every run that writes does: temporary files go, modes are tightened, a record that a
    /// killed run left behind is removed.
    case tidy
}

extension StateMend: CustomStringConvertible {
    /// What is done, in words that follow "to".
    public var description: String {
        switch self {
        case .rebuildIndex: "make index.json anew from the groups' files that are there"
        case .restartJournal(let file):
            "set \(file) aside and begin it anew with the records that can be read"
        case .rebuildHeads: "make journal/heads.json anew from the journal's files as they are"
        case .setAside(let file, _): "set \(file) aside"
        case .separate(let file): "put a copy in the place of \(file) that has no second name"
        case .tidy: "remove temporary files and the remains of a killed run, and tighten modes"
        }
    }

    /// What is lost by it.
    public var loss: String {
        switch self {
        case .rebuildIndex:
            "when each place was last observed, and which groups there were whose files are gone"
        case .restartJournal:
            "the records from the damage on: calls that were in doubt there are forgotten, and "
                + "the group's deletions are held for 24 hours, because nobody knows how many "
                + "there were"
        case .rebuildHeads:
            "whether something was cut off the journal's files: deletions are held for 24 hours"
        case .setAside(_, let loses): loses
        case .separate, .tidy: "nothing"
        }
    }
}

/// What is wrong with a file of the journal.
public enum JournalDamage: Error, Hashable, Sendable {
    /// A line's bytes are not those its digest was taken of.
    case digestDiffers
    /// A line does not follow from the one before it: one was removed, added or moved.
    case outOfChain(found: Int, expected: Int)
    /// A line's digest is right, but what it says cannot be read.
    case unreadable(String)
    /// A record is about another group than the file.
    case otherGroup
    /// An intent stands twice, or ends twice.
    case repeated(intent: String)
    /// An outcome is of no intent in the file.
    case outcomeWithoutIntent(String)
    /// The last line is only the beginning of a record, although the last run ended well.
    case cutOff
    /// The file is not there, but it was.
    case gone
    /// The file does not reach as far as it did when the last run ended.
    case endsEarly(lastKnown: Int)
    /// The file reaches as far as it did, but with other records.
    case otherThanBefore(sequence: Int)
    /// The file cannot be read at all.
    case unopened(String)
}

extension JournalDamage: CustomStringConvertible {
    /// The damage in words that follow a file and a line.
    public var description: String {
        switch self {
        case .digestDiffers: "is not what was written: its digest differs"
        case .outOfChain(let found, let expected):
            "is record \(found), which does not follow the line before (record \(expected) would): "
                + "a line was removed, added or moved"
        case .unreadable(let problem): "cannot be read: \(problem)"
        case .otherGroup: "is about another group than the file: the file was moved"
        case .repeated(let intent): "repeats intent \(intent.printable(upTo: 60))"
        case .outcomeWithoutIntent(let intent):
            "ends intent \(intent.printable(upTo: 60)), which was never begun here"
        case .cutOff: "is cut off, although the last run ended well"
        case .gone: "is not there, but it was when the last run ended"
        case .endsEarly(let lastKnown):
            "ends before record \(lastKnown), which it had when the last run ended"
        case .otherThanBefore(let sequence):
            "has another record \(sequence) than it had when the last run ended"
        case .unopened(let reason): "cannot be read: \(reason)"
        }
    }
}

/// Damage, and where it is.
struct LocatedDamage: Error, Hashable {
    /// The line, from 1; `nil` where it is the whole file.
    let line: Int?

    let damage: JournalDamage

    /// The error it is where nothing else can be done.
    func error(file: String) -> StateError {
        .damagedJournal(file: file, line: line, damage)
    }
}

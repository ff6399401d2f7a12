internal import CloudHSM
public import StrongroomModel

/// What is typed to go on after a run.
public struct NextCommand: Hashable, Sendable {
    /// What goes on with what waits or was not reached.
    public let again: String

    /// What carries out steps that the run did not have; `nil` where the run goes on by itself.
    public let more: String?

    /// What shows what is wanted, and why it is not there.
    public let plan: String

    /// Whether ``again`` waits for what the service is at, because one of our calls began it.
    private(set) var waits = false

    /// Names the commands.
    ///
    /// - Parameters:
    ///   - again: What goes on with what waits or was not reached.
    ///   - more: What carries out steps that the run did not have.
    ///   - plan: What shows what is wanted, and why it is not there.
    public init(again: String, more: String?, plan: String = "strongroom plan") {
        self.again = again
        self.more = more
        self.plan = plan
    }

    /// The same where ``again`` waits for what the service is at.
    public var whileWaiting: NextCommand {
        var next = self
        next.waits = true
        return next
    }

    /// After a run of a plan made for the present, in the directory of the manifests.
    public static let apply = NextCommand(again: "strongroom apply", more: "strongroom apply")
}

/// Whose turn it is after a run, or where a plan has nothing to do: the last line that is printed.
public enum TurnText {
    /// Says who goes on: a person, the service, the next run, or several of them.
    ///
    /// - Parameters:
    ///   - plan: The plan made for the present, whose open lines count too; `nil` if only the steps
    ///     are known.
    ///   - report: Where the steps of a run stand; `nil` if there were none.
    ///   - next: What is typed to go on.
    /// - Returns: One sentence for each; `nil` where nothing is open.
    public static func line(
        for plan: Plan?,
        _ report: RunReport? = nil,
        next: NextCommand = .apply
    ) -> String? {
        let open = OpenLines(plan, report)
        let sentences = [
            unread(open), held(open, next), doubt(open), person(open), service(open, next),
        ]
        .compactMap(\.self)
        let all =
            sentences
            + [ready(open, next) ?? (sentences.isEmpty ? run(open, next) : nil)]
            .compactMap(\.self)
        return all.isEmpty ? nil : all.joined(separator: " ")
    }

    private static func unread(_ open: OpenLines) -> String? {
        guard open.count(of: .unread) > 0 else { return nil }
        return "What was not read comes first: the errors say what to do."
    }

    private static func held(_ open: OpenLines, _ next: NextCommand) -> String? {
        guard open.heldByRules > 0 else { return nil }
        return "What is held is a person's turn: \(next.plan) names the rule and the way out."
    }

    /// Time decides how a call ended that has no answer, and nobody has to do anything.
    private static func doubt(_ open: OpenLines) -> String? {
        let lines = open.doubts
        return lines.first.map {
            "Whether a call was carried out is not known yet (\($0)\(more(lines))): the next run "
                + "looks, and nothing else is done there before."
        }
    }

    private static func person(_ open: OpenLines) -> String? {
        let lines = open.lines { $0.turn == .person }
        return lines.first.map { "It is a person's turn: \($0)\(more(lines))." }
    }

    private static func service(_ open: OpenLines, _ next: NextCommand) -> String? {
        if let first = open.started.first {
            let more = Set(open.started).count - 1
            let rest = more > 0 ? " and \(counted(more, "more cluster"))" : ""
            return "It is the service's turn (\(SafeText.terminal(first))\(rest)). "
                + "Next: \(next.again), which waits for it, or the next reconcile."
        }
        let lines = open.lines { $0.turn == .service }
        let command = next.waits ? "\(next.again), which waits for it" : "\(next.plan), later"
        return lines.first.map {
            "It is the service's turn: \($0)\(more(lines)). Next: \(command), or the next reconcile."
        }
    }

    private static func ready(_ open: OpenLines, _ next: NextCommand) -> String? {
        guard open.ready > 0, let more = next.more else { return nil }
        return "\(counted(open.ready, "step")) more can be carried out now. Next: \(more)"
    }

    private static func run(_ open: OpenLines, _ next: NextCommand) -> String? {
        guard open.isWaiting || !open.lines(where: { $0.turn == .run }).isEmpty else { return nil }
        return "The next run goes on with what waits. Next: \(next.again)"
    }

    private static func more(_ lines: [String]) -> String {
        lines.count > 1 ? "; and \(counted(lines.count - 1, "more line"))" : ""
    }
}

/// What is open in a plan, beside the steps of a run that are.
struct OpenLines {
    /// The titles of groups with a step that was begun.
    let started: [String]

    /// Whether a step of the run waits.
    let isWaiting: Bool

    /// How many steps can be carried out now that the run did not have.
    let ready: Int

    private let groups: [GroupPlan]
    private let moving: Set<PlanSubject>

    init(_ plan: Plan?, _ report: RunReport?) {
        let steps = report?.steps ?? []
        let open = SubjectIndex(steps.lazy.filter(\.status.isOpen).map(\.subject))
        // What a run could not do, or was stopped before, cannot be done now because of it.
        let undone = SubjectIndex(steps.lazy.filter { $0.status != .done }.map(\.subject))
        started = steps.filter { $0.status == .started }.map(\.title)
        isWaiting = steps.contains { if case .waiting = $0.status { true } else { false } }
        groups = plan?.groups.filter { $0.standing == .managed } ?? []
        moving = Set(groups.lazy.map(\.subject).filter(open.contains))
        ready =
            report.map { $0.wasStopped } ?? true
            ? 0
            : groups.lazy.filter { !undone.contains($0.subject) }.reduce(0) { $0 + $1.steps.count }
    }

    /// How many lines are of a kind.
    ///
    /// - Parameter kind: The kind.
    /// - Returns: The number.
    func count(of kind: Note.Kind) -> Int {
        groups.reduce(0) { sum, group in sum + group.notes.count { $0.kind == kind } }
    }

    /// How many lines a rule holds, or a decision that somebody owes.
    var heldByRules: Int {
        groups.reduce(0) { sum, group in
            sum + group.notes.count { $0.kind == .held && !$0.isEarlierCall }
        }
    }

    /// The calls of which nobody knows whether they were carried out, in words.
    var doubts: [String] {
        groups.flatMap { group in
            group.notes.filter { $0.kind == .held && $0.isEarlierCall }.map {
                SafeText.terminal("\(group.subject.title), \($0.reason.text)")
            }
        }
    }

    /// The open lines to be counted: what waits in a group whose steps are open is what they wait for.
    var counted: [Note] {
        groups.flatMap { group in
            group.notes.filter { note in
                note.isOpen && !(note.kind == .waiting && moving.contains(group.subject))
            }
        }
    }

    /// The lines that wait for somebody, in words.
    ///
    /// - Parameter isMeant: Whether a line is one of them.
    /// - Returns: Such as `payments, activation: the crypto officer …`.
    func lines(where isMeant: (Note) -> Bool) -> [String] {
        groups.flatMap { group -> [String] in
            guard !moving.contains(group.subject) else { return [] }
            return group.notes.filter { $0.kind == .waiting && isMeant($0) }.map {
                SafeText.terminal("\(group.subject.title), \($0.subject): \($0.reason.text)")
            }
        }
    }
}

extension StepStatus {
    /// Whether it goes on by itself or with a later run.
    fileprivate var isOpen: Bool {
        switch self {
        case .waiting, .started: true
        case .notReached, .done, .refused, .unsafe, .inDoubt: false
        }
    }
}

/// Clusters to be found again in a later plan, some of which may not have existed when the first was
/// made: those are known by their names.
private struct SubjectIndex {
    private struct Name: Hashable {
        let home: Place
        let name: String
    }

    private var clusters: Set<GroupID> = []
    private var names: Set<Name> = []
    private var namesOfNone: Set<Name> = []

    init(_ subjects: some Sequence<PlanSubject>) {
        for subject in subjects {
            let name = subject.name.map { Name(home: subject.home, name: $0) }
            if let name { names.insert(name) }
            if let group = subject.group {
                clusters.insert(group)
            } else if let name {
                namesOfNone.insert(name)
            }
        }
    }

    /// Whether it is one of them; by its name only where one of the two has no cluster.
    func contains(_ subject: PlanSubject) -> Bool {
        let name = subject.name.map { Name(home: subject.home, name: $0) }
        guard let group = subject.group else { return name.map(names.contains) ?? false }
        return clusters.contains(group) || name.map(namesOfNone.contains) ?? false
    }
}

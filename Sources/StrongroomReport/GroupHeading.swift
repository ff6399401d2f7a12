internal import CloudHSM
internal import StrongroomModel

/// The line above what is said of a cluster: its name, then where it is and in which state.
struct GroupHeading {
    private let title: String
    private let facts: [String]

    /// Describes a cluster.
    ///
    /// - Parameters:
    ///   - subject: The cluster.
    ///   - isUnread: Whether nobody could look whether it exists: it is not called new then.
    ///   - states: What else is to be said of it at once; safe to show.
    init(_ subject: PlanSubject, isUnread: Bool = false, states: [String] = []) {
        title = SafeText.terminal(subject.title)
        facts = (isUnread ? subject.placeIfAny : subject.place) + states
    }

    /// The heading as text.
    ///
    /// - Parameters:
    ///   - width: Columns there are; `nil` for one line, however wide.
    ///   - colour: Whether to colour.
    /// - Returns: One line; or several, those after the name set in, where one is too narrow.
    func text(width: Int?, colour: Colour) -> [String] {
        let limit = width ?? .max
        let line = ([title] + facts).joined(separator: "  ")
        if TextWidth.of(line) <= limit {
            let rest = facts.map { "  " + $0 }.joined()
            return [colour.paint(title, .heading) + rest]
        }
        let rest = facts.joined(separator: ", ").wrapped(to: limit - 4)
        return [colour.paint(title.cut(to: limit), .heading)] + rest.map { "    " + $0 }
    }
}

extension PlanSubject {
    /// Where it is: its id if the title does not give it, its Region, and an account that is named.
    var place: [String] { (cluster == nil ? ["new cluster"] : []) + placeIfAny }

    /// The same of one of which nobody knows whether it exists.
    fileprivate var placeIfAny: [String] {
        let id = cluster.map { name == nil ? [] : [$0.description] } ?? []
        let account = home.account == .simulated ? [] : ["account \(home.account)"]
        return id + ["\(home.region)"] + account
    }
}

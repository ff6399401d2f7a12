/// An answer of success that cannot be read: what happened is not known from it.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the body, from the outermost inwards, such as `Backups[3].CreateTimestamp`.
    public let place: String

    /// What is wrong there.
    public let problem: String

    /// What is wrong, and where.
    public var description: String {
        place.isEmpty ? "the answer \(problem)" : "the answer's \(place) \(problem)"
    }

    init(_ place: String, _ problem: String) {
        self.place = place
        self.problem = problem
    }

    /// The same, seen from further out.
    func under(_ name: String) -> WireError {
        let joint = place.isEmpty || place.hasPrefix("[") ? "" : "."
        return WireError(name + joint + place, problem)
    }
}

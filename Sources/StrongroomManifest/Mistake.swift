/// One kind of mistake a person can make in a manifest: its rule, its prose and the way out.
///
/// The place is added when the mistake is reported, see ``Findings``.
protocol Mistake: Sendable {
    /// The rule's stable code, such as `unknown-key`.
    var rule: String { get }

    /// What is wrong, in the reader's words.
    var message: String { get }

    /// What to do next.
    var help: String { get }
}

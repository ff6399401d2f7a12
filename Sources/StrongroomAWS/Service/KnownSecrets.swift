/// Texts that must not be shown, whoever repeats them: the service's own refusals of a signature do.
struct KnownSecrets: Sendable {
    private let texts: [String]

    /// What stands for a secret.
    static let redacted = "<redacted>"

    /// Knows some texts; parts of a header that are short say nothing.
    init(_ texts: [String]) {
        let parts = texts + texts.flatMap { $0.split(separator: "=").map(String.init) }
        self.texts = parts.filter { $0.utf8.count >= 16 }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// A text without them.
    func scrubbed(_ text: String) -> String {
        texts.reduce(text) { $0.replacing($1, with: Self.redacted) }
    }
}

/// What must not be shown, whoever repeats it: the service's own refusals of a signature do.
///
/// A secret that is repeated as it was sent is replaced. A text with a trace of one in another
/// spelling (``SecretTraces``) is left out whole, since nobody can tell where the secret ends in it.
package struct KnownSecrets: Sendable {
    /// What is replaced where it stands as it was sent, the longest first.
    private let texts: [String]

    /// Of what no piece may be seen, in no spelling.
    private let traced: [String]

    /// The ids of the access keys, of which pieces say nothing.
    private let keys: [String]

    /// What stands for a secret.
    static let redacted = "<redacted>"

    /// Knows the secrets of a signed request.
    ///
    /// - Parameters:
    ///   - sessionTokens: The values of `X-Amz-Security-Token`.
    ///   - authorizations: The values of `Authorization`.
    package init(sessionTokens: [String], authorizations: [String]) {
        let headers = sessionTokens + authorizations
        // Parts of a header that are short say nothing.
        let parts = headers + headers.flatMap { $0.split(separator: "=").map(String.init) }
        keys = authorizations.compactMap { Self.part("Credential=", of: $0, endedBy: "/") }
        texts = (parts + keys).filter { $0.utf8.count >= 16 }
            .sorted { $0.utf8.count > $1.utf8.count }
        traced =
            sessionTokens
            + authorizations.compactMap { Self.part("Signature=", of: $0, endedBy: ",") }
    }

    /// A text without them.
    ///
    /// - Parameter text: What somebody else wrote.
    /// - Returns: The text, `<redacted>` where a secret stood; or how long it is, in its place.
    package func scrubbed(_ text: String) -> String {
        let rest = texts.reduce(text) { $0.replacing($1, with: Self.redacted) }
        guard SecretTraces(of: traced, whole: keys).areFound(in: rest) else { return rest }
        let count = text.count
        return "(its text of \(count) characters is left out: it may hold a secret)"
    }

    private static func part(_ name: String, of header: String, endedBy end: Character) -> String? {
        guard let start = header.firstRange(of: name)?.upperBound else { return nil }
        return String(header[start...].prefix { $0 != end })
    }
}

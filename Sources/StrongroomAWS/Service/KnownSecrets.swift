/// What must not be shown, whoever repeats it: the service's own refusals of a signature do.
///
/// A secret that is repeated as it was sent is replaced. A text with a trace of one in another
/// spelling (``SecretTraces``) is left out whole, since nobody can tell where the secret ends in it.
package struct KnownSecrets: Sendable {
    /// What is replaced where it stands as it was sent, the longest first.
    private let texts: [String]

    /// What to look for in other spellings.
    private let traces: SecretTraces

    /// What stands for a secret.
    static let redacted = "<redacted>"

    /// Knows the secrets of a signed request, and all that this process holds.
    ///
    /// - Parameters:
    ///   - sessionTokens: The values of `X-Amz-Security-Token`.
    ///   - authorizations: The values of `Authorization`.
    ///   - held: The secrets that this process holds; among them the keys that are never sent.
    package init(sessionTokens: [String], authorizations: [String], held: SecretBook) {
        let notes = held.notes
        let headers = sessionTokens + authorizations
        // Parts of a header that are short say nothing.
        let parts = headers + headers.flatMap { $0.split(separator: "=").map(String.init) }
        let keys = authorizations.compactMap { Self.part("Credential=", of: $0, endedBy: "/") }
        texts = (parts + keys + notes.texts).filter { $0.utf8.count >= 16 }
            .sorted { $0.utf8.count > $1.utf8.count }
        var traces = notes.traces
        for token in sessionTokens where !notes.texts.contains(token) { traces.add(token) }
        // A piece of a key's id says nothing.
        for key in keys { traces.add(whole: key) }
        for signature in authorizations.compactMap({ Self.part("Signature=", of: $0, endedBy: ",") }
        ) {
            traces.add(signature)
        }
        self.traces = traces
    }

    /// A text without them.
    ///
    /// - Parameter text: What somebody else wrote.
    /// - Returns: The text, `<redacted>` where a secret stood; or how long it is, in its place.
    package func scrubbed(_ text: String) -> String {
        let rest = redacted(text)
        return traces.areFound(in: rest) ? Self.leftOut(text) : rest
    }

    /// What the service says of itself, without them: nothing of it if it is not made of ordinary
    /// words (``OrdinaryText``), since there is always one more way to spell a secret.
    ///
    /// - Parameter message: The text of a refusal, or its name.
    /// - Returns: The text, `<redacted>` where a secret stood; or how long it is, in its place.
    package func said(_ message: String) -> String {
        if let encoded = message.firstRange(of: Self.encodedDenial) {
            let count = message[encoded.upperBound...].count
            return said(String(message[..<encoded.lowerBound])) + Self.encodedDenial
                + " (\(count) characters, left out here; CloudTrail has them)"
        }
        let rest = redacted(message)
        guard OrdinaryText.isOrdinary(rest.replacing(Self.redacted, with: " ")) else {
            return Self.leftOut(message)
        }
        return scrubbed(message)
    }

    /// Behind it stands what `aws sts decode-authorization-message` reads, and nobody else can (EC2
    /// API reference, "Client error codes", `UnauthorizedOperation`).
    private static let encodedDenial = "Encoded authorization failure message:"

    private func redacted(_ text: String) -> String {
        texts.reduce(text) { $0.replacing($1, with: Self.redacted) }
    }

    private static func leftOut(_ text: String) -> String {
        "(its text of \(text.count) characters is left out: it may hold a secret)"
    }

    private static func part(_ name: String, of header: String, endedBy end: Character) -> String? {
        guard let start = header.firstRange(of: name)?.upperBound else { return nil }
        return String(header[start...].prefix { $0 != end })
    }
}

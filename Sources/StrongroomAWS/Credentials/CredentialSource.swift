/// One place that credentials come from, chosen once; it never tries another.
public protocol CredentialSource: Sendable {
    /// Where it is, for people, such as `environment (AWS_ACCESS_KEY_ID)`.
    var name: String { get }

    /// Gets credentials anew.
    ///
    /// - Returns: Credentials.
    /// - Throws: ``CredentialFault``, or what the exchange throws.
    func credentials() async throws -> Credentials
}

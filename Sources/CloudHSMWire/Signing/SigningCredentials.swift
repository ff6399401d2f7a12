/// What requests are signed with.
public struct SigningCredentials: Hashable, Sendable {
    /// The key's id, which every signature shows.
    public let accessKeyID: String

    /// The key.
    public let secretAccessKey: Secret

    /// The session's token, where the key is temporary.
    public let sessionToken: Secret?

    /// Joins a key and its session.
    ///
    /// - Parameters:
    ///   - accessKeyID: The key's id.
    ///   - secretAccessKey: The key.
    ///   - sessionToken: The session's token, if the key is temporary.
    public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

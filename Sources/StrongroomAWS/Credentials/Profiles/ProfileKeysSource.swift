internal import CloudHSM
internal import CloudHSMWire

/// Keys that stand in a profile.
struct ProfileKeysSource: CredentialSource {
    let name: String

    private let profile: Profile
    private let origin: Profile.Origin

    /// The keys of a profile; those of the credentials file if both files have some, as AWS's own
    /// tools take them.
    init(_ profile: Profile) {
        let isInCredentials = Self.keys.contains { profile.text($0, in: .credentials) != nil }
        let origin = isInCredentials ? Profile.Origin.credentials : .config
        let key = Self.keys.first { profile.text($0, in: origin) != nil } ?? Self.keys[0]
        name = profile.place(of: key)
        self.profile = profile
        self.origin = origin
    }

    private static let keys = ["aws_access_key_id", "aws_secret_access_key"]

    func credentials() throws -> Credentials {
        // Halves from two files do not belong together.
        let id = profile.text(Self.keys[0], in: origin)
        let secret = profile.text(Self.keys[1], in: origin)
        guard let id else {
            throw CredentialFault(name, .partial(has: Self.keys[1], lacks: Self.keys[0]))
        }
        guard let secret else {
            throw CredentialFault(name, .partial(has: Self.keys[0], lacks: Self.keys[1]))
        }
        return try Credentials(
            signing: SigningCredentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: profile.text("aws_session_token", in: origin),
                of: name
            ),
            expiresAt: nil,
            source: name
        )
    }
}

extension Profile {
    /// What a key says in one of the files.
    fileprivate func text(_ key: String, in origin: Origin) -> String? {
        values[origin]?[key].flatMap { $0.text.isEmpty ? nil : $0.text }
    }
}

/// A profile: what one of the shared files, or both together, say below its name.
struct Profile: Sendable {
    /// One of the two shared files.
    enum Origin: Sendable, Hashable {
        case config
        case credentials
    }

    let name: String

    /// The keys of each file; a file without the profile is not in it.
    let values: [Origin: [String: INIFile.Value]]

    /// The path of each file.
    let paths: [Origin: String]

    /// Who owned each file when it was read, and whether others could write to it.
    let keepers: [Origin: FileKeeper]

    /// What a key says; the credentials file goes before the config file, an empty value counts as
    /// absent.
    func text(_ key: String) -> String? { located(key)?.text }

    /// What a key says, and where it stands.
    func located(_ key: String) -> (text: String, origin: Origin, line: Int)? {
        for origin in [Origin.credentials, .config] {
            if let value = values[origin]?[key], !value.text.isEmpty {
                return (value.text, origin, value.line)
            }
        }
        return nil
    }

    /// Where the profile is written, for people, such as `profile payments in /home/ana/.aws/config`.
    func place(of key: String) -> String {
        let path = located(key).flatMap { paths[$0.origin] }
        return "profile \(escaped(name))" + (path.map { " in \($0)" } ?? "")
    }

    /// The keys by which AWS's own tools would sign in through IAM Identity Center.
    var ssoKeys: [String] {
        ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"].filter {
            text($0) != nil
        }
    }

    /// Whether keys stand in the profile itself, whole or in half.
    var hasStaticKeys: Bool {
        text("aws_access_key_id") != nil || text("aws_secret_access_key") != nil
    }

    /// Whether the profile says anything about credentials.
    var isConfigured: Bool {
        let keys = [
            "role_arn", "source_profile", "credential_source", "web_identity_token_file",
            "credential_process",
        ]
        return hasStaticKeys || !ssoKeys.isEmpty || keys.contains { text($0) != nil }
    }
}

/// Who can change a file.
struct FileKeeper: Sendable, Hashable {
    let owner: UInt32
    let isWritableByOthers: Bool
}

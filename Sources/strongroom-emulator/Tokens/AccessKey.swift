import CloudHSM
import CloudHSMWire

/// A key that requests may be signed with, and the account it belongs to.
struct AccessKey: Hashable, Sendable {
    /// The id that signatures show.
    let id: String

    /// The key.
    let secret: Secret

    /// The account that its calls go to.
    let account: AccountID

    /// The session it is for, if it is temporary.
    let session: Session?

    /// A role taken for some time.
    struct Session: Hashable, Sendable {
        /// The token that comes with every request.
        let token: Secret

        /// The role's name.
        let role: String

        /// The session's name.
        let name: String

        /// When it ends, by the real clock.
        let ends: Timestamp
    }

    /// The key that is good where none is given; it is in no way secret.
    static let development = AccessKey(
        id: "AKIDSTRONGROOMEMULATOR",
        secret: Secret("this-development-key-is-in-no-way-secret"),
        account: .simulated,
        session: nil
    )

    /// Describes a key.
    ///
    /// - Parameters:
    ///   - id: The id that signatures show.
    ///   - secret: The key.
    ///   - account: The account that its calls go to.
    ///   - session: The session it is for, if it is temporary.
    init(id: String, secret: Secret, account: AccountID, session: Session?) {
        self.id = id
        self.secret = secret
        self.account = account
        self.session = session
    }

    /// Reads `ID:SECRET` or `ID:SECRET:ACCOUNT`.
    ///
    /// It is `nil` if the text is written in another way.
    ///
    /// - Parameter text: The text; an account has twelve digits.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts[1].isEmpty else { return nil }
        guard (1...128).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy(\.isKeyID) else {
            return nil
        }
        var account = AccountID.simulated
        if parts.count == 3 {
            guard let given = AccountID(parts[2]) else { return nil }
            account = given
        }
        self.init(id: parts[0], secret: Secret(parts[1]), account: account, session: nil)
    }

    /// Who it is, as STS tells it.
    var principal: (arn: String, userID: String) {
        guard let session else { return ("arn:aws:iam::\(account):user/emulator", id) }
        return (
            "arn:aws:sts::\(account):assumed-role/\(session.role)/\(session.name)",
            "\(id):\(session.name)"
        )
    }
}

extension UInt8 {
    /// Whether a key's id may hold it: a letter, a digit or an underscore.
    fileprivate var isKeyID: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}

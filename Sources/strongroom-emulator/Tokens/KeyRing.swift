import CloudHSM
import CloudHSMWire
import Synchronization

/// Every key that requests may be signed with: those given at the start, and those of sessions.
final class KeyRing: Sendable {
    private let keys: Mutex<[String: AccessKey]>

    /// The account of calls that nobody signed.
    let unsignedAccount: AccountID

    /// Begins with some keys.
    ///
    /// - Parameter keys: The keys; of two with the same id the last counts.
    init(_ keys: [AccessKey]) {
        unsignedAccount = keys.first?.account ?? .simulated
        self.keys = Mutex(Dictionary(keys.map { ($0.id, $0) }) { _, last in last })
    }

    /// A key by its id.
    ///
    /// - Parameter id: The id.
    /// - Returns: The key; `nil` if there is none.
    func key(_ id: String) -> AccessKey? { keys.withLock { $0[id] } }

    /// Makes the key of a session.
    ///
    /// - Parameters:
    ///   - account: The account it is for.
    ///   - role: The role's name.
    ///   - name: The session's name.
    ///   - ends: When it ends, by the real clock.
    ///   - now: The real clock; sessions that ended a day ago are forgotten.
    /// - Returns: The key.
    func makeSession(
        in account: AccountID,
        role: String,
        name: String,
        ends: Timestamp,
        now: Timestamp
    ) -> AccessKey {
        var random = SystemRandomNumberGenerator()
        let key = AccessKey(
            id: "ASIA" + random.text(of: 16, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            secret: Secret(random.text(of: 40, from: Self.letters)),
            account: account,
            session: AccessKey.Session(
                token: Secret(random.text(of: 120, from: Self.letters)),
                role: role,
                name: name,
                ends: ends
            )
        )
        keys.withLock { keys in
            keys = keys.filter { $0.value.session.map { now < $0.ends + .days(1) } ?? true }
            keys[key.id] = key
        }
        return key
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
}

extension RandomNumberGenerator {
    /// Letters drawn by chance.
    fileprivate mutating func text(of length: Int, from alphabet: String) -> String {
        let letters = Array(alphabet)
        return String(
            (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &self)] }
        )
    }
}

internal import CloudHSMWire
internal import Synchronization

/// The secrets that this process has come to hold, wherever they were from, so that none is shown
/// whoever repeats it.
///
/// A secret is noted as it arrives, before anything is done with it, and never forgotten: what is
/// renewed today may be repeated tomorrow.
package final class SecretBook: Sendable {
    /// What is noted.
    struct Notes: Sendable {
        /// The secrets as they are.
        var texts: Set<String> = []

        /// What pieces of them look like.
        var traces = SecretTraces()
    }

    private let state = Mutex(Notes())

    /// Nothing is noted yet.
    package init() {}

    /// All that is noted.
    var notes: Notes { state.withLock { $0 } }

    /// Notes a secret.
    ///
    /// - Parameter text: The secret; nothing happens if it is empty, or known.
    package func note(_ text: String) {
        state.withLock { notes in
            guard !text.isEmpty, notes.texts.insert(text).inserted else { return }
            notes.traces.add(text)
        }
    }

    /// Notes both secrets of a key.
    ///
    /// - Parameter credentials: What requests are signed with.
    func note(_ credentials: SigningCredentials) {
        note(credentials.secretAccessKey.revealed)
        if let token = credentials.sessionToken { note(token.revealed) }
    }
}

import CloudHSM
import CloudHSMWire

/// What the emulator says when it is ready.
struct Greeting {
    let listen: ListenOptions
    let world: WorldOptions
    let authentication: Authentication
    let isDevelopment: Bool
    let start: Timestamp

    /// The lines that say where and how it serves; the first ends with the URL.
    ///
    /// - Parameter port: The port that is listened on.
    /// - Returns: The lines.
    func text(port: Int) -> String {
        let scheme = listen.tlsCertificate == nil ? "http" : "https"
        let host = listen.host.contains(":") ? "[\(listen.host)]" : listen.host
        let kept = world.state.map { "kept in \($0)" } ?? "in memory"
        return """
            listening on \(scheme)://\(host):\(port)
            the world is \(kept); it is \(start) there, at \(world.speed) times real speed
            \(signatures)

            """
    }

    /// What is open to others than this machine's users; `nil` if nothing is.
    var warning: String? {
        guard !listen.isLoopback else { return nil }
        return "others can reach \(listen.host): whoever has a key changes the simulated world"
    }

    private var signatures: String {
        switch authentication.demand {
        case .nothing: return "signatures are not checked"
        case .signature:
            guard isDevelopment else { return "signatures are checked against the keys given" }
            let key = AccessKey.development
            return "signatures are checked against the development key "
                + "AWS_ACCESS_KEY_ID=\(key.id) AWS_SECRET_ACCESS_KEY=\(key.secret.revealed)"
        }
    }
}

import CloudHSM
import CloudHSMWire
import Crypto

/// Who signed a request, and for what.
struct Caller: Sendable {
    /// The account that its calls go to.
    let account: AccountID

    /// The Region it was signed for; `nil` where nobody signed.
    let region: String?

    /// The key; `nil` where nobody signed.
    let key: AccessKey?
}

/// Checks signatures against the keys, by the real clock.
struct Authentication: Sendable {
    /// What is asked of requests.
    enum Demand: Sendable {
        /// A signature by one of the keys.
        case signature
        /// Nothing: who signed is believed, and who did not is let in.
        case nothing
    }

    let demand: Demand
    let keys: KeyRing

    /// Finds out who called.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - service: The name that it must be signed for, such as `cloudhsm`.
    ///   - now: The real clock.
    /// - Returns: The caller.
    /// - Throws: ``Refusal`` by the names AWS gives.
    func caller(
        of request: ReceivedRequest,
        for service: String,
        at now: Timestamp
    ) throws(Refusal) -> Caller {
        switch demand {
        case .nothing: return believed(request)
        case .signature: return try proven(request, for: service, at: now)
        }
    }

    private func proven(
        _ request: ReceivedRequest,
        for service: String,
        at now: Timestamp
    ) throws(Refusal) -> Caller {
        try requireBody(request)
        let verdict = SigV4.verify(request.signable, now: now) { keys.key($0)?.secret }
        switch verdict {
        case .refused(let refusal): throw .signature(refusal)
        case .valid(let id, let region, let signedFor):
            guard signedFor == service else {
                throw .scope("Credential should be scoped to correct service: '\(service)'.")
            }
            guard let key = keys.key(id) else { throw .scope("The key was taken away.") }
            try requireSession(of: key, in: request, at: now)
            return Caller(account: key.account, region: region, key: key)
        }
    }

    /// A digest that came with the request must be the body's own.
    private func requireBody(_ request: ReceivedRequest) throws(Refusal) {
        guard let digest = request.header("x-amz-content-sha256") else { return }
        let digits = SHA256.hash(data: request.signable.body).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }
        guard digest == digits.joined() else {
            throw .scope("The provided 'x-amz-content-sha256' header does not match the body.")
        }
    }

    private func requireSession(
        of key: AccessKey,
        in request: ReceivedRequest,
        at now: Timestamp
    ) throws(Refusal) {
        let token = request.header("x-amz-security-token").map { Secret($0) }
        guard token == key.session?.token else {
            throw Refusal(
                status: 400,
                name: "UnrecognizedClientException",
                message: "The security token included in the request is invalid."
            )
        }
        guard let session = key.session, now >= session.ends else { return }
        throw Refusal(
            status: 400,
            name: "ExpiredTokenException",
            message: "The security token included in the request is expired"
        )
    }

    /// Takes the key and the Region from a signature that nobody checks.
    private func believed(_ request: ReceivedRequest) -> Caller {
        let header = request.header("authorization") ?? ""
        let credential = header.split { $0 == " " || $0 == "," }
            .first { $0.hasPrefix("Credential=") }
        let parts = (credential?.dropFirst("Credential=".count) ?? "").split(separator: "/")
        let key = parts.first.flatMap { keys.key(String($0)) }
        return Caller(
            account: key?.account ?? keys.unsignedAccount,
            region: parts.count == 5 ? String(parts[2]) : nil,
            key: key
        )
    }
}

internal import CloudHSM
internal import CloudHSMWire
internal import StrongroomModel

/// What became of a call that was sent once.
enum CallOutcome: Sendable {
    /// What the service says of a call that it did not look into.
    struct Refusal: Sendable {
        /// The exception's name.
        let name: String

        /// The name and the service's text.
        let text: String
    }

    /// The service answered.
    case answered(Answer)
    /// The service refused it, or says that it failed; and by which name.
    case refused(ServiceException, name: String)
    /// Too many requests; certainly not carried out.
    case throttled(Refusal)
    /// The session has ended; certainly not carried out.
    case sessionEnded(Refusal)
    /// The signature or its key is not accepted; certainly not carried out.
    case unsigned(Refusal)
    /// The signature's date is off; certainly not carried out.
    case clockOff(String)
    /// It was turned away, or never left; certainly not carried out.
    case turnedAway(String)
    /// The connection did not come to be or was lost; whether it was carried out depends.
    case lost(HTTPFailure)
    /// An answer that does not tell whether it was carried out: the status, and what is wrong.
    case unclear(status: Int, String)

    /// Reads an answer.
    init(
        _ response: HTTPMessageResponse,
        to call: Call,
        at place: Place,
        hiding secrets: KnownSecrets
    ) {
        let status = response.status
        if response.isRedirect {
            self = .turnedAway(Self.redirect(response, secrets))
        } else if (200...299).contains(status) {
            do {
                self = .answered(
                    try AnswerCoding.decode(
                        response.body,
                        of: call,
                        region: place.region,
                        account: place.account
                    ).hiding(secrets)
                )
            } catch {
                self = .unclear(status: status, secrets.scrubbed("\(error)"))
            }
        } else {
            let failure = ErrorCoding.decode(
                status: status,
                headers: response.headers.map { ($0.name, $0.value) },
                body: response.body
            )
            let name = ErrorCoding.name(
                headers: response.headers.map { ($0.name, $0.value) },
                body: response.body
            )
            self.init(
                failure.hiding(secrets),
                named: name.map(secrets.said),
                status: status
            )
        }
    }

    private init(_ failure: WireFailure, named name: String?, status: Int) {
        let text = "\(failure)"
        switch failure {
        case .exception(let exception):
            // A refusal that comes as a server's fault may have been carried out all the same.
            self =
                status >= 500 && exception.certainlyNotDone
                ? .unclear(status: status, text)
                : .refused(exception, name: name ?? exception.kind.rawValue)
        case .throttled(let name, _): self = .throttled(Refusal(name: name, text: text))
        case .expiredToken(let name, _): self = .sessionEnded(Refusal(name: name, text: text))
        case .clock: self = .clockOff(text)
        case .signature(let name, _): self = .unsigned(Refusal(name: name, text: text))
        case .unrecognised(_, let name, _):
            // An exception of the client's kind means that nothing was done, whatever its name; one
            // that speaks of time may have been sent while the call still went on.
            let isClients = (400...499).contains(status) && status != 408
            self =
                isClients && !name.contains("Timeout")
                ? .turnedAway(text) : .unclear(status: status, text)
        case .notJSON(_, let excerpt):
            let behind = excerpt.isEmpty ? "" : ": \(excerpt)"
            self = .unclear(status: status, "there is no known error in its body\(behind)")
        }
    }

    private static func redirect(
        _ response: HTTPMessageResponse,
        _ secrets: KnownSecrets
    ) -> String {
        let target = secrets.said(response.header("Location") ?? "nowhere")
        let printable = target.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }
        return
            "the endpoint answered with a redirect (HTTP \(response.status)) to "
            + "\(String(String.UnicodeScalarView(printable)).prefix(120)), which is never followed; "
            + "check the endpoint"
    }
}

extension CallOutcome {
    /// The answer to a call that changes something, which is not sent again by us.
    ///
    /// - Throws: ``ServiceException``, ``CallNotDone`` or ``CallInDoubt``, as
    ///   ``HSMCaller/send(_:)`` says.
    func answer(from place: Place) throws -> Answer {
        switch self {
        case .answered(let answer): return answer
        case .refused(let exception, _): throw exception
        case .throttled(let refusal): throw ServiceException(.throttling, refusal.text)
        case .sessionEnded(let refusal):
            throw CallNotDone(
                "the session for \(place) has ended (\(refusal.text)); the next call renews it"
            )
        case .clockOff(let text):
            throw CallNotDone(
                "\(place) does not take the signature's date (\(text)); "
                    + "set this machine's clock right"
            )
        case .unsigned(let refusal): throw CallNotDone("\(place): \(refusal.text)")
        case .turnedAway(let text): throw CallNotDone("\(place): \(text)")
        case .lost(let failure):
            switch failure.sending {
            case .certainlyNotSent: throw CallNotDone("\(failure)")
            case .mayHaveBeenSent: throw CallInDoubt("\(failure)")
            }
        case .unclear(let status, let text):
            throw CallInDoubt("\(place) answered HTTP \(status), and \(text)")
        }
    }

    /// For a line of a log.
    var word: String {
        switch self {
        case .answered: "answered"
        case .refused(let exception, _): exception.kind.rawValue
        case .throttled: "throttled"
        case .sessionEnded: "session ended"
        case .clockOff: "clock off"
        case .turnedAway, .unsigned: "turned away"
        case .lost(let failure): "\(failure)"
        case .unclear: "unclear"
        }
    }
}

extension WireFailure {
    /// The same, with nothing secret in what the service wrote.
    fileprivate func hiding(_ secrets: KnownSecrets) -> WireFailure {
        let hide = secrets.said
        return switch self {
        case .exception(let exception):
            .exception(ServiceException(exception.kind, hide(exception.message)))
        case .throttled(let name, let message):
            .throttled(name: hide(name), message: hide(message))
        case .expiredToken(let name, let message):
            .expiredToken(name: hide(name), message: hide(message))
        case .clock(let name, let message): .clock(name: hide(name), message: hide(message))
        case .signature(let name, let message):
            .signature(name: hide(name), message: hide(message))
        case .unrecognised(let status, let name, let message):
            .unrecognised(status: status, name: hide(name), message: hide(message))
        case .notJSON(let status, let excerpt):
            .notJSON(status: status, excerpt: hide(excerpt))
        }
    }
}

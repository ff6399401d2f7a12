internal import CloudHSM
internal import CloudHSMWire
internal import Foundation
internal import Logging
internal import StrongroomModel
internal import StrongroomText

/// Writes every exchange at TRACE: everything but secrets.
struct CallLog: Sendable {
    let logger: Logger

    /// Notes an exchange.
    ///
    /// - Parameters:
    ///   - call: What was asked.
    ///   - place: Whom.
    ///   - attempt: Which attempt it was, from 1.
    ///   - prepared: The request.
    ///   - response: The answer, if there was one.
    ///   - outcome: What it means.
    ///   - secrets: What must not be shown.
    ///   - duration: How long it took.
    func note(
        _ call: Call,
        at place: Place,
        attempt: Int,
        _ prepared: PreparedRequest,
        _ response: HTTPMessageResponse?,
        _ outcome: CallOutcome,
        hiding secrets: KnownSecrets,
        took duration: Duration
    ) {
        guard logger.logLevel <= .trace else { return }
        var metadata: Logger.Metadata = [
            "attempt": "\(attempt)",
            "endpoint": "\(prepared.origin)",
            "milliseconds": "\(duration.wholeMilliseconds)",
            "operation": "\(call.operation)",
            "outcome": "\(secrets.said(outcome.word))",
            "place": "\(place)",
            "request": "\(LoggedBody.text(prepared.request.body, hiding: secrets))",
        ]
        if let response {
            metadata["status"] = "\(response.status)"
            metadata["requestId"] = "\(secrets.scrubbed(Self.requestID(of: response)))"
            metadata["answer"] = "\(Self.text(of: response, hiding: secrets))"
        }
        logger.trace("call", metadata: metadata)
    }

    private static func text(
        of response: HTTPMessageResponse,
        hiding secrets: KnownSecrets
    ) -> String {
        let text = LoggedBody.text(response.body, hiding: secrets)
        return (200...299).contains(response.status) ? text : secrets.said(text)
    }

    private static func requestID(of response: HTTPMessageResponse) -> String {
        let text = response.header("x-amzn-RequestId") ?? response.header("x-amz-request-id") ?? "-"
        let printable = text.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }
        return String(String(String.UnicodeScalarView(printable)).prefix(64))
    }
}

/// Bodies as a log may show them.
enum LoggedBody {
    /// JSON with what is secret in it replaced; of anything else only how long it is.
    static func text(_ body: [UInt8], hiding secrets: KnownSecrets) -> String {
        guard !body.isEmpty else { return "" }
        guard
            let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)),
            let bytes = try? JSONWriting.bytes(value.withoutSecrets, .line)
        else { return "\(body.count) bytes that are not JSON" }
        return secrets.scrubbed(String(decoding: bytes, as: UTF8.self))
    }
}

extension JSONValue {
    /// The value, with the value of every member replaced whose name says that it is a secret.
    fileprivate var withoutSecrets: JSONValue {
        switch self {
        case .null, .bool, .integer, .number, .string: self
        case .array(let values): .array(values.map(\.withoutSecrets))
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        let isSecret = Self.isSecret(name)
                        return (
                            name,
                            isSecret ? .string(KnownSecrets.redacted) : value.withoutSecrets
                        )
                    }
                )
            )
        }
    }

    /// `PreCoPassword` is the only secret of the API; others are not to slip in with a new version.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        if name == "nexttoken" { return false }
        return ["password", "secret", "token", "credential", "privatekey"].contains {
            name.contains($0)
        }
    }
}

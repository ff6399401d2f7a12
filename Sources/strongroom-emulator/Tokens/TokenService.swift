import CloudHSM
import CloudHSMWire
import Foundation

/// As much of AWS STS as a client of CloudHSM needs: who it is, and roles.
///
/// Every role of every account may be taken by every key. Source: AWS STS API Reference,
/// "GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"; query protocol, 2011-06-15.
struct TokenService: Sendable {
    /// The name that its requests are signed for.
    static let signingName = "sts"

    let authentication: Authentication

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - request: A form of the query protocol.
    ///   - id: The request's id.
    ///   - now: The real clock.
    /// - Returns: The answer, a refusal included.
    func reply(to request: ReceivedRequest, id: String, at now: Timestamp) -> Reply {
        let form = QueryText.pairs(of: String(decoding: request.signable.body, as: UTF8.self))
        do throws(Refusal) {
            switch form.value("Action") {
            case "GetCallerIdentity"?:
                return identity(of: try caller(of: request, at: now), id: id)
            case "AssumeRole"?:
                _ = try caller(of: request, at: now)
                return try session(for: form, "AssumeRole", id: id, at: now)
            case "AssumeRoleWithWebIdentity"?:
                // Nobody signs this one: the identity token stands for the signature.
                guard form.value("WebIdentityToken")?.isEmpty == false else {
                    throw Self.invalid("WebIdentityToken is missing")
                }
                return try session(for: form, "AssumeRoleWithWebIdentity", id: id, at: now)
            case let action:
                throw Refusal(
                    status: 400,
                    name: "InvalidAction",
                    message: "Could not find operation \(action ?? "") for version 2011-06-15"
                )
            }
        } catch {
            return STSAnswer.refusal(error, id: id)
        }
    }

    private func caller(
        of request: ReceivedRequest,
        at now: Timestamp
    ) throws(Refusal) -> Caller {
        do throws(Refusal) {
            return try authentication.caller(of: request, for: Self.signingName, at: now)
        } catch {
            throw error.inQueryProtocol
        }
    }

    private func identity(of caller: Caller, id: String) -> Reply {
        let unsigned = ("arn:aws:iam::\(caller.account):root", "\(caller.account)")
        let (arn, userID) = caller.key?.principal ?? unsigned
        return STSAnswer.result(
            of: "GetCallerIdentity",
            [("Arn", arn), ("UserId", userID), ("Account", "\(caller.account)")],
            id: id
        )
    }

    private func session(
        for form: [(String, String)],
        _ action: String,
        id: String,
        at now: Timestamp
    ) throws(Refusal) -> Reply {
        let (account, role) = try Self.role(form.value("RoleArn") ?? "")
        let name = form.value("RoleSessionName") ?? ""
        guard (2...64).contains(name.utf8.count) else {
            throw Self.invalid("RoleSessionName must have 2 to 64 characters")
        }
        let seconds = form.value("DurationSeconds").map { Int($0) ?? 0 } ?? 3_600
        guard (900...43_200).contains(seconds) else {
            throw Self.invalid("DurationSeconds must be from 900 to 43200")
        }
        let ends = now + .seconds(seconds)
        let key = authentication.keys.makeSession(
            in: account,
            role: role,
            name: name,
            ends: ends,
            now: now
        )
        return STSAnswer.session(key, of: action, id: id)
    }

    private static func role(_ arn: String) throws(Refusal) -> (AccountID, String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard
            parts.count == 6, parts[0] == "arn", parts[2] == "iam",
            let account = AccountID(String(parts[4])), parts[5].hasPrefix("role/"),
            let role = parts[5].split(separator: "/").dropFirst().last
        else { throw invalid("\(arn) is invalid") }
        return (account, String(role))
    }

    private static func invalid(_ message: String) -> Refusal {
        Refusal(status: 400, name: "ValidationError", message: message)
    }
}

extension Refusal {
    /// The same by the names and statuses of AWS's query services.
    fileprivate var inQueryProtocol: Refusal {
        switch name {
        case "InvalidSignatureException":
            let isDate = message.contains("expired") || message.contains("not yet current")
            return Refusal(
                status: 403,
                name: isDate ? "RequestExpired" : "SignatureDoesNotMatch",
                message: message
            )
        case "UnrecognizedClientException":
            return Refusal(status: 403, name: "InvalidClientTokenId", message: message)
        case "ExpiredTokenException":
            return Refusal(status: 403, name: "ExpiredToken", message: message)
        case "MissingAuthenticationTokenException":
            return Refusal(status: 403, name: "MissingAuthenticationToken", message: message)
        case "IncompleteSignatureException":
            return Refusal(status: 400, name: "IncompleteSignature", message: message)
        default: return self
        }
    }
}

extension [(String, String)] {
    /// The first value of a name.
    fileprivate func value(_ name: String) -> String? { first { $0.0 == name }?.1 }
}

internal import CloudHSM
public import StrongroomModel

extension UnreadReason {
    /// AWS does not accept a signature or its key.
    ///
    /// - Parameters:
    ///   - source: Where the credentials are from.
    ///   - name: How AWS calls it.
    /// - Returns: The reason.
    static func refused(_ source: String, _ name: String) -> UnreadReason {
        UnreadReason(
            "AWS refused the credentials from \(forPeople(source)) (\(name))",
            next: whoAmI
        )
    }

    /// AWS says that a session is over.
    ///
    /// - Parameters:
    ///   - source: Where the credentials are from.
    ///   - name: How AWS calls it; or when they ended.
    /// - Returns: The reason.
    static func ended(_ source: String, _ name: String) -> UnreadReason {
        UnreadReason(
            "the credentials from \(forPeople(source)) have expired (\(name))",
            next: "renew them, then \(whoAmI)"
        )
    }

    fileprivate static let whoAmI = "aws sts get-caller-identity"

    /// What stands in the environment is named by its variable alone.
    fileprivate static func forPeople(_ source: String) -> String {
        source.replacing("environment (AWS_ACCESS_KEY_ID)", with: "AWS_ACCESS_KEY_ID")
    }
}

extension CredentialFault: ReadingFailure {
    /// Why nothing was read with these credentials.
    public var unreadReason: UnreadReason {
        let source = UnreadReason.forPeople(source)
        switch kind {
        case .nothingConfigured(let places):
            return UnreadReason(
                "there are no AWS credentials on this machine: \(places.joined(separator: "; "))",
                next: "set AWS_PROFILE, or any other source that the AWS CLI takes"
            )
        case .refused(let status, let code): return refusal(status, code, source)
        case .unanswered(let failure):
            let reason = failure.unreadReason
            return UnreadReason(
                "\(reason.cause), so the credentials from \(source) cannot be used",
                next: reason.next
            )
        case .expired(let moment): return .ended(source, "at \(moment)")
        case .malformedAnswer:
            return UnreadReason(
                "no credentials from \(source): \(kind.text)",
                next: "find out what answers there: a proxy or a login page may stand between"
            )
        case .partial, .unreadable, .malformedFile, .unknownProfile, .emptyProfile, .profileLoop,
            .unusableKeys, .unsafeFile, .helper, .forbiddenAddress, .malformedValue, .noRegion,
            .endpoint:
            return UnreadReason("no credentials from \(source): \(kind.text)")
        }
    }

    private func refusal(_ status: Int, _ code: String?, _ source: String) -> UnreadReason {
        switch code {
        case "AccessDenied"?, "AccessDeniedException"?:
            return UnreadReason(
                "AWS denied the role: \(source) (AccessDenied)",
                next: "let the role's trust policy name whoever aws sts get-caller-identity shows"
            )
        case "ExpiredToken"?, "ExpiredTokenException"?, "RequestExpired"?:
            return .ended(source, code ?? "")
        case let code? where Self.signatureNames.contains(code): return .refused(source, code)
        default: return UnreadReason("no credentials from \(source): \(kind.text)")
        }
    }

    /// How STS says that a signature, its key or the token behind it is not accepted.
    ///
    /// Source: AWS STS API Reference, "Common Errors", "AssumeRoleWithWebIdentity".
    private static let signatureNames: Set<String> = [
        "AuthFailure", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidIdentityToken", "InvalidSignatureException", "MissingAuthenticationToken",
        "OptInRequired", "SignatureDoesNotMatch", "UnrecognizedClientException",
    ]
}

extension WrongPlace: ReadingFailure {
    /// What does not fit together, and what next.
    public var unreadReason: UnreadReason {
        switch self {
        case .account(_, let identity):
            UnreadReason(
                "the credentials are of another account, \(identity.account) (\(identity))",
                next: "choose another profile, or write roleArn for the account in the fleet"
            )
        case .partition(_, let identity):
            UnreadReason(
                "the credentials are of another partition, \(identity.partition.rawValue) "
                    + "(\(identity))",
                next: "choose another profile"
            )
        case .roleOfAccount(let role, _):
            UnreadReason(
                "\(role) is a role of another account",
                next: "write a role of this account"
            )
        case .roleOfPartition(let role, _):
            UnreadReason("\(role) is of another partition, \(role.partition.rawValue)")
        }
    }
}

extension EndpointFault: ReadingFailure {
    /// What is wrong; no Region is named.
    public var unreadReason: UnreadReason {
        switch self {
        case .partition(_, let name):
            UnreadReason("CloudHSM has no endpoint that can be used in \(name)")
        case .otherRegion(let name, let host, _):
            UnreadReason(
                "\(name) names \(host), which is of another Region",
                next: "take \(name) away: AWS's own endpoints are found by Region"
            )
        case .unknownRegion, .malformed, .unencrypted, .combined, .contradiction, .malformedSwitch:
            UnreadReason("\(self)")
        }
    }
}

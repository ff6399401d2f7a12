/// Why there are no credentials.
public struct CredentialFault: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// Nothing is configured, and the machine has no role; what was looked at.
        case nothingConfigured([String])
        /// Half of what belongs together: what is there and what is not.
        case partial(has: String, lacks: String)
        /// A file cannot be read.
        case unreadable(path: String, FileFault)
        /// A file is not what it should be: path, line and reason.
        case malformedFile(path: String, line: Int, reason: String)
        /// A profile that nobody wrote; and what is written instead, if it is nearly it.
        case unknownProfile(String, hint: String?)
        /// A profile without credentials.
        case emptyProfile(String)
        /// Profiles that lead back to themselves.
        case profileLoop([String])
        /// Keys of a profile that cannot be used, and what next.
        case unusableKeys(profile: String, reason: String)
        /// The file that names a program to run can be changed by others.
        case unsafeFile(path: String, reason: String)
        /// The helper program did not give credentials.
        case helper(String)
        /// An address that credentials may not be asked of.
        case forbiddenAddress(variable: String, reason: String)
        /// An answer that is not credentials; never its content.
        case malformedAnswer(String)
        /// A refusal by the other end, by status and name.
        case refused(status: Int, code: String?)
        /// The other end did not answer, and how that came about.
        case unanswered(HTTPFailure)
        /// A value that cannot be used, such as a token with a line break in it.
        case malformedValue(name: String, reason: String)
        /// Credentials that had ended when they came.
        case expired(at: String)
        /// No Region to ask STS in.
        case noRegion
        /// Somewhere that cannot be spoken to.
        case endpoint(EndpointFault)
    }

    /// Where, for people.
    public let source: String

    /// What is wrong.
    public let kind: Kind

    /// Says what is wrong with a source.
    ///
    /// - Parameters:
    ///   - source: The source, for people.
    ///   - kind: What is wrong.
    public init(_ source: String, _ kind: Kind) {
        self.source = source
        self.kind = kind
    }
}

extension CredentialFault: CustomStringConvertible {
    /// What is wrong, where, and what next; never a secret.
    public var description: String { "credentials from \(source): \(kind.text)" }
}

extension CredentialFault.Kind {
    /// What is wrong, for people.
    var text: String {
        switch self {
        case .nothingConfigured(let places):
            "none are configured: \(places.joined(separator: "; ")); set AWS_PROFILE, or any "
                + "other source that the AWS CLI takes"
        case .partial(let has, let lacks): "\(has) is given, but \(lacks) is not; give both"
        case .unreadable(let path, let fault): "\(path): \(fault)"
        case .malformedFile(let path, let line, let reason): "\(path):\(line): \(reason)"
        case .unknownProfile(let name, let hint):
            "there is no profile \(escaped(name))" + (hint.map { "; \($0)" } ?? "")
        case .emptyProfile(let name): "the profile \(escaped(name)) has no credentials"
        case .profileLoop(let names):
            "source_profile leads back: " + names.map(escaped).joined(separator: " → ")
        case .unusableKeys(let profile, let reason): "the profile \(escaped(profile)) \(reason)"
        case .unsafeFile(let path, let reason):
            "\(path) names a program to run, and \(reason); "
                + "it must be yours and writable by nobody else: chmod go-w \(path)"
        case .helper(let reason): reason
        case .forbiddenAddress(let variable, let reason): "the address in \(variable) \(reason)"
        case .malformedAnswer(let reason): "the answer is not credentials: \(reason)"
        case .refused(let status, let code):
            "refused with HTTP \(status)" + (code.map { " \(Self.shown($0))" } ?? "")
        case .unanswered(let failure): "\(failure)"
        case .malformedValue(let name, let reason): "\(name) \(reason)"
        case .expired(let moment): "they ended at \(moment) already; check this machine's clock"
        case .noRegion:
            "no Region to ask STS in; set AWS_REGION, or region in the profile"
        case .endpoint(let fault): "\(fault)"
        }
    }
}

extension CredentialFault.Kind {
    /// A name that the other end chose, unless it may be what was sent to it.
    private static func shown(_ code: String) -> String {
        OrdinaryText.isOrdinary(code)
            ? escaped(code) : "(a name of \(code.count) characters, left out: it may be a secret)"
    }
}

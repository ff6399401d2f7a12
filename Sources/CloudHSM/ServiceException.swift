/// A refusal or failure, as the service names it; each carries only a message.
///
/// Source: `API` and `REF`, the whole set of declared exceptions.
public struct ServiceException: Error, Hashable, Sendable {
    /// The exceptions the service declares, and what undeclared ones are taken for.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Malformed input, and every wrong state or unmet precondition.
        case invalidRequest = "CloudHsmInvalidRequestException"
        /// Unknown cluster, HSM or backup; a wrong Region looks the same.
        case resourceNotFound = "CloudHsmResourceNotFoundException"
        /// The caller lacks a permission.
        case accessDenied = "CloudHsmAccessDeniedException"
        /// A tag condition or tag write failed.
        case tag = "CloudHsmTagException"
        /// A limit was hit; declared only for TagResource.
        case resourceLimitExceeded = "CloudHsmResourceLimitExceededException"
        /// Unspecific failure.
        case service = "CloudHsmServiceException"
        /// Service fault, documented as retryable.
        case internalFailure = "CloudHsmInternalFailureException"
        /// Throttling, undeclared but common to AWS JSON services; the call was not carried out.
        case throttling = "ThrottlingException"
    }

    /// Which exception.
    public let kind: Kind

    /// The service's text: shown, never branched on.
    public let message: String

    /// Describes a refusal.
    ///
    /// - Parameters:
    ///   - kind: Which exception.
    ///   - message: The service's text.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the call certainly was not carried out, so that asking again is safe.
    public var certainlyNotDone: Bool {
        switch kind {
        case .invalidRequest, .resourceNotFound, .accessDenied, .tag, .resourceLimitExceeded,
            .throttling:
            true
        case .service, .internalFailure: false
        }
    }
}

extension ServiceException: CustomStringConvertible {
    /// The exception's name and text.
    public var description: String { "\(kind.rawValue): \(message)" }
}

extension ServiceException {
    /// The refusal of malformed input and of every wrong state.
    ///
    /// - Parameter message: What was wrong.
    /// - Returns: An invalid-request exception.
    public static func invalid(_ message: String) -> ServiceException {
        ServiceException(.invalidRequest, message)
    }

    /// The refusal of an id the service does not know in that Region.
    ///
    /// - Parameter name: The id.
    /// - Returns: A not-found exception.
    public static func notFound(_ name: some CustomStringConvertible) -> ServiceException {
        ServiceException(.resourceNotFound, "\(name) was not found")
    }
}

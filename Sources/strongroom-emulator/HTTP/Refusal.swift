import CloudHSM
import CloudHSMWire

/// Why a request is refused before, or beside, what the service itself refuses.
struct Refusal: Error, Hashable, Sendable {
    /// The HTTP status.
    let status: Int

    /// The exception's name.
    let name: String

    /// Its text.
    let message: String

    /// A body beyond what is read.
    static let tooLarge = Refusal(
        status: 413,
        name: "RequestEntityTooLargeException",
        message: "Request body is too large."
    )

    /// An operation, path, method or content type that the service does not know.
    ///
    /// - Parameters:
    ///   - message: What was asked for.
    ///   - status: The HTTP status.
    /// - Returns: The refusal.
    static func unknownOperation(_ message: String, status: Int = 400) -> Refusal {
        Refusal(status: status, name: "UnknownOperationException", message: message)
    }

    /// A body that cannot be read.
    ///
    /// - Parameter message: What is wrong with it.
    /// - Returns: The refusal.
    static func serialization(_ message: String) -> Refusal {
        Refusal(status: 400, name: "SerializationException", message: message)
    }

    /// A signature that is not accepted.
    ///
    /// - Parameter refusal: Why.
    /// - Returns: The refusal.
    static func signature(_ refusal: SignatureRefusal) -> Refusal {
        Refusal(status: 400, name: refusal.name.rawValue, message: refusal.message)
    }

    /// A signature that is right but not for this.
    ///
    /// - Parameter message: What it is not for.
    /// - Returns: The refusal.
    static func scope(_ message: String) -> Refusal {
        Refusal(status: 400, name: "InvalidSignatureException", message: message)
    }

    /// A Region that does not answer, as far as HTTP can tell.
    ///
    /// - Parameter region: The Region.
    /// - Returns: The refusal.
    static func silent(_ region: Region) -> Refusal {
        Refusal(
            status: 503,
            name: "ServiceUnavailableException",
            message: "\(region) does not answer."
        )
    }

    /// A fault of the emulator itself, whose cause stands in its own output.
    static let internalFailure = Refusal(
        status: 500,
        name: ServiceException.Kind.internalFailure.rawValue,
        message: "The emulator failed; its standard error says why."
    )
}

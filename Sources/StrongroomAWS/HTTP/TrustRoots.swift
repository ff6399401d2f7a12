internal import NIOSSL

/// The certificates that others' certificates must be signed by.
public enum TrustRoots: Hashable, Sendable {
    /// The operating system's.
    case system
    /// Those in a PEM file, and no others: the file that `AWS_CA_BUNDLE` names.
    case file(String)

    /// Reads which roots an environment asks for.
    ///
    /// - Parameter variables: The environment; an empty `AWS_CA_BUNDLE` counts as absent.
    public init(variables: [String: String]) {
        self = variables["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : .file($0) } ?? .system
    }

    /// The roots in the form the TLS library takes.
    ///
    /// - Returns: The roots.
    /// - Throws: ``Unusable`` if the file holds none.
    func load() throws(Unusable) -> NIOSSLTrustRoots {
        switch self {
        case .system: return .default
        case .file(let path):
            guard let roots = try? NIOSSLCertificate.fromPEMFile(path), !roots.isEmpty else {
                throw Unusable(path: path)
            }
            return .certificates(roots)
        }
    }

    /// A file that holds no certificates; nothing else is trusted in its place.
    public struct Unusable: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file.
        public let path: String

        /// What is wrong, and what next.
        public var description: String {
            "\(path) cannot be read or holds no PEM certificate; "
                + "let AWS_CA_BUNDLE name a file of root certificates, or take it away to trust "
                + "those of the system"
        }
    }
}

/// The certificates to claim a cluster with.
public struct DesiredInitialization: Hashable, Sendable {
    /// The cluster's signed certificate.
    public let certificate: CertificateFile

    /// The certificate that signed it.
    public let trustAnchor: CertificateFile

    /// Names both files.
    ///
    /// - Parameters:
    ///   - certificate: The cluster's signed certificate.
    ///   - trustAnchor: The certificate that signed it.
    public init(certificate: CertificateFile, trustAnchor: CertificateFile) {
        self.certificate = certificate
        self.trustAnchor = trustAnchor
    }
}

/// A certificate file that a manifest names.
public struct CertificateFile: Hashable, Sendable {
    /// The path as resolved against the manifest.
    public let path: String

    /// The PEM text; `nil` while the file is not there, as before the request can be signed.
    public let content: String?

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - path: The path as resolved.
    ///   - content: The PEM text, if the file is there.
    public init(path: String, content: String?) {
        self.path = path
        self.content = content
    }
}

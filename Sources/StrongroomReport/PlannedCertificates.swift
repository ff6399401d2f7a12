internal import StrongroomModel

/// The certificates a cluster is claimed with: their files, and digests of what the files held.
public struct PlannedCertificates: Hashable, Sendable, Codable {
    /// The file of the cluster's signed certificate.
    public let certificate: String

    /// SHA-256 of its text; absent while the file is not there.
    public let certificateSHA256: String?

    /// The file of the certificate that signed it.
    public let trustAnchor: String

    /// SHA-256 of its text; absent while the file is not there.
    public let trustAnchorSHA256: String?

    init(_ files: DesiredInitialization) {
        certificate = files.certificate.path
        certificateSHA256 = files.certificate.content.map { SHA256Text.digest(of: $0.utf8) }
        trustAnchor = files.trustAnchor.path
        trustAnchorSHA256 = files.trustAnchor.content.map { SHA256Text.digest(of: $0.utf8) }
    }

    private init(withoutPathsOf other: PlannedCertificates) {
        certificate = ""
        certificateSHA256 = other.certificateSHA256
        trustAnchor = ""
        trustAnchorSHA256 = other.trustAnchorSHA256
    }

    /// The same texts, wherever they lie.
    var withoutPaths: PlannedCertificates { PlannedCertificates(withoutPathsOf: self) }
}

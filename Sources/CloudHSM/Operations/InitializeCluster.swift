/// Claims a cluster: its signing request, signed, and the certificate that signed it.
///
/// Source: `API`; `UG:initialize-cluster` (a self-signed RSA-2048 or RSA-4096 root).
public struct InitializeCluster: Hashable, Sendable {
    /// The longest certificate the operation takes, in characters (`API`, text of both inputs).
    public static let longestCertificate = 5_000

    /// The cluster to claim.
    public let cluster: ClusterID

    /// The cluster's signed certificate, PEM.
    public let signedCertificate: String

    /// The certificate that signed it, PEM.
    public let trustAnchor: String

    /// Describes the claim.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to claim.
    ///   - signedCertificate: The cluster's signed certificate, PEM.
    ///   - trustAnchor: The certificate that signed it, PEM.
    public init(cluster: ClusterID, signedCertificate: String, trustAnchor: String) {
        self.cluster = cluster
        self.signedCertificate = signedCertificate
        self.trustAnchor = trustAnchor
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The cluster as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        guard target.state == .uninitialized else {
            return .invalid("\(cluster) is \(target.state), not UNINITIALIZED")
        }
        guard target.signingRequest != nil else {
            return .invalid("\(cluster) has no signing request: its first HSM is not ready")
        }
        for certificate in [signedCertificate, trustAnchor] {
            guard Self.looksLikeCertificate(certificate) else {
                return .invalid("a certificate must be PEM, at most 5000 characters")
            }
        }
        return nil
    }

    /// Whether a text has the outer form the operation demands.
    ///
    /// - Parameter text: What a certificate file holds.
    /// - Returns: Whether it is framed as a PEM certificate and short enough.
    public static func looksLikeCertificate(_ text: String) -> Bool {
        text.count <= longestCertificate
            && text.contains("-----BEGIN CERTIFICATE-----")
            && text.contains("-----END CERTIFICATE-----")
    }
}

internal import CloudHSM
internal import StrongroomModel

/// A signing request that waits for a person.
public struct SigningStatus: Hashable, Sendable, Codable {
    /// The certificate signing request, PEM.
    public let request: String

    /// Where the manifest expects the signed certificate; absent where it names none.
    public let certificate: String?

    /// A request waits while the cluster shows one and the manifest's certificate is not there.
    init?(of cluster: Cluster?, desired: DesiredInitialization?) {
        guard let cluster, cluster.state == .uninitialized, let request = cluster.signingRequest
        else { return nil }
        if let desired, desired.certificate.content != nil, desired.trustAnchor.content != nil {
            return nil
        }
        self.request = request
        certificate = desired?.certificate.path
    }
}

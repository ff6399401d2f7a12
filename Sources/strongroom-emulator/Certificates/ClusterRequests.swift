import CloudHSM
import StrongroomSimulator
import Synchronization

/// Puts signing requests that OpenSSL can read in the place of the simulator's, and checks what
/// comes back.
final class ClusterRequests: Sendable {
    /// A request for each of the simulator's texts: its signature is made once.
    private let made = Mutex<[String: ClusterRequest]>([:])

    /// The cluster with a request that OpenSSL can read.
    ///
    /// - Parameter cluster: The cluster as the simulator has it.
    /// - Returns: The cluster as the wire shows it.
    func shown(_ cluster: Cluster) -> Cluster {
        guard let simulated = cluster.signingRequest, let request = request(simulated, cluster.id)
        else { return cluster }
        var shown = cluster
        shown.certificates["ClusterCsr"] = request.pem
        return shown
    }

    /// An answer with requests that OpenSSL can read.
    ///
    /// - Parameter answer: The answer as the simulator gives it.
    /// - Returns: The answer as the wire shows it.
    func shown(_ answer: Answer) -> Answer {
        switch answer {
        case .cluster(let cluster): .cluster(shown(cluster))
        case .clusters(let clusters, let nextToken):
            .clusters(clusters.map { shown($0) }, nextToken: nextToken)
        case .initialization, .hsm, .hsmID, .backup, .backups, .destinationBackup, .tags,
            .resourcePolicy, .empty:
            answer
        }
    }

    /// A claim whose certificate was found to be the cluster's.
    ///
    /// The certificate must hold the key of the cluster's present request. A request that merely
    /// was framed as a certificate, which is how simulated worlds sign, is taken for one.
    ///
    /// - Parameters:
    ///   - call: The claim as it came.
    ///   - cluster: The cluster as the simulator has it.
    /// - Returns: The claim as the simulator takes it.
    /// - Throws: The service's refusal of a certificate that is not the cluster's.
    func checked(
        _ call: InitializeCluster,
        of cluster: Cluster?
    ) throws(ServiceException) -> InitializeCluster {
        guard
            let cluster, let simulated = cluster.signingRequest,
            let request = request(simulated, cluster.id)
        else { return call }
        // Both are brought to one form: how the lines are broken says nothing.
        let framed = SimulatedCertificate.signed(call.signedCertificate)
        if framed == SimulatedCertificate.signed(request.pem) {
            return InitializeCluster(
                cluster: call.cluster,
                signedCertificate: SimulatedCertificate.signed(simulated),
                trustAnchor: call.trustAnchor
            )
        }
        guard let key = CertificateKey(ofPEM: call.signedCertificate) else {
            throw .invalid("InvalidCertificate: the signed certificate cannot be read")
        }
        guard key.bytes == request.publicKey else {
            throw .invalid(
                "InvalidCertificate: the signed certificate was not made from the present "
                    + "signing request of \(cluster.id)"
            )
        }
        guard CertificateKey(ofPEM: call.trustAnchor) != nil else {
            throw .invalid("InvalidCertificate: the trust anchor cannot be read")
        }
        return call
    }

    private func request(_ simulated: String, _ cluster: ClusterID) -> ClusterRequest? {
        made.withLock { made in
            if let request = made[simulated] { return request }
            let request = ClusterRequest(for: simulated, of: cluster)
            made[simulated] = request
            return request
        }
    }
}

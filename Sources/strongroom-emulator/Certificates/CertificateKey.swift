import NIOSSL

/// The public key in a certificate.
struct CertificateKey: Hashable, Sendable {
    /// The key's encoding, algorithm and all.
    let bytes: [UInt8]

    /// Reads the first certificate of a PEM text.
    ///
    /// It is `nil` if there is none that can be read.
    ///
    /// - Parameter text: The text.
    init?(ofPEM text: String) {
        guard
            let certificate = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)).first,
            let key = try? certificate.extractPublicKey().toSPKIBytes()
        else { return nil }
        bytes = key
    }
}

import CloudHSM
import Crypto
import Foundation

/// A cluster's signing request that OpenSSL can read and sign, where the simulator has only a text
/// that stands for one.
///
/// Its key follows from that text: it is the same after a restart, and another once the first HSM
/// was replaced. It is an elliptic curve key (P-256), where the service's are RSA: those cannot be
/// derived from a text.
struct ClusterRequest: Sendable {
    private let key: P256.Signing.PrivateKey

    /// The request, PEM.
    let pem: String

    /// Makes the request of a cluster.
    ///
    /// It is `nil` if no key can be made of the text, which is next to impossible.
    ///
    /// - Parameters:
    ///   - simulated: The text that the simulator has for it.
    ///   - cluster: The cluster.
    init?(for simulated: String, of cluster: ClusterID) {
        let digest = SHA256.hash(data: Array("strongroom cluster key: \(simulated)".utf8))
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: Array(digest)) else {
            return nil
        }
        self.key = key
        let information = Self.information(of: key.publicKey, named: cluster.description)
        guard let signature = try? key.signature(for: information) else { return nil }
        let request = DER.sequence(
            information,
            DER.sequence(OID.ecdsaWithSHA256),
            DER.bitString(Array(signature.derRepresentation))
        )
        pem = Self.frame(request)
    }

    /// The public key, as certificates hold it.
    var publicKey: [UInt8] { Array(key.publicKey.derRepresentation) }

    /// What is signed.
    ///
    /// Source: RFC 2986, section 4.1.
    private static func information(of key: P256.Signing.PublicKey, named name: String) -> [UInt8] {
        DER.sequence(
            DER.element(.integer, [0]),
            DER.sequence(
                attribute(OID.commonName, name),
                attribute(OID.organization, "Strongroom emulator")
            ),
            Array(key.derRepresentation),
            DER.element(.attributes, [])
        )
    }

    private static func attribute(_ type: [UInt8], _ value: String) -> [UInt8] {
        DER.element(
            .set,
            DER.sequence(type, DER.element(.utf8String, Array(value.utf8)))
        )
    }

    private static func frame(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString(
            options: [.lineLength64Characters, .endLineWithLineFeed]
        )
        return "-----BEGIN CERTIFICATE REQUEST-----\n\(text)\n-----END CERTIFICATE REQUEST-----\n"
    }

    /// The object identifiers in use, encoded.
    private enum OID {
        /// The identifier 2.5.4.3.
        static let commonName = DER.element(.objectIdentifier, [0x55, 0x04, 0x03])
        /// The identifier 2.5.4.10.
        static let organization = DER.element(.objectIdentifier, [0x55, 0x04, 0x0A])
        /// The identifier 1.2.840.10045.4.3.2.
        static let ecdsaWithSHA256 = DER.element(
            .objectIdentifier,
            [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        )
    }
}

internal import CloudHSM

/// The texts that stand for certificates in a simulated world.
///
/// They have the outer form of PEM and mean nothing to any other program.
public enum SimulatedCertificate {
    /// Signs a simulated cluster's signing request, as an officer's tools would.
    ///
    /// InitializeCluster refuses the result for another request, such as one that came with a
    /// replaced HSM; certificates from elsewhere it takes as they are.
    ///
    /// - Parameter request: The cluster's `ClusterCsr`.
    /// - Returns: A certificate that fits it.
    public static func signed(_ request: String) -> String {
        frame(body(of: request), as: "CERTIFICATE")
    }

    /// A certificate that can stand for the customer's own root.
    public static let trustAnchor = frame("CUSTOMERROOT", as: "CERTIFICATE")

    /// Why a certificate does not belong to a cluster, if it can be told.
    static func refusal(of certificate: String, for request: String) -> ServiceException? {
        let body = body(of: certificate)
        guard body.hasPrefix(mark), body != self.body(of: request) else { return nil }
        return .invalid("the certificate was not made from the cluster's present signing request")
    }

    /// What a cluster shows from its first ready HSM on.
    static func ofUnclaimedCluster(_ bits: Fingerprint) -> [String: String] {
        [
            "ClusterCsr": frame(mark + letters(bits, "csr"), as: "CERTIFICATE REQUEST"),
            "HsmCertificate": frame(letters(bits, "hsm"), as: "CERTIFICATE"),
            "AwsHardwareCertificate": frame(letters(bits, "aws"), as: "CERTIFICATE"),
            "ManufacturerHardwareCertificate": frame(letters(bits, "maker"), as: "CERTIFICATE"),
        ]
    }

    private static let mark = "SIMULATED"

    private static func letters(_ bits: Fingerprint, _ purpose: String) -> String {
        var text = ""
        for part in 0..<4 as Range<UInt64> {
            var bits = bits
            bits.mix(purpose)
            bits.mix(part)
            text += HSMID(bits: bits.bits).suffix
        }
        return text
    }

    private static func frame(_ body: String, as kind: String) -> String {
        "-----BEGIN \(kind)-----\n\(body)\n-----END \(kind)-----\n"
    }

    private static func body(of text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        return lines.filter { !$0.hasPrefix("-----") }.joined()
    }
}

/// Who signed a document: Ed25519 over its kind and its digest.
public struct DocumentSignature: Hashable, Sendable, Codable {
    /// The kinds of document that can be signed: a signature of one is none of another.
    enum Kind: String {
        /// A saved plan.
        case plan = "strongroom-plan-signature/1"
        /// A one-time override.
        case override = "strongroom-override-signature/1"
    }

    /// The only algorithm there is.
    public static let algorithm = "Ed25519"

    /// Always ``algorithm``.
    public let algorithm: String

    /// The key's name: SHA-256 over its 32 bytes, 64 hexadecimal digits.
    public let keyID: String

    /// The public key, 64 hexadecimal digits.
    public let publicKey: String

    /// The signature, 128 hexadecimal digits.
    public let value: String

    /// Signs a document.
    ///
    /// - Parameters:
    ///   - digest: The document's digest, 64 hexadecimal digits.
    ///   - kind: What is signed.
    ///   - key: The key.
    /// - Throws: ``KeyError/cannotSign``.
    init(of digest: String, _ kind: Kind, by key: SigningKey) throws(KeyError) {
        algorithm = Self.algorithm
        keyID = key.trusted.id
        publicKey = HexText.text(of: key.trusted.bytes)
        value = HexText.text(of: try key.signature(of: Self.message(kind, digest)))
    }

    /// The key that made the signature, if it is one of that document.
    ///
    /// - Parameters:
    ///   - kind: What should have been signed.
    ///   - digest: The document's digest.
    /// - Returns: The key; `nil` if anything is wrong with the signature.
    func signer(of kind: Kind, _ digest: String) -> TrustedKey? {
        guard
            algorithm == Self.algorithm,
            let bytes = HexText.bytes(of: publicKey), let key = TrustedKey(bytes: bytes),
            key.id == keyID,
            let signature = HexText.bytes(of: value),
            key.accepts(signature, of: Self.message(kind, digest))
        else { return nil }
        return key
    }

    /// The kind stands first, so that what is signed as one thing is never taken for another.
    private static func message(_ kind: Kind, _ digest: String) -> [UInt8] {
        Array("\(kind.rawValue)\n\(digest)\n".utf8)
    }
}

internal import Crypto
internal import FoundationEssentials

/// The private half of a key that plans are signed with: Ed25519 (RFC 8032).
///
/// It is never printed; its PEM is PKCS#8 as RFC 8410 writes it, which openssl reads.
public struct SigningKey: Sendable, CustomStringConvertible {
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new key.
    public init() {
        key = Curve25519.Signing.PrivateKey()
    }

    /// Reads a key.
    ///
    /// - Parameter pem: PKCS#8 in PEM.
    /// - Throws: ``KeyError`` if it holds anything but one Ed25519 private key without a password.
    public init(pem: [UInt8]) throws(KeyError) {
        let blocks = try PEMText.blocks(of: Self.label, in: pem)
        guard blocks.count == 1, let der = blocks.first else { throw .notOne(blocks.count) }
        guard der.count == Self.prefix.count + 32, der.starts(with: Self.prefix) else {
            throw .notEd25519
        }
        do {
            let raw = Data(der[Self.prefix.count...])
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        } catch {
            throw .notEd25519
        }
    }

    /// The key as PKCS#8 in PEM: a secret.
    public var pem: String {
        PEMText.text(of: Self.label, Self.prefix + Array(key.rawRepresentation))
    }

    /// The public half.
    public var trusted: TrustedKey { TrustedKey(key.publicKey) }

    /// Nothing of the key.
    public var description: String { "<redacted>" }

    /// Signs bytes.
    ///
    /// - Parameter message: The bytes.
    /// - Returns: The signature, 64 bytes.
    /// - Throws: ``KeyError/cannotSign``.
    func signature(of message: [UInt8]) throws(KeyError) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            throw .cannotSign
        }
    }

    private static let label = "PRIVATE KEY"

    /// RFC 8410, section 7: version 0, the algorithm id-Ed25519, an octet string in an octet string.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
}

/// The public half of a key that plans are signed with: what `apply` is told to trust.
public struct TrustedKey: Hashable, Sendable {
    /// The key's 32 bytes.
    let bytes: [UInt8]

    init(_ key: Curve25519.Signing.PublicKey) {
        bytes = Array(key.rawRepresentation)
    }

    /// Takes a key's 32 bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads the keys of a file.
    ///
    /// - Parameter pem: One or more SubjectPublicKeyInfo in PEM.
    /// - Returns: The keys in the order written, at least one.
    /// - Throws: ``KeyError`` if it holds no key, or one that is not Ed25519.
    public static func keys(pem: [UInt8]) throws(KeyError) -> [TrustedKey] {
        let blocks = try PEMText.blocks(of: label, in: pem)
        guard !blocks.isEmpty else { throw .notOne(0) }
        var keys: [TrustedKey] = []
        for der in blocks {
            guard
                der.starts(with: prefix), let key = TrustedKey(bytes: Array(der[prefix.count...]))
            else { throw .notEd25519 }
            keys.append(key)
        }
        return keys
    }

    /// The key as SubjectPublicKeyInfo in PEM.
    public var pem: String { PEMText.text(of: Self.label, Self.prefix + bytes) }

    /// The key's name: SHA-256 over its 32 bytes, in hexadecimal.
    public var id: String { SHA256Text.digest(of: bytes) }

    /// Whether a signature is by this key.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: What was signed.
    /// - Returns: Whether it is.
    func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }

    private static let label = "PUBLIC KEY"

    /// RFC 8410, section 4: the algorithm id-Ed25519, and a bit string.
    private static let prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
}

/// Why a key cannot be used; no message holds anything of it.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no PEM text.
    case notPEM
    /// It holds so many keys of the wanted kind, and not one.
    case notOne(Int)
    /// The key is of another kind, or has a password.
    case notEd25519
    /// Signing failed.
    case cannotSign

    /// What is wrong and what to do next.
    public var description: String {
        switch self {
        case .notPEM: "it is no whole PEM text; make a key: strongroom keygen"
        case .notOne(0): "it holds no key of the kind needed here; make one: strongroom keygen"
        case .notOne(let count): "it holds \(count) keys, and one is needed; keep them apart"
        case .notEd25519:
            "its key is no Ed25519 key without a password; make one: strongroom keygen"
        case .cannotSign: "signing with it failed; make a new key: strongroom keygen"
        }
    }
}

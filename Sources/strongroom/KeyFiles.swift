import StrongroomReport

extension SigningKey {
    /// Reads a private key from a file that is its owner's only.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``Trouble`` without anything of the key.
    init(file path: String) throws {
        let file = try GivenFile(path, "the key", for: .ownerOnly, limit: 16_384)
        do throws(KeyError) {
            self = try SigningKey(pem: file.bytes)
        } catch {
            throw Trouble("\(path): \(error)", .failure)
        }
    }
}

extension TrustedKey {
    /// Reads the public keys of files.
    ///
    /// - Parameter paths: The files; each may hold several keys.
    /// - Returns: All of them.
    /// - Throws: ``Trouble`` that names the file.
    static func keys(files paths: [String]) throws -> [TrustedKey] {
        try paths.flatMap { path in
            let file = try GivenFile(path, "the key", for: .anyone, limit: 1 << 20)
            do throws(KeyError) {
                return try TrustedKey.keys(pem: file.bytes)
            } catch {
                throw Trouble("\(path): \(error)", .failure)
            }
        }
    }
}

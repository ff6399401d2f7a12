import CloudHSM
import StrongroomModel

/// Reads the certificates that manifests name.
struct CertificateFiles {
    /// How many characters the service takes (fact sheet, section 2.1).
    static let longest = InitializeCluster.longestCertificate

    /// The directories that certificates must lie below.
    let roots: [RealPath]

    /// Reads one certificate.
    ///
    /// - Parameters:
    ///   - path: The path as written, relative to the manifest.
    ///   - manifest: The manifest's name, which its directory is taken from.
    /// - Returns: The file, without content while it is not there: the cluster's certificate can be
    ///   signed only once the cluster exists.
    /// - Throws: ``FileMistake``.
    func read(_ path: String, namedIn manifest: String) throws(FileMistake) -> CertificateFile {
        let path = join(
            path,
            to: manifest == ManifestReader.standardInput ? "" : directory(of: manifest)
        )
        let real: RealPath
        do {
            real = try RealPath(of: path)
        } catch .notFound {
            try refuseIfOutside(absent: path)
            try refuseIfMisnamed(path)
            return CertificateFile(path: path, content: nil)
        }
        let file = try root(of: real, shown: path).open(real, shown: path)
        guard try file.status(shown: path).kind == .file else { throw .notRegular(path) }
        // Four bytes are the longest character of UTF-8.
        let bytes = try file.bytes(upTo: Self.longest * 4, shown: path)
        return CertificateFile(path: path, content: try Self.checked(bytes, path: path))
    }

    private func root(of path: RealPath, shown: String) throws(FileMistake) -> RealPath {
        if let root = roots.first(where: { $0.contains(path) }) { return root }
        throw .outside(shown, root: roots.first?.text ?? "")
    }

    /// A file that is not there yet must lie where it could be read later: its nearest directory
    /// that exists is judged.
    private func refuseIfOutside(absent path: String) throws(FileMistake) {
        var parent = directory(of: path)
        while true {
            do {
                _ = try root(of: try RealPath(of: parent.isEmpty ? "." : parent), shown: path)
                return
            } catch .notFound where !parent.isEmpty {
                parent = directory(of: parent)
            }
        }
    }

    /// A file that is there under the same name in an old encoding is not missing.
    private func refuseIfMisnamed(_ path: String) throws(FileMistake) {
        let parent = directory(of: path)
        let name = String(path.dropFirst(parent.isEmpty ? 0 : join("", to: parent).count + 1))
        guard !name.utf8.allSatisfy({ $0 < 0x80 }),
            let open = try? Descriptor.open(parent.isEmpty ? "." : parent),
            let entries = try? open.entries(shown: parent),
            let entry = entries.first(where: { $0.isLatin(name) })
        else { return }
        throw .nameNotUTF8(join(entry.name, to: parent))
    }

    private static func checked(_ bytes: [UInt8], path: String) throws(FileMistake) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notACertificate(path)
        }
        guard !text.contains("PRIVATE KEY-----") else { throw .privateKey(path) }
        guard text.unicodeScalars.count <= longest else { throw .certificateTooLong(path) }
        guard InitializeCluster.looksLikeCertificate(text) else { throw .notACertificate(path) }
        return text
    }
}

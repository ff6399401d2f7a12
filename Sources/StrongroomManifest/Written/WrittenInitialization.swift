import StrongroomModel

/// A cluster's `initialization`: the certificates to claim it with.
struct WrittenInitialization {
    /// Where `initialization` is written.
    let span: Span

    /// The path of the cluster's signed certificate, as written.
    let certificate: Spanned<String>

    /// The path of the certificate that signed it, as written.
    let trustAnchor: Spanned<String>

    private enum Key: String, ManifestKey {
        case certificate, trustAnchor
    }

    /// Reads both paths; nil, and noted, if one is missing.
    init?(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return nil }
        let certificate =
            fields.required(.certificate, example: "certs/payments.crt")?.value(.relativePath)
        let anchor = fields.required(.trustAnchor, example: "certs/root.crt")?.value(.relativePath)
        guard let certificate, let anchor else { return nil }
        self.certificate = certificate
        trustAnchor = anchor
        span = field.keySpan
    }

    /// Reads both files, so far as they are there.
    ///
    /// - Parameters:
    ///   - files: Where certificates may lie.
    ///   - findings: The manifest's text, and where mistakes go.
    /// - Returns: nil, and noted, if one of the files cannot be used.
    func read(from files: CertificateFiles, notingIn findings: Findings) -> DesiredInitialization? {
        let read = [certificate, trustAnchor].map { path -> CertificateFile? in
            do throws(FileMistake) {
                return try files.read(path.value, namedIn: findings.source.file)
            } catch {
                findings.report(error, at: path.span)
                return nil
            }
        }
        guard let certificate = read[0], let anchor = read[1] else { return nil }
        return DesiredInitialization(certificate: certificate, trustAnchor: anchor)
    }
}

import StrongroomManifest
import StrongroomModel
import Testing

/// Which certificates are read, and from where.
@Suite struct CertificateFilesTests {
    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIB
        -----END CERTIFICATE-----

        """

    private static func manifest(certificate: String) -> String {
        """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec: { service: simulator, state: ./state, regions: [us-east-1] }
        ---
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: payments }
        spec:
          region: us-east-1
          clusterId: cluster-2ndsmpk7w5q
          initialization:
            certificate: \(certificate)
            trustAnchor: root.crt
        """
    }

    private func read(
        _ certificate: String,
        files: [String: String] = [:],
        link: (name: String, target: String)? = nil
    ) throws -> Result<DesiredInitialization?, ManifestErrors> {
        let manifest = [
            "m/prod.yaml": Self.manifest(certificate: certificate), "m/root.crt": Self.pem,
        ]
        let folder = try Folder(manifest.merging(files) { first, _ in first })
        if let link { try folder.link(link.name, to: link.target) }
        return Result { () throws(ManifestErrors) in
            try ManifestReader().read([folder.path("m")]).clusters.first?.initialization?.value
        }
    }

    @Test func readsACertificateBesideTheManifest() throws {
        let read = try read("certs/a.crt", files: ["m/certs/a.crt": Self.pem]).get()
        #expect(read?.certificate.content == Self.pem)
        #expect(read?.trustAnchor.content == Self.pem)
        #expect(read?.certificate.path.hasSuffix("/m/certs/a.crt") == true)
    }

    @Test(arguments: ["certs/a.crt", "a.crt", "certs/deep/../a.crt"])
    func aCertificateThatIsNotThereYetIsWaitedFor(path: String) throws {
        let read = try read(path).get()
        #expect(read?.certificate.content == nil)
        #expect(read?.trustAnchor.content == Self.pem)
    }

    @Test(arguments: [
        ("no certificate", "not-a-certificate"),
        (pem + "-----BEGIN RSA PRIVATE KEY-----\n", "private-key-in-certificate"),
        (pem + String(repeating: "x", count: 5_000), "certificate-too-long"),
    ])
    func refusesWhatIsNoCertificate(content: String, rule: String) throws {
        guard case .failure(let errors) = try read("a.crt", files: ["m/a.crt": content]) else {
            Issue.record("accepted")
            return
        }
        #expect(errors.diagnostics.map(Found.init) == [Found(rule, 13, 18)])
        #expect(errors.diagnostics.allSatisfy { !$0.message.contains("PRIVATE KEY") })
    }

    @Test(arguments: ["../secret.crt", "../gone.crt", "certs/../../secret.crt"])
    func aPathCannotLeaveTheManifestsDirectory(path: String) throws {
        let files = ["secret.crt": Self.pem, "m/certs/x": ""]
        guard case .failure(let errors) = try read(path, files: files) else {
            Issue.record("accepted")
            return
        }
        #expect(errors.diagnostics.map(\.rule) == ["path-outside"])
    }

    @Test func aLinkCannotLeaveTheManifestsDirectory() throws {
        let link = (name: "m/a.crt", target: "../secret.crt")
        guard
            case .failure(let errors) = try read(
                "a.crt",
                files: ["secret.crt": Self.pem],
                link: link
            )
        else {
            Issue.record("accepted")
            return
        }
        #expect(errors.diagnostics.map(\.rule) == ["path-outside"])
    }

    @Test func aDirectoryIsNoCertificate() throws {
        guard case .failure(let errors) = try read("certs", files: ["m/certs/x": ""]) else {
            Issue.record("accepted")
            return
        }
        #expect(errors.diagnostics.map(\.rule) == ["not-a-regular-file"])
    }
}

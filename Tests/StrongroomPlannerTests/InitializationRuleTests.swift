import CloudHSM
import StrongroomModel
import Testing

/// The certificates of a manifest; `nil` for a file that is not there.
func certificates(
    _ certificate: String? = pem,
    _ anchor: String? = pem
) -> Located<DesiredInitialization> {
    at(
        Line.initialization,
        DesiredInitialization(
            certificate: CertificateFile(path: "certs/payments.crt", content: certificate),
            trustAnchor: CertificateFile(path: "certs/root.crt", content: anchor)
        )
    )
}

let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

@Suite struct InitializationRuleTests {
    @Test(arguments: rows) func claimsAClusterOnceItsCertificatesAreThere(_ row: Row) {
        row.check()
    }

    private static func claimed(
        _ files: Located<DesiredInitialization>?,
        hsms: Int? = 1
    ) -> DesiredCluster {
        desired {
            $0.hsms = hsms.map { at(Line.hsms, .total($0)) }
            $0.initialization = files
        }
    }

    private static func unclaimed(
        _ hsms: [HSM] = [hsm(1, zoneA)],
        _ state: ClusterState = .uninitialized
    ) -> ProtectionGroup { group(hsms: hsms) { $0.state = state } }

    static let rows = [
        Row(
            "certificates there",
            claimed(certificates()),
            unclaimed(),
            steps: ["1 ~ initialise (initialization:15)"]
        ),
        Row(
            "its first HSM is still to come",
            claimed(certificates()),
            unclaimed([]),
            steps: [
                "1 + add us-east-1a (hsm-count:9)", "2 ~ initialise after 1 (initialization:15)",
            ]
        ),
        Row(
            "nobody adds its first HSM",
            claimed(certificates(), hsms: nil),
            unclaimed([]),
            notes: ["waiting initialisation (initialization:15)"]
        ),
        Row(
            "none named",
            claimed(nil),
            unclaimed(),
            notes: ["waiting initialisation (initialization:1)"]
        ),
        Row(
            "the signed certificate is not there yet",
            claimed(certificates(nil)),
            unclaimed(),
            notes: ["waiting initialisation (initialization:15)"]
        ),
        Row(
            "the root certificate is not there yet",
            claimed(certificates(pem, nil)),
            unclaimed(),
            notes: ["waiting initialisation (initialization:15)"]
        ),
        Row(
            "a file that is no certificate",
            claimed(certificates("-----BEGIN PRIVATE KEY-----")),
            unclaimed(),
            notes: ["held initialisation (initialization:15)"]
        ),
        Row(
            "a person has to activate it",
            claimed(certificates()),
            unclaimed([hsm(1, zoneA)], .initialized),
            notes: ["waiting activation (initialization:1)"]
        ),
        Row("active", claimed(certificates()), unclaimed([hsm(1, zoneA)], .active)),
        Row("active and none named", claimed(nil), unclaimed([hsm(1, zoneA)], .active)),
    ]
}

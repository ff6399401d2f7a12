import CloudHSM
import StrongroomAWS
import Testing

/// Which host a service is spoken to at.
@Suite("Endpoints")
struct EndpointSettingsTests {
    /// A Region, the two switches, and the hosts botocore 1.43.11 builds for them.
    struct Row: Sendable, CustomTestStringConvertible {
        let region: String
        let fips: Bool
        let dualStack: Bool
        let cloudHSM: String
        let sts: String

        init(_ region: String, _ fips: Bool, _ dualStack: Bool, _ cloudHSM: String, _ sts: String) {
            self.region = region
            self.fips = fips
            self.dualStack = dualStack
            self.cloudHSM = cloudHSM
            self.sts = sts
        }

        var testDescription: String { "\(region) fips \(fips) dual-stack \(dualStack)" }
    }

    static let rows = [
        Row(
            "us-east-1",
            false,
            false,
            "cloudhsmv2.us-east-1.amazonaws.com",
            "sts.us-east-1.amazonaws.com"
        ),
        Row("us-east-1", false, true, "cloudhsmv2.us-east-1.api.aws", "sts.us-east-1.api.aws"),
        Row(
            "us-east-1",
            true,
            false,
            "cloudhsmv2-fips.us-east-1.amazonaws.com",
            "sts-fips.us-east-1.amazonaws.com"
        ),
        Row(
            "us-east-1",
            true,
            true,
            "cloudhsmv2-fips.us-east-1.api.aws",
            "sts-fips.us-east-1.api.aws"
        ),
        Row(
            "eu-west-1",
            false,
            false,
            "cloudhsmv2.eu-west-1.amazonaws.com",
            "sts.eu-west-1.amazonaws.com"
        ),
        Row("eu-west-1", false, true, "cloudhsmv2.eu-west-1.api.aws", "sts.eu-west-1.api.aws"),
        Row(
            "eu-west-1",
            true,
            false,
            "cloudhsmv2-fips.eu-west-1.amazonaws.com",
            "sts-fips.eu-west-1.amazonaws.com"
        ),
        Row(
            "eu-west-1",
            true,
            true,
            "cloudhsmv2-fips.eu-west-1.api.aws",
            "sts-fips.eu-west-1.api.aws"
        ),
        Row(
            "us-gov-west-1",
            false,
            false,
            "cloudhsmv2.us-gov-west-1.amazonaws.com",
            "sts.us-gov-west-1.amazonaws.com"
        ),
        Row(
            "us-gov-west-1",
            false,
            true,
            "cloudhsmv2.us-gov-west-1.api.aws",
            "sts.us-gov-west-1.api.aws"
        ),
        Row(
            "us-gov-west-1",
            true,
            false,
            "cloudhsmv2-fips.us-gov-west-1.amazonaws.com",
            "sts.us-gov-west-1.amazonaws.com"
        ),
        Row(
            "us-gov-west-1",
            true,
            true,
            "cloudhsmv2-fips.us-gov-west-1.api.aws",
            "sts-fips.us-gov-west-1.api.aws"
        ),
    ]

    @Test(arguments: rows)
    func aServiceIsSpokenToWhereBotocoreWould(row: Row) throws {
        let settings = try EndpointSettings(variables: [
            "AWS_USE_FIPS_ENDPOINT": "\(row.fips)",
            "AWS_USE_DUALSTACK_ENDPOINT": "\(row.dualStack)",
        ])
        let region = Region.named(row.region)
        let cloudHSM = try settings.endpoint(of: .cloudHSM, in: region)
        #expect("\(cloudHSM.origin)" == "https://\(row.cloudHSM)")
        #expect(!cloudHSM.isOverride)
        #expect("\(try settings.endpoint(of: .sts, in: region))" == "https://\(row.sts)")
    }

    @Test(arguments: [
        ("cn-north-1", "China"), ("cn-northwest-1", "China"), ("eusc-de-east-1", "Sovereign"),
        ("us-iso-east-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"), ("us-isof-south-1", "aws-iso-f"),
    ])
    func otherPartitionsAreRefusedByName(region: String, name: String) {
        let fault = #expect(throws: EndpointFault.self) { try RegionName.read(region) }
        #expect("\(String(describing: fault))".contains("partition"))
        #expect(fault.map { "\($0)".contains(name) } == true)
    }

    @Test(
        arguments: [
            ([:], nil),
            (["AWS_ENDPOINT_URL": "https://a.example"], "https://a.example (AWS_ENDPOINT_URL)"),
            (
                [
                    "AWS_ENDPOINT_URL": "https://a.example",
                    "AWS_ENDPOINT_URL_CLOUDHSMV2": "https://b.example:8443/",
                ], "https://b.example:8443 (AWS_ENDPOINT_URL_CLOUDHSMV2)"
            ),
            (
                [
                    "AWS_ENDPOINT_URL": "https://a.example",
                    "AWS_ENDPOINT_URL_CLOUDHSM_V2": "https://B.example",
                ],
                "https://b.example (AWS_ENDPOINT_URL_CLOUDHSM_V2)"
            ),
            (["AWS_ENDPOINT_URL_STS": "https://a.example"], nil),
            (["AWS_ENDPOINT_URL_CLOUDHSMV2": ""], nil),
            (
                [
                    "AWS_ENDPOINT_URL": "https://a.example",
                    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
                ], nil
            ),
            (["AWS_ENDPOINT_URL": "http://[::1]:80"], "http://[::1] (AWS_ENDPOINT_URL)"),
        ] as [([String: String], String?)]
    )
    func anOverrideSaysWhoMadeIt(variables: [String: String], text: String?) throws {
        let endpoint = try EndpointSettings(variables: variables)
            .endpoint(of: .cloudHSM, in: .usEast1)
        #expect(endpoint.isOverride == (text != nil))
        #expect("\(endpoint)" == text ?? "https://cloudhsmv2.us-east-1.amazonaws.com")
    }

    @Test func aFlagGoesBeforeTheVariables() throws {
        let variables = [
            "AWS_ENDPOINT_URL_CLOUDHSMV2": "https://b.example",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        ]
        let settings = try EndpointSettings(
            variables: variables,
            flags: [.cloudHSM: (name: "--endpoint-url", address: "https://c.example")]
        )
        let endpoint = try settings.endpoint(of: .cloudHSM, in: .usEast1)
        #expect("\(endpoint)" == "https://c.example (--endpoint-url)")
        #expect(try !settings.endpoint(of: .sts, in: .usEast1).isOverride)
    }

    @Test(arguments: [
        "http://a.example", "http://127.0.0.1.example", "http://169.254.170.2", "http://10.0.0.1",
        "http://localhost.example", "http://1270.0.0.1", "http://0x7f.1",
        "http://[::ffff:127.0.0.1]",
        "https://user:\(Canary.bearer)@a.example", "https://a.example@localhost",
        "https://a.example?x=\(Canary.bearer)", "https://a.example/#\(Canary.bearer)",
        "https://a.example/\(Canary.bearer)", "ftp://a.example", "a.example", "//a.example",
        "https://", "https://:443", "https://a.example:0", "https://a.example:65536",
        "https://a.example:+1", "https://a..example", "https://-a.example", "https://a_b.example",
        "https://a.example\\@localhost", "https://a.example\n", "https://a b.example",
        "https://é.example", "https://[::1", "https://[::1]x", "https://[a.example]",
        "https://a.example:\u{661}", "http:/localhost",
    ])
    func anAddressThatIsNotPlainlyOneIsRefusedAndNotRepeated(text: String) {
        let fault = #expect(throws: EndpointFault.self) {
            try EndpointSettings(variables: ["AWS_ENDPOINT_URL": text])
        }
        #expect(!Canary.isIn("\(String(describing: fault))"))
    }

    @Test(arguments: [
        [
            "AWS_ENDPOINT_URL": "https://a.example", "AWS_USE_FIPS_ENDPOINT": "true",
        ], ["AWS_ENDPOINT_URL_STS": "https://a.example", "AWS_USE_DUALSTACK_ENDPOINT": "TRUE"],
        ["AWS_USE_FIPS_ENDPOINT": "yes"], ["AWS_USE_DUALSTACK_ENDPOINT": "1"],
        ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "on"],
        [
            "AWS_ENDPOINT_URL_CLOUDHSMV2": "https://a.example",
            "AWS_ENDPOINT_URL_CLOUDHSM_V2": "https://b.example",
        ],
    ])
    func wishesThatCannotBeMetTogetherAreRefused(variables: [String: String]) {
        #expect(throws: EndpointFault.self) { try EndpointSettings(variables: variables) }
    }

    @Test(arguments: [
        "https://cloudhsmv2.eu-west-1.amazonaws.com", "https://cloudhsmv2.eu-west-1.api.aws",
        "https://cloudhsmv2-fips.us-west-2.amazonaws.com",
        "https://cloudhsmv2.us-gov-west-1.amazonaws.com",
        "https://cloudhsmv2.cn-north-1.amazonaws.com.cn",
    ])
    func anEndpointOfAnotherRegionIsRefused(text: String) throws {
        let settings = try EndpointSettings(variables: ["AWS_ENDPOINT_URL_CLOUDHSMV2": text])
        #expect(throws: EndpointFault.self) {
            try settings.endpoint(of: .cloudHSM, in: .usEast1)
        }
    }
}

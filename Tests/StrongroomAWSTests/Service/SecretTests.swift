import CloudHSMWire
import Foundation
import StrongroomAWS
import Testing

/// Secrets that a service repeats, however it writes them.
@Suite("Safe text without secrets") struct SafeTextSecretTests {
    private static let token =
        "IQoJb3JpZ2luX2VjEPT//////////wEaCXVzLWVhc3QtMSJHMEUCIQDk+Zq7/3xN=hV9qLr2yR5sT8uW1xZ4aB6cD"
        + "+e/F0gH3iJ5kL7mN9oP1qR3sT5uV7wX9yZ0aB2cD4eF6gH8iJ0kL2mN4oP6qR8sT0uV2wX4yZ6=="
    private static let signature =
        "3f1c8a5e7b9d02461835afce90b7d2e46185c3fa7092be4d16f8a05c7e93db21"
    private static let keyID = "AKIAIOSFODNN7EXAMPLE"
    private static let authorization =
        "AWS4-HMAC-SHA256 Credential=\(keyID)/20261130/us-east-1/cloudhsm/aws4_request, "
        + "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
        + "Signature=\(signature)"
    private static let secrets = KnownSecrets(
        sessionTokens: [token],
        authorizations: [authorization]
    )

    /// A way to write a text down.
    struct Spelling: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let write: @Sendable (String) -> String

        init(_ description: String, _ write: @escaping @Sendable (String) -> String) {
            testDescription = description
            self.write = write
        }
    }

    private static func percent(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + String(byte, radix: 16)
        }.joined()
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private static func every(_ count: Int, _ text: String, by mark: String) -> String {
        text.enumerated().map {
            $0.offset % count == count - 1 ? "\($0.element)\(mark)" : "\($0.element)"
        }
        .joined()
    }

    static let spellings: [Spelling] = [
        Spelling("as it is") { $0 },
        Spelling("its beginning") { String($0.prefix(40)) },
        Spelling("its end") { String($0.suffix(30)) },
        Spelling("lower case") { $0.lowercased() }, Spelling("upper case") { $0.uppercased() },
        Spelling("percent-encoded", percent),
        Spelling("percent-encoded in upper case") { percent($0).uppercased() },
        Spelling("percent-encoded twice") { percent(percent($0)) },
        Spelling("percent-encoded three times") { percent(percent(percent($0))) },
        Spelling("every byte percent-encoded") {
            $0.utf8.map { "%" + String($0, radix: 16) }.joined()
        },
        Spelling("quoted-printable") {
            every(40, $0.replacing("=", with: "=3D"), by: "=\r\n")
        },
        Spelling("base64", base64),
        Spelling("base64 without padding") { base64($0).replacing("=", with: "") },
        Spelling("base64, url-safe") {
            base64($0).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        },
        Spelling("base64 with a letter before") { base64("x" + $0) },
        Spelling("base64 with two letters before") { base64("xy" + $0 + "tail") },
        Spelling("base64 of a part of a header") {
            base64("X-Amz-Security-Token: " + String($0.prefix(60)))
        },
        Spelling("base64 of percent-encoded") { base64(percent($0)) },
        Spelling("base64 of base64") { base64("a:" + base64("b:" + $0)) },
        Spelling("base64 in lines") { every(20, base64($0), by: "\r\n") },
        Spelling("percent-encoded base64") { percent(base64($0)) },
        Spelling("hexadecimal") { $0.utf8.map { String($0, radix: 16) }.joined() },
        Spelling("hexadecimal with colons") {
            $0.utf8.map { String($0, radix: 16) }.joined(separator: ":")
        },
        Spelling("JSON's slashes") { $0.replacing("/", with: "\\/") },
        Spelling("JSON's escapes") {
            $0.replacing("/", with: "\\u002f").replacing("+", with: "\\u002B").replacing(
                "=",
                with: "\\u003d"
            )
        },
        Spelling("JSON in JSON") {
            $0.replacing("/", with: "\\\\\\/").replacing("=", with: "\\\\u003d")
        },
        Spelling("every letter escaped for JSON") {
            $0.utf8.map { "\\u00" + String($0, radix: 16) }.joined()
        },
        Spelling("C's escapes") { $0.utf8.map { "\\x" + String($0, radix: 16) }.joined() },
        Spelling("HTML's names") {
            $0.replacing("/", with: "&sol;").replacing("+", with: "&plus;").replacing(
                "=",
                with: "&equals;"
            )
        },
        Spelling("HTML's numbers") { $0.utf8.map { "&#\($0);" }.joined() },
        Spelling("HTML's hexadecimal numbers") {
            $0.utf8.map { "&#x\(String($0, radix: 16));" }.joined()
        },
        Spelling("HTML in HTML") {
            $0.replacing("/", with: "&amp;#47;").replacing("=", with: "&amp;#61;")
        },
        Spelling("broken by lines") { every(10, $0, by: "\n") },
        Spelling("broken by escaped lines") { every(10, $0, by: "\\r\\n") },
        Spelling("broken by spaces") { every(4, $0, by: " ") },
        Spelling("broken by what is not seen") { every(3, $0, by: "\u{200B}") },
        Spelling("quoted in lines") { every(20, $0, by: "\"\n> \"") },
    ]

    @Test(arguments: spellings) func noSpellingOfASecretIsShown(spelling: Spelling) {
        let parts = [
            "token": Self.token, "signature": Self.signature, "authorization": Self.authorization,
            "key": Self.keyID,
        ]
        for (name, part) in parts {
            // A piece of a header or of a key's id says nothing.
            let isPiece = spelling.testDescription.hasPrefix("its ")
            let isPart = spelling.testDescription.contains("part")
            guard !(isPiece || isPart) || ["token", "signature"].contains(name) else { continue }
            guard name != "key" || !spelling.testDescription.contains("base64 of") else { continue }
            let text = "The request had \(spelling.write(part)) in it."
            let shown = Self.secrets.scrubbed(text)
            let isLeftOut =
                shown == "(its text of \(text.count) characters is left out: it may hold a secret)"
            let isRedacted =
                shown.contains("<redacted>")
                && ![Self.token, Self.signature, Self.keyID].contains(where: shown.contains)
            #expect(isLeftOut || isRedacted, "\(name): \(shown)")
        }
    }

    @Test(arguments: [
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        "The security token included in the request is invalid.",
        "The security token included in the request is expired",
        "Signature expired: 20261130T100000Z is now earlier than 20261130T101500Z (20261130T103000Z - 15 min.)",
        "Signature not yet current: 20261130T110000Z is still later than 20261130T101500Z (20261130T100000Z + 15 min.)",
        "Credential should be scoped to a valid region.",
        "Credential should be scoped to correct service: 'cloudhsm'.",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261130' != '20261129', from '20261129T000000Z'.",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        "User: arn:aws:sts::111122223333:assumed-role/strongroom-reconcile-production/run-20261130T101500Z is not authorized to perform: cloudhsm:DescribeBackups because no identity-based policy allows the cloudhsm:DescribeBackups action",
        "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: cloudhsm:DeleteBackup on resource: arn:aws:cloudhsm:eu-west-1:111122223333:backup/backup-ro5c4er4aac with an explicit deny in a service control policy",
        "The backup backup-ro5c4er4aac does not exist in the account. RequestId: 7c1f0e7a-7c1b-4ea8-8a9e-0f6f1d1c2b3a",
        "Rate exceeded", "Service unavailable. Please try again shortly.", "",
        "Cluster cluster-2ndsmpk7w5q is in state CREATE_IN_PROGRESS; expected one of [ACTIVE, DEGRADED]",
        "1 validation error detected: Value 'hsm2m.huge' at 'hsmType' failed to satisfy constraint: Member must satisfy regular expression pattern: ((p|)hsm[0-9][a-z.]*\\.[a-zA-Z]+)",
        "<html><head><title>502 Bad Gateway</title></head><body><h1>&nbsp;Bad Gateway</h1></body></html>",
        "The AWS Access Key Id you provided does not exist in our records, 100%% sure; see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_DescribeClusters.html?a=b%20c",
    ])
    func whatAWSReallySendsIsShown(text: String) {
        #expect(Self.secrets.scrubbed(text) == text)
    }

    @Test func theCanonicalStringIsShownWithoutTheToken() {
        let text =
            "The Canonical String for this request should have been\n'POST\n/\n\nhost:x\n"
            + "x-amz-security-token:\(Self.token)\n\ncontent-type;host;x-amz-date\n'"
        #expect(Self.secrets.scrubbed(text) == text.replacing(Self.token, with: "<redacted>"))
    }

    @Test(arguments: spellings) func noSpellingReachesAnErrorOrALog(spelling: Spelling) async throws
    {
        let reply = ScriptedExchange.Reply.following { request in
            let sent = request.header("X-Amz-Security-Token") ?? ""
            return HTTPMessageResponse(
                status: 400,
                body: ErrorCoding.encode(
                    name: "CloudHsmAccessDeniedException",
                    message: "you sent " + spelling.write(sent)
                )
            )
        }
        let stage = try Stage([reply])
        var shown = ""
        do {
            _ = try await stage.service.read(Stage.listing, at: Stage.place)
        } catch {
            shown = "\(error)"
        }
        #expect(shown.contains("<redacted>") || shown.contains("is left out"), "\(shown)")
        let sent = spelling.write(StageKeys.token)
        #expect(!shown.contains(sent) && !stage.log.text.contains(sent))
    }
}

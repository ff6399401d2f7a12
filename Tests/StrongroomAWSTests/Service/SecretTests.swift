import CloudHSM
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
    private static let key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private static let held: SecretBook = {
        let book = SecretBook()
        book.note(key)
        return book
    }()
    private static let secrets = KnownSecrets(
        sessionTokens: [token],
        authorizations: [authorization],
        held: held
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
            "key": Self.keyID, "secret": Self.key,
        ]
        for (name, part) in parts {
            // A piece of a header or of a key's id says nothing.
            let isPiece = spelling.testDescription.hasPrefix("its ")
            let isPart = spelling.testDescription.contains("part")
            guard !(isPiece || isPart) || ["token", "signature", "secret"].contains(name) else {
                continue
            }
            guard name != "key" || !spelling.testDescription.contains("base64 of") else { continue }
            let text = "The request had \(spelling.write(part)) in it."
            let shown = Self.secrets.scrubbed(text)
            let isLeftOut =
                shown == "(its text of \(text.count) characters is left out: it may hold a secret)"
            let isRedacted =
                shown.contains("<redacted>")
                && ![Self.token, Self.signature, Self.keyID, Self.key].contains(
                    where: shown.contains
                )
            #expect(isLeftOut || isRedacted, "\(name): \(shown)")
        }
    }

    /// Spellings that nobody looks for, and that are strange.
    static let strangeSpellings: [Spelling] = [
        Spelling("hexadecimal, as C writes it") {
            $0.utf8.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
        },
        Spelling("numbered pieces") {
            pieces(6, of: $0).enumerated().map { "\($0.offset)=\($0.element)" }
                .joined(separator: "; ")
        },
        Spelling("one letter an element") { $0.map { "<c>\($0)</c>" }.joined() },
        Spelling("numbered letters") {
            $0.enumerated().map { "c\($0.offset):\($0.element)" }.joined(separator: " ")
        },
        Spelling("letters in a list") { $0.map { "'\($0)'" }.joined(separator: ", ") },
        Spelling("decimal codes") { $0.utf8.map { "\($0)" }.joined(separator: ",") },
        Spelling("octal codes") {
            $0.utf8.map { String($0, radix: 8) }.joined(separator: " ")
        },
        Spelling("binary") { $0.utf8.map { String($0, radix: 2) }.joined(separator: " ") },
        Spelling("base32", base32),
        Spelling("UTF-16 in hexadecimal") {
            $0.utf8.map { String($0, radix: 16) + "00" }.joined()
        },
        Spelling("UTF-16 in base64") {
            Data($0.utf8.flatMap { [$0, 0] }).base64EncodedString()
        },
        Spelling("full-width letters") {
            $0.unicodeScalars.map { "\(Unicode.Scalar($0.value + 0xFEE0) ?? $0)" }.joined()
        },
        Spelling("backwards") { String($0.reversed()) },
        Spelling("letters moved by 13") { String($0.map(rotated)) },
        Spelling("base64 of what cannot be read") {
            Data($0.utf8.map { $0 ^ 0xA5 }).base64EncodedString()
        },
        Spelling("numbered lines") {
            pieces(8, of: $0).enumerated().map { "line \($0.offset): \($0.element)" }
                .joined(separator: "\n")
        },
        Spelling("a dump") {
            pieces(8, of: $0).enumerated().map { index, piece in
                "000\(index)  " + piece.utf8.map { String($0, radix: 16) }.joined(separator: " ")
            }.joined(separator: "\n")
        },
    ]

    private static func pieces(_ count: Int, of text: String) -> [String] {
        every(count, text, by: " ").split(separator: " ").map(String.init)
    }

    private static func rotated(_ letter: Character) -> Character {
        guard let byte = letter.asciiValue, letter.isLetter else { return letter }
        let first: UInt8 = letter.isUppercase ? 0x41 : 0x61
        return Character(Unicode.Scalar(first + (byte - first + 13) % 26))
    }

    private static func base32(_ text: String) -> String {
        let bits = text.utf8.map { byte in
            let digits = String(byte, radix: 2)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        return String(pieces(5, of: bits).compactMap { Int($0, radix: 2) }.map { letters[$0] })
    }

    @Test(arguments: spellings + strangeSpellings)
    func noMessageWithASecretIsShown(spelling: Spelling) {
        for (name, part) in ["token": Self.token, "key": Self.key] {
            let text = "bad <\(spelling.write(part))> x"
            let shown = Self.secrets.said(text)
            let isLeftOut = shown.hasSuffix("characters is left out: it may hold a secret)")
            let isRedacted = shown.contains("<redacted>") && !shown.contains(part)
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
        "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/ana@example.com is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/StrongroomStack-ReconcileRole4F2A3B1C-1ABCDEFGHIJKL",
        "User: arn:aws:sts::111122223333:assumed-role/strongroom/i-0123456789abcdef0 is not authorized to perform: cloudhsm:CopyBackupToRegion because no session policy allows the cloudhsm:CopyBackupToRegion action",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity", "Access denied",
        "Cannot call GetSessionToken with session credentials", "Token must be a JWT",
        "No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id",
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        "The web identity token that was passed is expired or is not valid. Get a new identity token from the identity provider and then retry the request.",
        "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
        "1 validation error detected: Value 'cluster-x' at 'clusterId' failed to satisfy constraint: Member must satisfy regular expression pattern: cluster-[2-7a-zA-Z]{11,16}",
        "2 validation errors detected: Value '500' at 'backupRetentionPolicy.value' failed to satisfy constraint: Member must have length less than or equal to 3; Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
        "You have exceeded the maximum number of clusters (4) for this account in us-east-1.",
        "HSM hsm-abcdefghij2 in subnet-0a1b2c3d4e5f67890 (eni-0123456789abcdef0, sg-0123456789abcdef0, vpc-0123456789abcdef0) of cluster-2ndsmpk7w5q cannot be deleted.",
        "The request was rejected because it is not valid: the certificate is not signed by the cluster's CSR.",
        "Unable to create HSM: there is no free address in the subnet subnet-0a1b2c3d for us-east-1a.",
        "The Canonical String for this request should have been 'POST / host:cloudhsmv2.us-east-1.amazonaws.com x-amz-date:20261130T101500Z content-type;host;x-amz-date 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' The String-to-Sign should have been 'AWS4-HMAC-SHA256 20261130T101500Z 20261130/us-east-1/cloudhsm/aws4_request 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\"><html><head><title>ERROR: The requested URL could not be retrieved</title>",
        "The AWS Access Key Id you provided does not exist in our records, 100%% sure; see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_DescribeClusters.html?a=b%20c",
    ])
    func whatAWSReallySendsIsShown(text: String) {
        #expect(Self.secrets.scrubbed(text) == text)
        #expect(Self.secrets.said(text) == text)
    }

    @Test func theCanonicalStringIsShownWithoutTheToken() {
        let text =
            "The Canonical String for this request should have been\n'POST\n/\n\nhost:x\n"
            + "x-amz-security-token:\(Self.token)\n\ncontent-type;host;x-amz-date\n'"
        #expect(Self.secrets.said(text) == text.replacing(Self.token, with: "<redacted>"))
    }

    @Test(arguments: spellings, [StageKeys.token, StageKeys.secret])
    func noSpellingReachesAnErrorOrALog(spelling: Spelling, secret: String) async throws {
        let sent = spelling.write(secret)
        let reply = ScriptedExchange.Reply.following { _ in
            HTTPMessageResponse(
                status: 400,
                body: ErrorCoding.encode(
                    name: "CloudHsmAccessDeniedException",
                    message: "you sent \(sent)"
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
        #expect(!shown.contains(sent) && !stage.log.text.contains(sent))
    }

    @Test(arguments: [StageKeys.token, StageKeys.secret])
    func noTagHoldsASecretOfOurs(secret: String) async throws {
        let page = "{\"TagList\":[{\"Key\":\"k\",\"Value\":\"m \(secret)\"}]}"
        let stage = try Stage([
            .following { _ in HTTPMessageResponse(status: 200, body: Array(page.utf8)) }
        ])
        let call = Call.listTags(ListTags(.cluster(ClusterID(bits: 1))))
        let answer = try await stage.service.read(call, at: Stage.place)
        #expect(!"\(answer)".contains(secret) && "\(answer)".contains("<redacted>"))
        #expect(!stage.log.text.contains(secret))
    }

    @Test func aDenialKeepsItsWordsThoughAPartOfItIsEncoded() {
        let secrets = KnownSecrets(sessionTokens: [], authorizations: [], held: SecretBook())
        let words = "You are not authorized to perform this operation. "
        let mark = "Encoded authorization failure message:"
        let encoded = " 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdefghijklmn-Zq7Yx3Kp9"
        #expect(
            secrets.said(words + mark + encoded)
                == words + mark
                + " (\(encoded.count) characters, left out here; CloudTrail has them)"
        )
    }

    /// Ways to write a secret down that somebody between us and the service may use.
    static let writings: [String: @Sendable (String) -> String] = [
        "as it is": { $0 },
        "base64": { Data($0.utf8).base64EncodedString() },
        "hexadecimal": { $0.utf8.map { String($0, radix: 16) }.joined() },
        "backwards": { String($0.reversed()) },
        "letter by letter": { $0.map { "\($0)" }.joined(separator: " ") },
        "every byte percent-encoded": { $0.utf8.map { "%" + String($0, radix: 16) }.joined() },
    ]

    @Test(arguments: writings.keys.sorted(), [StageKeys.token, StageKeys.secret])
    func noAnswerHoldsASecretOfOurs(writing: String, secret: String) async throws {
        let write = try #require(Self.writings[writing])
        let written = write(secret)
        let hsm = ["HsmId": "hsm-2222aaaa333", "State": written, "StateMessage": written]
        let cluster: [String: Any] = [
            "ClusterId": "\(ClusterID(bits: 1))", "HsmType": "hsm2m.medium", "State": written,
            "StateMessage": "it said \(written)", "VpcId": written, "SecurityGroup": written,
            "Certificates": ["ClusterCsr": written], "Novelty": ["within": [written]],
            "TagList": [["Key": written, "Value": "v"], ["Key": "k", "Value": written]],
            "Hsms": [hsm],
        ]
        let page = try JSONSerialization.data(withJSONObject: ["Clusters": [cluster]])
        let stage = try Stage([
            .following { _ in HTTPMessageResponse(status: 200, body: Array(page)) }
        ])
        let answer = "\(try await stage.service.read(Stage.listing, at: Stage.place))"
        #expect(answer.contains("\(ClusterID(bits: 1))"))
        #expect(!answer.contains(written), "\(answer)")
        #expect(!answer.contains(secret))
        #expect(!stage.log.text.contains(written))
    }

    @Test func aServiceThatIsWellBroughtUpIsShownAsItIs() async throws {
        let hsm = [
            "HsmId": "hsm-2222aaaa333", "State": "SOME_NEW_STATE",
            "StateMessage": "The HSM is being replaced.", "EniIp": "10.0.1.7",
        ]
        let cluster: [String: Any] = [
            "ClusterId": "\(ClusterID(bits: 1))", "HsmType": "hsm2m.medium", "State": "ACTIVE",
            "VpcId": "vpc-0a1b2c3d4e5f67890", "SecurityGroup": "sg-0a1b2c3d4e5f67890",
            "TagList": [["Key": "owner", "Value": "Müller & Söhne, 40%"]],
            "Hsms": [hsm],
        ]
        let page = try JSONSerialization.data(withJSONObject: ["Clusters": [cluster]])
        let stage = try Stage([
            .following { _ in HTTPMessageResponse(status: 200, body: Array(page)) }
        ])
        guard
            case .clusters(let clusters, _) = try await stage.service.read(
                Stage.listing,
                at: Stage.place
            )
        else { throw CancellationError() }
        #expect(clusters.first?.vpc == "vpc-0a1b2c3d4e5f67890")
        #expect(clusters.first?.securityGroup == "sg-0a1b2c3d4e5f67890")
        #expect(clusters.first?.tags == ["owner": "Müller & Söhne, 40%"])
        #expect(clusters.first?.hsms.first?.state == .unrecognised("SOME_NEW_STATE"))
        #expect(clusters.first?.hsms.first?.stateMessage == "The HSM is being replaced.")
        #expect(clusters.first?.hsms.first?.address == "10.0.1.7")
    }
}

import CloudHSM
import StrongroomAWS
import StrongroomModel
import Testing

/// What an operator is told when nothing could be read: one sentence, the same for every Region.
@Suite("Why nothing was read", .timeLimit(.minutes(2)))
struct UnreadReasonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let reply: ScriptedExchange.Reply
        let cause: String
        let next: String?
        var testDescription: String { cause }

        init(_ reply: ScriptedExchange.Reply, _ cause: String, next: String? = nil) {
            self.reply = reply
            self.cause = cause
            self.next = next
        }
    }

    private static let whoAmI = "aws sts get-caller-identity"
    private static let network = "check this machine's network and DNS"

    static let refusals = [
        "SignatureDoesNotMatch", "UnrecognizedClientException", "InvalidClientTokenId",
        "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
    ].map {
        Case(
            .exception($0, status: 403),
            "AWS refused the credentials from stage (\($0))",
            next: whoAmI
        )
    }

    static let cases: [Case] =
        refusals + [
            Case(
                .exception("ExpiredTokenException"),
                "the credentials from stage have expired (ExpiredTokenException)",
                next: "renew them, then \(whoAmI)"
            ),
            Case(
                .exception("AccessDeniedException", "arn:aws:cloudhsm:us-east-1: no"),
                "AWS denied DescribeClusters to \(arn) (AccessDeniedException)",
                next: "strongroom permissions"
            ),
            Case(
                .exception(
                    "AccessDeniedException",
                    "User: \(arn) is not authorized to perform: cloudhsm:DescribeClusters on "
                        + "resource: arn:aws:cloudhsm:us-east-1:111122223333:cluster/* because no "
                        + "identity-based policy allows the cloudhsm:DescribeClusters action"
                ),
                "AWS denied DescribeClusters to \(arn) (AccessDeniedException) because no "
                    + "identity-based policy allows the cloudhsm:DescribeClusters action",
                next: "strongroom permissions"
            ),
            Case(
                .exception(
                    "AccessDeniedException",
                    "User: \(arn) is not authorized to perform: cloudhsm:DescribeClusters "
                        + "with an explicit deny in a service control policy"
                ),
                "AWS denied DescribeClusters to \(arn) (AccessDeniedException) "
                    + "with an explicit deny in a service control policy",
                next: "change the policy that denies it; "
                    + "strongroom permissions shows what is needed"
            ),
            Case(
                .exception("CloudHsmAccessDeniedException"),
                "AWS denied DescribeClusters to \(arn) (CloudHsmAccessDeniedException)",
                next: "strongroom permissions"
            ),
            Case(
                .exception("ThrottlingException"),
                "AWS throttles the calls (ThrottlingException)",
                next: "run it again when fewer tools read this account"
            ),
            Case(
                .exception("CloudHsmInternalFailureException", status: 500),
                "AWS reports a failure of its own (CloudHsmInternalFailureException)",
                next: UnreadReason.retrial
            ),
            Case(
                .exception("RequestTimeTooSkewed", status: 403),
                "AWS does not take the date of our signatures: this machine's clock is off",
                next: "set this machine's clock right"
            ),
            Case(
                .text(502, "<html>"),
                "DescribeClusters was answered with HTTP 502, by AWS or something in between",
                next: UnreadReason.retrial
            ),
            Case(
                .failure(.refused, .certainlyNotSent),
                "cannot connect to the CloudHSM endpoint: connection refused",
                next: network
            ),
            Case(
                .failure(.unknownHost, .certainlyNotSent),
                "cannot connect to the CloudHSM endpoint: its name has no address",
                next: network
            ),
            Case(
                .failure(.unreachable("no route"), .certainlyNotSent),
                "cannot connect to the CloudHSM endpoint: no route",
                next: network
            ),
            Case(
                .failure(.tls("WRONG_VERSION_NUMBER"), .certainlyNotSent),
                "cannot connect to the CloudHSM endpoint: no TLS connection (WRONG_VERSION_NUMBER)",
                next: UnreadReason.retrial
            ),
            Case(
                .failure(.untrusted("it is for another host"), .certainlyNotSent),
                "cannot connect to the CloudHSM endpoint: its certificate is not trusted "
                    + "(it is for another host)",
                next: "name the file of a private root in AWS_CA_BUNDLE"
            ),
            Case(
                .failure(.timeout(.seconds(30)), .mayHaveBeenSent),
                "the CloudHSM endpoint did not answer in time",
                next: network
            ),
            Case(
                .failure(.connectionLost, .mayHaveBeenSent),
                "the CloudHSM endpoint ended the connection before its answer was whole",
                next: UnreadReason.retrial
            ),
        ]

    private static let arn = "arn:aws:sts::111122223333:assumed-role/strongroom/run"

    /// Whole reasons: the same for two Regions, whose hosts, ARNs and messages differ.
    @Test(arguments: cases) func areTheSameInEveryRegion(_ row: Case) async throws {
        let stage = try Stage([row.reply])
        stage.keys.setIdentity(Self.arn)
        var reasons: [UnreadReason] = []
        for region in ["us-east-1", "eu-west-1"] {
            let place = Place(account: Stage.place.account, region: .named(region))
            do {
                _ = try await stage.service.read(Stage.listing, at: place)
            } catch {
                reasons.append(UnreadReason(of: error))
            }
        }
        let expected = UnreadReason(row.cause, next: row.next)
        #expect(reasons == [expected, expected])
    }

    @Test func anEndpointOfOnesOwnIsNamed() async throws {
        let stage = try Stage(
            [.failure(.refused, .certainlyNotSent)],
            variables: ["AWS_ENDPOINT_URL_CLOUDHSMV2": "http://127.0.0.1:5000"]
        )
        do {
            _ = try await stage.service.read(Stage.listing, at: Stage.place)
        } catch {
            let cause = UnreadReason(of: error).cause
            #expect(cause == "cannot connect to http://127.0.0.1:5000: connection refused")
        }
    }

    static let faults: [(any ReadingFailure, UnreadReason)] = [
        (
            CredentialFault(environment, .refused(status: 403, code: "SignatureDoesNotMatch")),
            UnreadReason(
                "AWS refused the credentials from AWS_ACCESS_KEY_ID (SignatureDoesNotMatch)",
                next: whoAmI
            )
        ),
        (
            CredentialFault(environment, .refused(status: 403, code: "ExpiredToken")),
            UnreadReason(
                "the credentials from AWS_ACCESS_KEY_ID have expired (ExpiredToken)",
                next: "renew them, then \(whoAmI)"
            )
        ),
        (
            CredentialFault("the role", .refused(status: 403, code: "AccessDenied")),
            UnreadReason(
                "AWS denied the role: the role (AccessDenied)",
                next: "let the role's trust policy name whoever \(whoAmI) shows"
            )
        ),
        (
            CredentialFault("profile x", .helper("\"op\" was not found")),
            UnreadReason("no credentials from profile x: \"op\" was not found")
        ),
        (
            CredentialFault("this machine", .nothingConfigured(["no AWS_ACCESS_KEY_ID"])),
            UnreadReason(
                "there are no AWS credentials on this machine: no AWS_ACCESS_KEY_ID",
                next: "set AWS_PROFILE, or any other source that the AWS CLI takes"
            )
        ),
        (
            EndpointFault.partition(region: "cn-north-1", name: "aws-cn"),
            UnreadReason("CloudHSM has no endpoint that can be used in aws-cn")
        ),
        (
            CallFault.noCredentials(Stage.place.account),
            UnreadReason(
                "the fleet has no credentials for it",
                next: "name the account in the fleet"
            )
        ),
    ]

    private static let environment = "environment (AWS_ACCESS_KEY_ID)"

    @Test func credentialsAndPlacesAreSaidAlike() throws {
        for (fault, reason) in Self.faults { #expect(fault.unreadReason == reason) }
        let identity = try #require(CallerIdentity(arn: "arn:aws:iam::444455556666:user/eve"))
        let wrong = WrongPlace.account(Stage.place.account, identity)
        #expect(
            wrong.unreadReason
                == UnreadReason(
                    "the credentials are of another account, 444455556666 "
                        + "(arn:aws:iam::444455556666:user/eve)",
                    next: "choose another profile, or write roleArn for the account in the fleet"
                )
        )
    }
}

import CloudHSM
import CloudHSMWire
import Logging
import StrongroomAWS
import StrongroomModel
import Testing

@Suite("Logs")
struct LogTests {
    /// Everything that must be found nowhere.
    private static let canaries = ["kiwi-token", "kiwi-secret", "kiwi-officer", "Signature="]

    private static let cluster = #"""
        {"Clusters":[{"ClusterId":"cluster-2ndsmpk7w5q","State":"UNINITIALIZED",
        "HsmType":"hsm2m.medium","PreCoPassword":"kiwi-officer-0451",
        "NextPassword":"kiwi-officer-0455"}],"Surprise":{"SecretAccessKey":"kiwi-officer-0452",
        "deep":[{"adminPassword":"kiwi-officer-0453"}]},"NextToken":"next-page"}
        """#

    /// What a service says that repeats what it was sent, as AWS does for a wrong signature.
    private static func echo(_ request: HTTPMessageRequest) -> String {
        request.headers.map { "\($0.name.lowercased()):\($0.value)" }.joined(separator: " ")
    }

    private static let replies: [ScriptedExchange.Reply] = [
        .text(200, cluster, headers: [("x-amzn-RequestId", "0815-4711")]),
        .exception("CloudHsmInvalidRequestException"),
        .following { request in
            HTTPMessageResponse(
                status: 400,
                body: ErrorCoding.encode(
                    name: "InvalidSignatureException",
                    message: "The Canonical String should have been '\(echo(request))'"
                )
            )
        },
        .following { request in
            HTTPMessageResponse(status: 502, body: Array("<html>\(echo(request))".utf8))
        },
        .following { request in
            HTTPMessageResponse(
                status: 302,
                headers: [("Location", "https://x.example/?\(echo(request))")]
            )
        },
        .following { request in
            HTTPMessageResponse(
                status: 400,
                headers: [("x-amzn-RequestId", request.header("X-Amz-Security-Token") ?? "")],
                body: ErrorCoding.encode(
                    name: "CloudHsmAccessDeniedException",
                    message: echo(request)
                )
            )
        },
        .text(200, "kiwi-officer-0454 is not JSON"),
        .failure(.connectionLost, .mayHaveBeenSent),
    ]

    @Test(arguments: replies.indices) func noSecretIsFoundInLogsOrErrors(_ index: Int) async throws
    {
        let stage = try Stage([Self.replies[index]])
        var shown = ""
        for call in [Stage.listing, Stage.removal] {
            do {
                shown += "\(try await stage.service.read(call, at: Stage.place))"
            } catch {
                shown += "\(error)"
            }
            do {
                let signed = try await stage.service.sign(call, at: Stage.place, in: nil)
                shown += "\(try await stage.service.send(signed))"
            } catch {
                shown += "\(error)"
            }
        }
        let log = stage.log.text
        #expect(log.contains("operation=DescribeClusters"))
        for canary in Self.canaries {
            #expect(!log.contains(canary), "\(log)")
            #expect(!shown.contains(canary), "\(shown)")
        }
    }

    @Test func everythingElseIsThere() async throws {
        let stage = try Stage([Self.replies[0]])
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        let log = stage.log.text
        for fact in [
            "trace call", "attempt=1", "operation=DescribeClusters", "place=\(Stage.place)",
            "status=200", "requestId=0815-4711", "milliseconds=100", "outcome=answered",
            "cluster-2ndsmpk7w5q", #""PreCoPassword":"<redacted>""#, #""NextToken":"next-page""#,
            "endpoint=https://cloudhsmv2.us-east-1.amazonaws.com", "request={}",
        ] {
            #expect(log.contains(fact), "\(fact) is not in \(log)")
        }
    }

    @Test func aLineStaysALine() async throws {
        let stage = try Stage([.exception("CloudHsmInvalidRequestException", "one\ntwo\u{1B}[2J")])
        _ = try? await stage.perform(Stage.removal)
        #expect(!stage.log.text.contains("\n"))
        #expect(!stage.log.text.contains("\u{1B}"))
    }

    @Test func nothingIsWorkedOutThatNobodyReads() async throws {
        let stage = try Stage([Self.replies[0]])
        var quiet = stage.log.logger
        quiet.logLevel = .debug
        let service = AWSService(
            sessions: AccountSessions(current: { _ in stage.keys.current() }, forget: { _, _ in }),
            endpoints: try EndpointSettings(variables: [:]),
            exchange: stage.exchange,
            surroundings: AWSService.Surroundings(
                now: { stage.time.now },
                uptime: { stage.time.uptime },
                sleep: { stage.time.sleep($0) },
                jitter: { 0 }
            ),
            logger: quiet
        )
        _ = try await service.read(Stage.listing, at: Stage.place)
        #expect(stage.log.text.isEmpty)
    }
}

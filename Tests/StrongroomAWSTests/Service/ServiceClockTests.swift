import CloudHSM
import StrongroomAWS
import StrongroomModel
import Testing

@Suite("The service's clock")
struct ServiceClockTests {
    private func page(_ date: String) -> ScriptedExchange.Reply {
        .text(200, #"{"Clusters":[]}"#, headers: [("Date", date)])
    }

    @Test(
        arguments: [
            // Within the second that the service's date leaves open, and the 0.1 s of the exchange.
            ("Wed, 18 Nov 2026 11:06:40 GMT", Duration.zero, Duration.zero),
            ("Wed, 18 Nov 2026 11:06:40 GMT", .milliseconds(-80), .zero),
            ("Wed, 18 Nov 2026 11:06:40 GMT", .milliseconds(900), .zero),
            ("Wed, 18 Nov 2026 11:06:40 GMT", .seconds(61), .milliseconds(60_550)),
            ("Wed, 18 Nov 2026 11:06:40 GMT", .seconds(-90), .milliseconds(-90_450)),
            ("Wed, 18 Nov 2026 11:06:40 GMT", .hours(30), .milliseconds(107_999_550)),
        ]
    )
    func isKnownFromItsAnswers(
        _ date: String,
        _ skew: Duration,
        _ measured: Duration
    ) async throws {
        let stage = try Stage([page(date)])
        stage.time.setSkew(skew)
        #expect(stage.service.skew() == .zero)
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        #expect(stage.service.skew() == measured)
        #expect(try await stage.service.now() == stage.time.now - measured)
    }

    @Test(
        arguments: [
            "", "yesterday", "Wednesday, 18-Nov-26 11:06:40 GMT", "Wed Nov 18 11:06:40 2026",
            "Wed, 18 Nov 2026 11:06:40 CET", "Wed, 31 Feb 2026 11:06:40 GMT",
            "Wed, 18 Nov 2026 25:06:40 GMT", "Wed, 8 Nov 2026 11:06:40 GMT",
        ]
    )
    func aDateInAnotherFormSaysNothing(_ date: String) async throws {
        let stage = try Stage([page(date)])
        stage.time.setSkew(.hours(1))
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        #expect(stage.service.skew() == .zero)
    }

    @Test func aProxysDateSaysNothing() async throws {
        let date = [(name: "Date", value: "Wed, 18 Nov 2020 11:06:40 GMT")]
        let stage = try Stage([.text(502, "<html>", headers: date)])
        _ = try? await stage.service.read(Stage.listing, at: Stage.place)
        #expect(stage.service.skew() == .zero)
    }

    @Test func aRefusalsDateCounts() async throws {
        let date = [(name: "date", value: "Wed, 18 Nov 2026 11:16:40 GMT")]
        let stage = try Stage([.exception("CloudHsmInvalidRequestException", headers: date)])
        _ = try? await stage.perform(Stage.removal)
        #expect(abs((stage.service.skew() + .minutes(10)) / .seconds(1)) <= 1)
    }

    @Test func timePassesAsTheSurroundingsLetIt() async throws {
        let stage = try Stage([.emptyPage])
        try await stage.service.wait(.minutes(3))
        #expect(stage.time.sleeps == [.minutes(3)])
    }
}

import Testing

/// What is asked of the emulator beside the API's calls.
@Suite("Requests that are no calls", .enabled(if: Clients.areThere, Clients.missing))
struct ProtocolTests {
    @Test(
        "are refused in the form of AWS's JSON services, and the control paths keep to this machine"
    )
    func refusals() async throws {
        let emulator = try await Emulator("--instant", "--no-signatures")
        let told = try await Clients.run("protocol.py", emulator.url)
        #expect(told.contains("requests answered as they should be"))
        #expect(try emulator.greeting().contains("signatures are not checked"))
        #expect(try await emulator.end().status == 0)
    }
}

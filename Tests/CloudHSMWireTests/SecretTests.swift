import CloudHSMWire
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test func nothingShowsASecret() {
        let credentials = SigningCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret("kiwi-0451-secret"),
            sessionToken: Secret("kiwi-0452-token")
        )
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in [
            "\(credentials)", String(reflecting: credentials), dumped,
            "\(credentials.secretAccessKey)", String(describing: credentials.sessionToken as Any),
        ] {
            #expect(!text.contains("kiwi"))
        }
        #expect("\(credentials.secretAccessKey)" == "<redacted>")
        #expect(credentials.secretAccessKey.revealed == "kiwi-0451-secret")
    }
}

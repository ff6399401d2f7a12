import ArgumentParser
import Foundation

/// Where the emulator listens.
struct ListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address to listen on; anything but this machine's own gets a warning.",
            valueName: "address"
        )
    )
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one, which the first line of output names.")
    var port = 4577

    @Option(
        help: ArgumentHelp(
            "Serve HTTPS (HTTP/1.1 and HTTP/2) with the certificates in this PEM file.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tlsCertificate: String?

    @Option(
        help: ArgumentHelp(
            "The private key that belongs to the certificate, PEM.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Add so many milliseconds to the time of every answer.",
            valueName: "ms"
        )
    )
    var latency = 0

    @Flag(
        help: ArgumentHelp(
            "Write a line to standard error for every call that was answered.",
            discussion: "call OPERATION ACCOUNT REGION STATUS EXCEPTION, with - for what is not."
        )
    )
    var logCalls = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port takes 0 to 65535")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
        guard (0...600_000).contains(latency) else {
            throw ValidationError("--latency takes 0 to 600000 milliseconds")
        }
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// Listens, answers, and ends on SIGTERM or SIGINT once what was begun is answered.
struct EmulatorServer {
    let listen: ListenOptions
    let responder: EmulatorResponder

    /// How long open connections may keep the end waiting.
    private static let patience = Duration.seconds(5)

    /// Why it cannot listen.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Serves until a signal comes.
    ///
    /// - Parameter onReady: Is told the port once connections are taken.
    /// - Throws: When it cannot listen, or its certificate cannot be used.
    func run(onReady: @escaping @Sendable (_ port: Int) -> Void) async throws {
        var logger = Logger(label: "emulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let application = Application(
            responder: responder,
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port)
            ),
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        var configuration = ServiceGroupConfiguration(
            services: [application],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = Self.patience
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // A connection outlasted the patience; everything that was answered is durable.
        } catch let error as IOError {
            throw Problem(description: "cannot listen on \(listen.host):\(listen.port): \(error)")
        }
    }

    private static let connection = HTTP1Channel.Configuration(
        additionalChannelHandlers: [ExactDate()]
    )

    private func server() throws -> HTTPServerBuilder {
        guard let certificate = listen.tlsCertificate, let key = listen.tlsKey else {
            return .http1(configuration: Self.connection)
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            return try .http2Upgrade(
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
                ),
                configuration: HTTP2ChannelConfiguration(streamConfiguration: Self.connection)
            )
        } catch {
            throw Problem(description: "cannot use \(certificate) with \(key): \(error)")
        }
    }
}

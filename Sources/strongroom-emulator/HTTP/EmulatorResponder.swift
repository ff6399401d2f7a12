import CloudHSM
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Where a request came from.
struct EmulatorContext: InitializableFromSource {
    /// Whether it came from this machine.
    let isFromLoopback: Bool

    init(source: ApplicationRequestContextSource) {
        isFromLoopback = source.channel.remoteAddress?.isLoopback ?? false
    }
}

/// Leads every request to whom it is for.
struct EmulatorResponder: HTTPResponder {
    let api: ServiceAPI
    let tokens: TokenService
    let control: ControlAPI

    /// What is added to the time of every answer.
    let latency: Duration

    /// Is told what went wrong in the emulator itself.
    let complain: @Sendable (String) -> Void

    func respond(to request: Request, context: EmulatorContext) async throws -> Response {
        let id = UUID().uuidString.lowercased()
        let reply = try await reply(to: request, id: id, isFromLoopback: context.isFromLoopback)
        if latency > .zero { try await Task.sleep(for: latency) }
        return reply.response(to: id, worldTime: api.world.now.description)
    }

    /// The answer to a request.
    ///
    /// - Throws: When the request could not be read because its sender went away.
    private func reply(
        to request: Request,
        id: String,
        isFromLoopback: Bool
    ) async throws -> Reply {
        let received: ReceivedRequest
        do {
            received = try await ReceivedRequest(request, isFromLoopback: isFromLoopback)
        } catch let refusal as Refusal {
            return .json(refusal)
        }
        do {
            // The world may wait for a disk: it does so beside the threads that serve everybody.
            return try await NIOThreadPool.singleton.runIfActive {
                try self.reply(to: received, id: id)
            }
        } catch {
            complain("\(error)")
            return .json(.internalFailure)
        }
    }

    private func reply(to request: ReceivedRequest, id: String) throws -> Reply {
        let now = Timestamp.present
        // A page in a browser sends this, and no AWS client does.
        guard request.header("origin") == nil else {
            return .json(
                Refusal(
                    status: 403,
                    name: "AccessDeniedException",
                    message: "Browsers are not served."
                )
            )
        }
        if ControlAPI.isMeant(by: request) { return try control.reply(to: request) }
        if request.mediaType == "application/x-www-form-urlencoded" {
            return tokens.reply(to: request, id: id, at: now)
        }
        return try api.reply(to: request, at: now)
    }
}

extension SocketAddress {
    /// Whether it is an address of this machine that no other can reach.
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1" || ipAddress?.hasPrefix("::ffff:127.") ?? false
        case .unixDomainSocket: true
        }
    }
}

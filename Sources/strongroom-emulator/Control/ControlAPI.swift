import CloudHSM
import CloudHSMWire
import Foundation
import StrongroomModel
import StrongroomSimulator

/// What people and their machines do that the API cannot: `POST /_strongroom/…`, from this machine
/// only.
struct ControlAPI: Sendable {
    /// Where its paths begin.
    static let prefix = "/_strongroom/"

    let world: World

    /// Whether a path is one of its own.
    ///
    /// - Parameter request: The request.
    /// - Returns: Whether it is to be answered here.
    static func isMeant(by request: ReceivedRequest) -> Bool {
        request.signable.path.hasPrefix(prefix)
    }

    /// Answers a request.
    ///
    /// - Parameter request: The request.
    /// - Returns: The answer, a refusal included.
    /// - Throws: What the world throws beyond refusals.
    func reply(to request: ReceivedRequest) throws -> Reply {
        do {
            try Self.requireLocal(request)
            let name = String(request.signable.path.dropFirst(Self.prefix.count))
            if name == "clock", request.signable.method == "GET" { return Self.reply(world.now) }
            guard request.signable.method == "POST" else {
                throw Refusal.unknownOperation("use POST", status: 405)
            }
            return Self.reply(try world.undergo(try Self.interference(name, request)))
        } catch let refusal as Refusal {
            return Self.plain(refusal.status, refusal.message)
        } catch let error as StandInError {
            return Self.plain(409, "\(error)")
        }
    }

    /// Neither another machine nor a page in a browser on this one may change the world.
    private static func requireLocal(_ request: ReceivedRequest) throws(Refusal) {
        let local = ["localhost", "127.0.0.1", "[::1]"]
        guard request.isFromLoopback, local.contains(request.host) else {
            throw Refusal(
                status: 403,
                name: "AccessDenied",
                message: "only this machine may, by its loopback address"
            )
        }
    }

    private static func interference(
        _ name: String,
        _ request: ReceivedRequest
    ) throws(Refusal) -> World.Interference {
        switch name {
        case "activate": .activate(try value("cluster", of: request, as: ClusterID.init(_:)))
        case "advance": .advance(try value("by", of: request, as: Span.duration))
        case "lose-region": .lose(try value("region", of: request, as: Region.init(_:)))
        case "regain-region": .regain(try value("region", of: request, as: Region.init(_:)))
        default: throw .unknownOperation("there is no \(prefix)\(name)", status: 404)
        }
    }

    private static func value<Value>(
        _ name: String,
        of request: ReceivedRequest,
        as read: (String) -> Value?
    ) throws(Refusal) -> Value {
        guard let text = request.query(name), let value = read(text) else {
            throw .unknownOperation("say \(name)=… in the query")
        }
        return value
    }

    private static func reply(_ moment: Timestamp) -> Reply {
        plain(200, "it is \(moment) in the simulated world")
    }

    private static func plain(_ status: Int, _ text: String) -> Reply {
        Reply(
            status: status,
            contentType: "text/plain; charset=utf-8",
            body: Array("\(text)\n".utf8)
        )
    }
}

/// A span of time as the command line and the control paths take it.
enum Span {
    /// Reads a span.
    ///
    /// - Parameter text: Such as `0s`, `90s`, `5m`, `26h` or `3d`.
    /// - Returns: The span; `nil` if the text is anything else.
    static func duration(_ text: String) -> Duration? {
        if text.hasSuffix("s"), let seconds = UInt32(text.dropLast()) {
            return .seconds(Int(seconds))
        }
        return SpanText.duration(text)
    }
}

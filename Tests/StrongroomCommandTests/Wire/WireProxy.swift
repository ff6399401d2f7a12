import Foundation
import Synchronization

/// Stands between the client and the emulator, and lets requests meet faults by a plan.
///
/// It moves the emulator's world on by itself: whoever reads the world's clock twice with nothing in
/// between is waiting, and finds it a little further. So time passes by what the client does, however
/// busy the machine is.
final class WireProxy: Sendable {
    /// Says what happens to a request; `nil` for nothing.
    typealias Plan = @Sendable (WireRequest) -> WireFault?

    /// A request and what happened to it.
    struct Passage: Sendable {
        let request: WireRequest
        let fault: WireFault?
    }

    private struct State {
        var plan: Plan = { _ in nil }
        var counts: [String: Int] = [:]
        var passages: [Passage] = []
        var isClockRead = false
        var isPaused = false
        var trapped = 0
        var connections: [ObjectIdentifier: WireSocket] = [:]
    }

    private let listener: WireListener
    private let trap: WireListener
    private let service: UInt16
    private let state = Mutex(State())

    /// How far the world goes on when its clock is waited for, such as `30s`.
    private let stride: String

    /// Stands before a service.
    ///
    /// - Parameters:
    ///   - service: The service's port on this machine.
    ///   - stride: How far the world goes on when its clock is waited for, such as `30s`.
    /// - Throws: When there is no free port.
    init(before service: UInt16, stride: String) throws {
        self.stride = stride
        listener = try WireListener()
        trap = try WireListener(host: 2)
        self.service = service
        Thread.detachNewThread { [self] in
            while let client = listener.accepted() {
                state.withLock { $0.connections[ObjectIdentifier(client)] = client }
                Thread.detachNewThread { [self] in
                    serve(client)
                    state.withLock { $0.connections[ObjectIdentifier(client)] = nil }
                }
            }
        }
        Thread.detachNewThread { [self] in
            while trap.accepted() != nil { state.withLock { $0.trapped += 1 } }
        }
    }

    /// What a client is told to talk to.
    var url: String { "http://127.0.0.1:\(listener.port)" }

    /// Every request of the service so far, in order; the clock's and those for credentials are
    /// left out.
    var passages: [Passage] {
        state.withLock { $0.passages }.filter { $0.request.isReading || $0.request.isChanging }
    }

    /// How many followed a redirect.
    var trapped: Int { state.withLock { $0.trapped } }

    /// Begins a plan; requests are counted anew.
    func follow(_ plan: @escaping Plan) {
        state.withLock { state in
            state.plan = plan
            state.counts = [:]
        }
    }

    /// Lets everything pass, uncounted, or follows the plan again.
    func pause(_ isPaused: Bool) { state.withLock { $0.isPaused = isPaused } }

    /// Ends everything.
    func stop() {
        listener.shut()
        trap.shut()
        state.withLock { $0.connections.values.forEach { $0.shut() } }
    }

    /// Lets time pass in the world.
    ///
    /// - Parameter span: How long, such as `15s`.
    /// - Throws: When the emulator does not answer.
    func advance(by span: String) throws {
        let head = "POST /_strongroom/advance?by=\(span) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        _ = try ask(WireMessage(head: head + "Content-Length: 0\r\n\r\n", body: []))
    }
}

extension WireProxy {
    private func serve(_ client: WireSocket) {
        while let message = WireMessage.next(on: client) {
            // An emulator that is gone is as good as a connection that ends.
            guard let sight = try? sight(of: message) else { return client.shut() }
            switch sight {
            case .end: return client.shut()
            case .reset: return client.resetWhenClosed()
            case .whole(let bytes): client.write(bytes)
            case .part(let bytes):
                client.write(bytes)
                return client.shut()
            case .nothing:
                while !client.read().isEmpty {}
                return
            }
        }
    }

    private func sight(of message: WireMessage) throws -> WireFault.Sight {
        guard let (request, plan, isWaiting) = noted(message) else {
            return .whole(try ask(message).bytes)
        }
        if isWaiting { try advance(by: stride) }
        let fault = plan(request)
        state.withLock { $0.passages.append(Passage(request: request, fault: fault)) }
        guard let fault else { return .whole(try ask(message).bytes) }
        return fault.sight(of: fault.isPassedOn ? try ask(message) : nil, trap: trap.port)
    }

    /// Counts a request; `nil` while everything is to pass.
    private func noted(_ message: WireMessage) -> (WireRequest, Plan, isWaiting: Bool)? {
        state.withLock { state in
            guard !state.isPaused else { return nil }
            let operation = WireRequest.operation(of: message)
            let inRegion = "\(operation) \(WireRequest.region(of: message))"
            state.counts[operation, default: 0] += 1
            state.counts[inRegion, default: 0] += 1
            let request = WireRequest(
                message,
                number: state.counts[operation] ?? 0,
                inRegion: state.counts[inRegion] ?? 0
            )
            let wasClock = state.isClockRead
            state.isClockRead = operation == "clock"
            return (request, state.plan, wasClock && state.isClockRead)
        }
    }

    /// Passes a request on over a connection of its own.
    private func ask(_ message: WireMessage) throws -> WireMessage {
        let wire = try WireSocket.connected(to: service)
        wire.write(message.bytes)
        guard let answer = WireMessage.next(on: wire) else { throw POSIXError(.ECONNRESET) }
        return answer
    }
}

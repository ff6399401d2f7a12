import CloudHSM
import Foundation
import StrongroomAWS
import StrongroomModel
import Synchronization

/// The clock of strongroom-emulator's world, which may run fast or be put forward.
///
/// It takes the place of the service's own clock for runs that are told to live by it; signatures
/// keep to the real one.
final class EmulatorClock: Sendable {
    private let exchange: any HTTPExchange
    private let origin: HTTPOrigin
    private let reading = Mutex<Timestamp?>(nil)

    /// How often the clock is looked at while time is to pass there.
    private static let pace = Duration.milliseconds(20)

    /// Asks nothing yet.
    ///
    /// - Parameters:
    ///   - origin: The emulator's address.
    ///   - exchange: The way there.
    init(at origin: HTTPOrigin, over exchange: any HTTPExchange) {
        self.origin = origin
        self.exchange = exchange
    }

    /// What was read last; the real present before the first reading.
    var now: Timestamp { reading.withLock(\.self) ?? .present }

    /// Asks for the world's present.
    ///
    /// - Returns: The moment.
    /// - Throws: `CancellationError`; when nothing at the address is an emulator.
    @discardableResult
    func read() async throws -> Timestamp {
        let answer = try await exchange.ask(
            HTTPMessageRequest("GET", to: origin, target: "/_strongroom/clock"),
            within: .seconds(30)
        )
        guard
            answer.status == 200,
            let world = answer.header("x-strongroom-world-time").flatMap(Timestamp.init(_:))
        else {
            throw Trouble(
                "\(origin) has no clock of an emulator: --emulator-clock is for strongroom-emulator",
                .failure
            )
        }
        reading.withLock { $0 = world }
        return world
    }

    /// Waits until so much time has passed in the world.
    ///
    /// - Parameter span: How long.
    /// - Throws: `CancellationError`; when the emulator does not answer.
    func wait(_ span: Duration) async throws {
        let end = try await read() + span
        while try await read() < end { try await Task.sleep(for: Self.pace) }
    }
}

/// AWS as an emulator serves it, by the clock of its world.
struct EmulatedCaller: HSMCaller {
    let aws: AWSService
    let clock: EmulatorClock

    func now() async throws -> Timestamp { try await clock.read() }

    func sign(_ call: Call, at place: Place, in group: GroupID?) async throws -> SignedCall {
        let signed = try await aws.sign(call, at: place, in: group)
        return SignedCall(
            signed.call,
            at: signed.place,
            in: signed.group,
            signedAt: clock.now,
            bytes: signed.bytes
        )
    }

    func send(_ call: SignedCall) async throws -> Answer { try await aws.send(call) }

    func wait(_ span: Duration) async throws { try await clock.wait(span) }
}

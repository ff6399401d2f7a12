import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomSimulator

/// The service that a command works on: simulated, real, or as it was last observed.
protocol WorkingService: HSMService {
    /// The service's clock, as far as it is known without asking.
    var present: Timestamp { get }

    /// How far this machine's clock runs ahead of the service's, as far as it was measured.
    func skew() -> Duration

    /// The address of the service where it is not the usual one; plans show it and are bound to it.
    var endpoint: String? { get }

    /// Who acts in each account, as far as it can be told, for people.
    func identities() async -> [String]

    /// What a plan is made from: one reading of everything.
    ///
    /// - Returns: The view.
    /// - Throws: When nothing can be read at all.
    func viewForPlanning() async throws -> any FleetView

    /// Makes durable what the service keeps in the state directory.
    ///
    /// - Throws: When it could not be made durable.
    func flush() throws
}

extension House {
    /// Says where calls will go and as whom, before anybody agrees to them.
    ///
    /// - Parameter terminal: Where it is said.
    func sayWho(on terminal: Terminal) async {
        for line in await service.identities() { terminal.say("\(line)") }
        guard let endpoint = service.endpoint else { return }
        terminal.say("calls go to \(endpoint), not to the service's own address")
    }
}

extension WorkingService {
    func identities() -> [String] { [] }
}

extension SimulatedService: WorkingService {
    var present: Timestamp { now() }

    var endpoint: String? { nil }

    /// The simulated service itself: a look at a group costs nothing.
    func viewForPlanning() -> any FleetView { self }
}

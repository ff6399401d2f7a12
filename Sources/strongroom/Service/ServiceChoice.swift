import CloudHSM
import Foundation
import Logging
import StrongroomModel
import StrongroomSimulator
import StrongroomState

/// The service of one command.
struct ChosenService {
    let service: any WorkingService

    /// Why nothing may be changed there; `nil` if it may.
    var objection: String?
}

extension CommonOptions {
    /// The service that a fleet's manifests name.
    ///
    /// - Parameters:
    ///   - fleet: What the manifests say.
    ///   - state: The state directory, open.
    ///   - purpose: What the command is for.
    /// - Returns: The service, and why nothing may be changed there if nothing may.
    /// - Throws: When it cannot be reached at all, or the command line does not fit it.
    func service(
        of fleet: DesiredFleet,
        _ state: StateDirectory,
        for purpose: House.Purpose
    ) async throws -> ChosenService {
        switch (fleet.service, purpose) {
        case (.simulator, _):
            return ChosenService(service: try SimulatedService.open(store: state, now: run.now))
        case (.aws, .recollecting), (.aws, .observing(asks: false, _)):
            let moment = run.now ?? .present
            return ChosenService(
                service: RecordedService(state: state, places: fleet.places, moment: moment)
            )
        case (.aws, .reading), (.aws, .writing), (.aws, .observing(asks: true, _)):
            guard run.now == nil else {
                throw Trouble(
                    "--now is for the simulated service and for plan --offline: "
                        + "the real service has a clock of its own",
                    .failure
                )
            }
            let connection = try AWSConnection(to: fleet, aws, run)
            try await connection.clock?.read()
            run.log.debug("credentials", metadata: ["source": "\(connection.source)"])
            let objection = connection.mayChange ? nil : connection.endpoint.map(Self.objection)
            return ChosenService(
                service: RealService(over: connection, for: fleet, state),
                objection: objection
            )
        }
    }

    /// Makes the state directory of a fleet at AWS before its first observation, and asks for that
    /// observation where it is not there yet.
    ///
    /// - Parameters:
    ///   - fleet: What the manifests say.
    ///   - purpose: What the command is for.
    /// - Throws: When it is not there, and is not to be made or cannot be.
    func prepareState(of fleet: DesiredFleet, for purpose: House.Purpose) throws {
        let format = "\(fleet.stateDirectory)/FORMAT"
        guard fleet.service == .aws, !FileManager.default.fileExists(atPath: format) else { return }
        guard case .observing = purpose else {
            throw Trouble(
                "there is no state in \(fleet.stateDirectory) yet: run strongroom observe first",
                .stateUnreadable
            )
        }
        var generator = SystemRandomNumberGenerator()
        try StateDirectory.create(
            at: fleet.stateDirectory,
            service: .aws,
            lineage: LineageID(using: &generator),
            storage: state.storage
        )
    }

    private static func objection(to endpoint: String) -> String {
        "calls would go to \(endpoint), which is not the service's own address: nothing is changed "
            + "there without --allow-endpoint"
    }
}

extension House {
    /// The simulated service, for commands that stand in for what happens outside the API.
    func simulator() throws -> SimulatedService {
        guard let simulator = service as? SimulatedService else {
            throw Trouble(
                "this is for service: simulator; at AWS these things happen by themselves",
                .failure
            )
        }
        return simulator
    }
}

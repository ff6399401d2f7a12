import CloudHSM
import Foundation
import StrongroomModel
import StrongroomSimulator
import StrongroomState

/// Where a simulated world is kept: in memory, or in a state directory that the `strongroom`
/// command can open afterwards.
struct WorldStore {
    /// The simulated service over it.
    let service: SimulatedService

    /// The state directory that is held; `nil` for a world in memory.
    let state: StateDirectory?

    /// What is kept about it beside the groups, for people.
    let findings: [String]

    /// Begins a world in memory.
    ///
    /// - Parameters:
    ///   - groups: What it begins with.
    ///   - start: What its clock shows; `nil` for the present.
    ///   - settings: How it behaves.
    /// - Returns: The world.
    /// - Throws: What the simulated service throws.
    static func inMemory(
        _ groups: [ProtectionGroup] = [],
        from start: Timestamp?,
        settings: SimulatorSettings
    ) throws -> WorldStore {
        let service = try SimulatedService.begin(
            store: MemoryStore(groups),
            now: start ?? .present,
            settings: settings
        )
        return WorldStore(service: service, state: nil, findings: [])
    }

    /// Goes on with the world of a state directory, or begins one where there is none.
    ///
    /// The directory is held until the store is gone: no `strongroom` command writes to it
    /// meanwhile. A world that is gone on with takes up the time that passed since, because the
    /// service never sleeps; its clock never goes back.
    ///
    /// - Parameters:
    ///   - path: The directory; its parent must exist.
    ///   - groups: What a new world begins with.
    ///   - start: What its clock shows; `nil` for the present, or where it stands if that is later.
    ///   - settings: How a new world behaves; one that is there keeps its own.
    ///   - storage: Whether it may lie where nothing lasts.
    /// - Returns: The world.
    /// - Throws: What the state directory and the simulated service throw.
    static func inDirectory(
        _ path: String,
        beginningWith groups: [ProtectionGroup] = [],
        from start: Timestamp?,
        settings: SimulatorSettings,
        storage: StorageDemand
    ) throws -> WorldStore {
        let isNew = try create(path, storage)
        let state = try StateDirectory.open(
            at: path,
            for: .writing(LockRequest(for: "emulator", since: .present)),
            service: .simulator,
            storage: storage
        )
        if isNew, !groups.isEmpty { try state.save(groups.map { GroupRecord(group: $0) }) }
        let findings = state.findings.map(String.init(describing:))
        guard try state.simulatedWorld() != nil else {
            let service = try SimulatedService.begin(
                store: state,
                now: start ?? .present,
                settings: settings
            )
            return WorldStore(service: service, state: state, findings: findings)
        }
        let kept = try SimulatedService.open(store: state)
        let service = try SimulatedService.open(
            store: state,
            now: start ?? max(kept.now(), .present)
        )
        return WorldStore(service: service, state: state, findings: findings)
    }

    /// Makes the directory if there is none.
    private static func create(_ path: String, _ storage: StorageDemand) throws -> Bool {
        let format = URL(fileURLWithPath: path).appendingPathComponent("FORMAT").path
        guard !FileManager.default.fileExists(atPath: format) else { return false }
        var generator = SystemRandomNumberGenerator()
        try StateDirectory.create(
            at: path,
            service: .simulator,
            lineage: LineageID(using: &generator),
            storage: storage
        )
        return true
    }

    /// Says that the run ended well, so that the next does not take it for cut short.
    ///
    /// - Throws: What the state directory throws.
    func finish() throws { try state?.finish(at: .present) }
}

extension Timestamp {
    /// The present by this machine's clock.
    static var present: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

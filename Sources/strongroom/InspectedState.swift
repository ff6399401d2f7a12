import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// A state directory read whole: each file by itself, and then, where the service is simulated,
/// what the files say together.
struct InspectedState {
    /// What each file is by itself.
    let inspection: StateInspection

    private let path: String

    /// Why the simulated service cannot go on from files that are sound by themselves.
    private let worldFaults: [String]

    /// Reads everything; nothing is changed.
    ///
    /// - Parameter path: The state directory.
    init(at path: String) async {
        self.path = path
        inspection = await StateInspection(of: path)
        worldFaults = inspection.isDamaged ? [] : Self.worldFaults(at: path)
    }

    /// What it means for the command.
    var status: ExitStatus { damageCount > 0 ? .stateUnreadable : .done }

    /// One line for each fault, and one for all.
    var text: String {
        let faults = inspection.faults.map { "\($0)" } + worldFaults.map { "damage: \($0)" }
        let lines = faults.map { SafeText.terminal($0) + "\n" }.joined()
        let read =
            "\(counted(inspection.groupCount, "group")) and "
            + counted(inspection.recordCount, "journal record")
        let verdict = damageCount == 0 ? "nothing damaged" : counted(damageCount, "damaged thing")
        return lines + "\(SafeText.terminal(path)): \(read) read; \(verdict) found\n"
    }

    private var damageCount: Int { inspection.faults.count(where: \.isDamage) + worldFaults.count }

    private static func worldFaults(at path: String) -> [String] {
        do {
            let state = try StateDirectory.open(at: path, for: .reading)
            guard state.service == .simulator else { return [] }
            let service = try SimulatedService.open(store: state)
            return try service.unreadGroups().sorted { $0.key < $1.key }.map { id, reason in
                "\(path)/\(id.home.account)/\(id.home.region)/\(id.cluster).json: \(reason)"
            }
        } catch {
            return ["\(path): \(error)"]
        }
    }
}

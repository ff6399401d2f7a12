import ArgumentParser
import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// Writes a commented tree that plans at once.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write a commented tree of manifests, with a simulated service, that plans at once.",
        discussion: ExitStatus.help(.done, .failure)
    )

    @Argument(help: "Where to write; it must not exist yet, or be empty.", completion: .directory)
    var directory: String

    @OptionGroup(title: "The state directory") var volatile: VolatileOptions

    @OptionGroup var options: RunOptions

    func run() async throws {
        let terminal = options.terminal
        try await terminal.run {
            let root = URL(fileURLWithPath: directory, isDirectory: true)
            try requireEmpty(root)
            let storage = volatile.storage
            try requireLasting(root, storage)
            try await Trouble.explaining {
                for (path, text) in NewTree.files.sorted(by: { $0.key < $1.key }) {
                    try WrittenFile.write(text, to: "\(directory)/\(path)")
                }
                var generator = SystemRandomNumberGenerator()
                let path = root.appendingPathComponent("state").path
                let lineage = LineageID(using: &generator)
                try StateDirectory.create(
                    at: path,
                    service: .simulator,
                    lineage: lineage,
                    storage: storage
                )
                let state = try StateDirectory.open(
                    at: path,
                    for: .writing(LockRequest(for: "init", since: .present)),
                    storage: storage
                )
                _ = try SimulatedService.begin(store: state, now: options.now ?? .present)
                try state.finish(at: .present)
            }
            terminal.show(NewTree.nextSteps(in: SafeText.terminal(directory)))
            return .done
        }
    }

    private func requireEmpty(_ root: URL) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: root.path) else { return }
        guard let names = try? manager.contentsOfDirectory(atPath: root.path) else {
            throw Trouble("\(directory) is not a directory that can be read", .failure)
        }
        guard names.isEmpty else {
            throw Trouble(
                "\(directory) is not empty: choose a new directory, so that nothing is overwritten",
                .failure
            )
        }
    }

    /// Refuses a place where the state would not last, before anything is written there.
    private func requireLasting(_ root: URL, _ storage: StorageDemand) throws {
        do {
            try StateDirectory.requireStorage(
                storage,
                forOneAt: root.appendingPathComponent("state").path
            )
        } catch {
            throw Trouble("\(error)", .failure)
        }
    }
}

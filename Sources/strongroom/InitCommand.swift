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

    @OptionGroup var options: RunOptions

    func run() async throws {
        let terminal = options.terminal
        try await terminal.run {
            let root = URL(fileURLWithPath: directory, isDirectory: true)
            try requireEmpty(root)
            try await Trouble.explaining {
                for (path, text) in NewTree.files.sorted(by: { $0.key < $1.key }) {
                    try WrittenFile.write(text, to: "\(directory)/\(path)")
                }
                var generator = SystemRandomNumberGenerator()
                let path = root.appendingPathComponent("state").path
                let lineage = LineageID(using: &generator)
                try StateDirectory.create(at: path, service: .simulator, lineage: lineage)
                let state = try StateDirectory.open(
                    at: path,
                    for: .writing(LockRequest(for: "init", since: .present))
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
}

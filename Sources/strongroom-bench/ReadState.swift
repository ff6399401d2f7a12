import ArgumentParser
import StrongroomModel
import StrongroomState
import Synchronization

/// Reads every group of a state directory on all cores and does nothing else with it.
struct ReadState: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read a state directory.")

    @Argument(help: "The state directory.")
    var directory: String

    func run() async throws {
        let state = try StateDirectory.open(at: directory, for: .reading)
        let ids = state.groupIDs()
        let chunk = 100
        let backups = Mutex(0)
        try await inParallel(Array(stride(from: 0, to: ids.count, by: chunk))) { first in
            var count = 0
            for id in ids[first..<min(first + chunk, ids.count)] {
                count += try state.record(of: id).group.backups.count
            }
            backups.withLock { [count] in $0 += count }
        }
        print("\(ids.count) groups, \(backups.withLock { $0 }) backups")
    }
}

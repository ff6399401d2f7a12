import ArgumentParser
import Foundation

/// Writes a seeded fleet: a tree of manifests with its state, and the same manifests with changes.
struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a seeded fleet, unless the same one is there."
    )

    @Argument(help: "The directory; new, empty, or with a fleet made before.")
    var directory: String

    @OptionGroup var sizes: FleetSizes

    func run() async throws {
        let bench = BenchDirectory(directory)
        let manager = FileManager.default
        try manager.createDirectory(at: bench.root, withIntermediateDirectories: true)
        if let made = manager.contents(atPath: bench.marker.path) {
            guard made == Data(sizes.description.utf8) else {
                let made = String(decoding: made, as: UTF8.self)
                throw ValidationError("\(directory) holds a fleet of \(made); name another one")
            }
            return
        }
        guard try manager.contentsOfDirectory(atPath: bench.root.path).isEmpty else {
            throw ValidationError("\(directory) is not empty and holds no whole fleet")
        }
        try SeededManifests(fleet: sizes.fleet, isChanged: false).write(to: bench.manifests)
        try SeededManifests(fleet: sizes.fleet, isChanged: true).write(to: bench.changedManifests)
        try await SeededState(fleet: sizes.fleet).write(to: bench.state.path)
        // Last, so that what was cut short is not taken for a whole fleet.
        try Data(sizes.description.utf8).write(to: bench.marker)
    }
}

/// How large a fleet is.
struct FleetSizes: ParsableArguments {
    @Option(help: "Protection groups, each with a manifest.")
    var groups = 10_000

    @Option(help: "Backups in each group, copies included.")
    var backupsPerGroup = 100

    @Option(help: "What every id follows from.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...1_000_000).contains(groups) else {
            throw ValidationError("--groups takes 1 to 1000000")
        }
        guard (1...10_000).contains(backupsPerGroup) else {
            throw ValidationError("--backups-per-group takes 1 to 10000")
        }
    }

    /// The fleet.
    var fleet: SeededFleet {
        SeededFleet(seed: seed, groups: groups, backupsPerGroup: backupsPerGroup)
    }

    /// The sizes in one line; a fleet that was made with the same line is the same.
    var description: String {
        "\(groups) groups, \(groups * backupsPerGroup) backups, seed \(seed)"
    }
}

/// Where everything lies below a directory of the benchmark.
struct BenchDirectory {
    let root: URL

    init(_ path: String) {
        root = URL(fileURLWithPath: path, isDirectory: true)
    }

    /// The manifests that ask for what there is.
    var manifests: URL { root.appendingPathComponent("fleet") }

    /// The state as it was made, which nothing changes.
    var state: URL { manifests.appendingPathComponent("state") }

    /// The manifests of which one in a hundred asks for something else.
    var changedManifests: URL { root.appendingPathComponent("changed") }

    /// A copy of the state for each apply.
    var changedState: URL { changedManifests.appendingPathComponent("state") }

    /// What the command measured last printed.
    var output: URL { root.appendingPathComponent("output") }

    /// The sizes the fleet was made with; written last.
    var marker: URL { root.appendingPathComponent("sizes") }
}

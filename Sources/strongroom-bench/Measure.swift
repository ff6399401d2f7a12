import ArgumentParser
import Foundation

/// Measures every stage on a fleet that was made before, and prints the table.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure Strongroom on a fleet that was made.",
        discussion: """
            What is compared is measured in the same rounds, one after the other, so that a busy \
            machine is busy for both.
            """
    )

    @Argument(help: "The directory that `make` wrote.")
    var directory: String

    @OptionGroup var sizes: FleetSizes

    @Option(help: "The strongroom to measure.")
    var strongroom: String

    @Option(help: "A Python with orjson and PyYAML.")
    var python: String

    @Option(help: "The directory of the Python programs to compare with.")
    var baselines: String

    @Option(help: "How often each stage is measured.")
    var runs = 3

    func validate() throws {
        guard (1...1_000).contains(runs) else { throw ValidationError("--runs takes 1 to 1000") }
    }

    func run() throws {
        let bench = BenchDirectory(directory)
        let stages = Stages(
            bench: bench,
            fleet: sizes.fleet,
            strongroom: strongroom,
            itself: CommandLine.arguments[0],
            python: python,
            baselines: URL(fileURLWithPath: baselines, isDirectory: true)
        )
        let inputs = try Inputs(of: bench)
        // Once without counting, so that every file is in the page cache.
        _ = try stages.readManifests.run(printingTo: bench.output)
        _ = try stages.readState.run(printingTo: bench.output)
        var costs: [[Cost]] = Array(repeating: [], count: stages.all.count)
        for round in 1...runs {
            for (index, stage) in stages.all.enumerated() {
                note("round \(round) of \(runs): \(stage.name)")
                if stage.needsFreshCopy { try renewChangedState(bench) }
                for _ in 0..<stage.repetitions {
                    costs[index].append(try stage.run(printingTo: bench.output))
                }
            }
        }
        let table = BenchTable(stages: stages.all, costs: costs, inputs: inputs)
        print(sizes.description, inputs.description, separator: "\n")
        print("\(Machine.description), \(runs) rounds\n\n\(table.text)")
    }

    /// A copy of the state as it was made, with nothing left to be written to the disk.
    private func renewChangedState(_ bench: BenchDirectory) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: bench.changedState.path) {
            try manager.removeItem(at: bench.changedState)
        }
        try manager.copyItem(at: bench.state, to: bench.changedState)
        sync()
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("strongroom: \(text)\n".utf8))
    }
}

/// How large what is read is.
struct Inputs {
    /// The bytes of all manifests, the fleet's included.
    let manifestBytes: Int

    /// The bytes of all files of the state directory.
    let stateBytes: Int

    private let manifests: Int

    init(of bench: BenchDirectory) throws {
        let state = try Self.sizes(below: bench.state) { _ in true }
        let all = try Self.sizes(below: bench.manifests) { $0.hasSuffix(".yaml") }
        stateBytes = state.reduce(0, +)
        manifestBytes = all.reduce(0, +)
        manifests = all.count
    }

    /// The sizes in words.
    var description: String {
        "\(manifests) manifests of \(megabytes(manifestBytes)) MB, "
            + "state of \(megabytes(stateBytes)) MB"
    }

    private static func sizes(
        below root: URL,
        where isMeant: (String) -> Bool
    ) throws -> [Int] {
        let keys: [URLResourceKey] = [.fileSizeKey, .isRegularFileKey]
        guard
            let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: keys)
        else { return [] }
        var sizes: [Int] = []
        for case let file as URL in files where isMeant(file.lastPathComponent) {
            let values = try file.resourceValues(forKeys: Set(keys))
            if values.isRegularFile == true { sizes.append(values.fileSize ?? 0) }
        }
        return sizes
    }
}

/// The machine in a few words.
enum Machine {
    /// Its processor, and how many of them.
    static var description: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last.map { $0.drop { $0 == " " } }
        return "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(name ?? "unnamed")"
    }
}

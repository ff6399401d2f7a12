import Foundation

/// One line of the table: a program with its arguments, and what it is held against.
struct Stage {
    /// What the table calls it.
    let name: String

    /// The program and its arguments.
    let arguments: [String]

    /// What it must print, or else it did something else.
    let expected: String

    /// The bytes it reads, for the throughput; `nil` where that says nothing.
    var bytes: KeyPath<Inputs, Int>?

    /// The stage whose time is set beside this one's, by name.
    var comparedTo: String?

    /// How often it is run in each round.
    var repetitions = 1

    /// Whether it needs the state as it was made.
    var needsFreshCopy = false

    /// Runs it once.
    ///
    /// - Parameter output: The file that takes what it prints.
    /// - Returns: What it took.
    /// - Throws: ``ChildProcess/Failure``.
    func run(printingTo output: URL) throws -> Cost {
        try ChildProcess(arguments: arguments).run(printingTo: output, expecting: expected)
    }
}

/// What is measured, in the order of the table.
struct Stages {
    let bench: BenchDirectory
    let fleet: SeededFleet
    let strongroom: String
    let itself: String
    let python: String
    let baselines: URL

    /// Every stage; the apply comes last, because it changes the state it finds.
    var all: [Stage] {
        [
            start, readManifests, yaml, readState, json, plan, changedPlan, apply,
        ]
    }

    /// Reading and checking every manifest.
    var readManifests: Stage {
        Stage(
            name: "read manifests",
            arguments: [strongroom, "validate", bench.manifests.path],
            expected: "valid: fleet \(SeededFleet.name), \(fleet.groups) clusters",
            bytes: \.manifestBytes,
            comparedTo: Self.yamlName
        )
    }

    /// Reading every group of the state.
    var readState: Stage {
        Stage(
            name: "read state",
            arguments: [itself, "read-state", bench.state.path],
            expected: "\(fleet.groups) groups, \(fleet.groups * fleet.backupsPerGroup) backups",
            bytes: \.stateBytes,
            comparedTo: Self.jsonName
        )
    }

    private static let yamlName = "  PyYAML (C) parses the manifests"
    private static let jsonName = "  orjson parses the state"

    private var start: Stage {
        Stage(
            name: "start (--version)",
            arguments: [strongroom, "--version"],
            expected: ".",
            repetitions: 10
        )
    }

    private var yaml: Stage {
        Stage(
            name: Self.yamlName,
            arguments: [python, baseline("parse_manifests.py"), bench.manifests.path],
            expected: "\(fleet.groups + 1) files",
            bytes: \.manifestBytes
        )
    }

    private var json: Stage {
        Stage(
            name: Self.jsonName,
            arguments: [python, baseline("parse_state.py"), bench.state.path],
            expected: " files",
            bytes: \.stateBytes
        )
    }

    private var plan: Stage {
        Stage(
            name: "plan without changes",
            arguments: [strongroom, "plan", bench.manifests.path],
            expected: "No changes.",
            bytes: \.allBytes,
            comparedTo: Self.jsonName
        )
    }

    private var changedPlan: Stage {
        Stage(
            name: "plan with 1 % changed",
            arguments: [strongroom, "plan", bench.changedManifests.path],
            expected: "plan: ",
            bytes: \.allBytes,
            comparedTo: Self.jsonName,
            needsFreshCopy: true
        )
    }

    private var apply: Stage {
        Stage(
            name: "apply of it, simulated",
            arguments: [strongroom, "apply", "--yes", bench.changedManifests.path],
            expected: "done",
            bytes: \.allBytes
        )
    }

    private func baseline(_ name: String) -> String {
        baselines.appendingPathComponent(name).path
    }
}

extension Inputs {
    /// The bytes of manifests and state.
    var allBytes: Int { manifestBytes + stateBytes }
}

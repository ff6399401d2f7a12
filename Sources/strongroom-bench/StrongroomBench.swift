import ArgumentParser

/// Measures Strongroom on a seeded fleet; `scripts/bench` is how it is run.
///
/// It prints figures and no verdict: whether they are good enough is for a person to say, on a
/// machine that person knows.
@main
struct StrongroomBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strongroom-bench",
        abstract: "Make a seeded fleet and measure Strongroom on it.",
        subcommands: [Make.self, ReadState.self, Measure.self, Prove.self]
    )
}

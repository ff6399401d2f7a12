import ArgumentParser

/// Keeps a fleet of CloudHSM clusters, and above all their backups, as files in Git say.
@main
struct Strongroom: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strongroom",
        abstract: "Keep CloudHSM clusters and their backups the way manifests in Git say.",
        version: "0.1.0",
        subcommands: [
            Init.self, Adopt.self, Validate.self, PlanCommand.self, Apply.self, Reconcile.self,
            Status.self, Simulate.self,
        ]
    )
}

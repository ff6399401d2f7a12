import ArgumentParser

/// Keeps a fleet of CloudHSM clusters, and above all their backups, as files in Git say.
@main
struct Strongroom: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strongroom",
        abstract: "Keep CloudHSM clusters and their backups the way manifests in Git say.",
        version: version,
        subcommands: [
            Init.self, Adopt.self, Validate.self, PlanCommand.self, Apply.self, Reconcile.self,
            Observe.self, Status.self, Permissions.self, Resolve.self, Simulate.self, Keygen.self,
            Sign.self, StateCommand.self,
        ]
    )

    /// The version: a saved plan is carried out by the version that made it only.
    static let version = "0.1.0"

    static func main() async {
        Privacy.begin()
        StandardStreams.begin()
        do {
            try GivenArguments.requireText()
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            GivenArguments.end(Self.self, with: error)
        }
    }
}

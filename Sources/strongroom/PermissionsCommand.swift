import ArgumentParser
import StrongroomManifest
import StrongroomModel
import StrongroomReport

/// Prints the IAM policy that the manifests need.
struct Permissions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the IAM policy that the manifests need.",
        discussion: """
            Without --full it is what plan, status and observe need, and nothing can be changed with \
            it. With --full it is what apply and reconcile may need. It is for the roles named in the \
            fleet's accounts; the credentials that take these roles on need sts:AssumeRole on them.

            """
                + ExitStatus.help(.done)
    )

    @Argument(
        help: ArgumentHelp(
            "Manifest files, directories, or - for standard input.",
            valueName: "path"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var paths: [String] = []

    @Flag(help: "All that apply and reconcile may need.")
    var full = false

    @OptionGroup var options: RunOptions

    func run() async throws {
        let terminal = options.terminal
        try await terminal.run {
            let fleet = try ManifestSource(paths.isEmpty ? ["."] : paths).fleet(
                sayingMistakesOn: terminal
            )
            terminal.show(PermissionsPolicy(for: fleet, full ? .full : .readOnly).json())
            return .done
        }
    }
}

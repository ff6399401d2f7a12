import ArgumentParser
import Foundation
import StrongroomManifest
import StrongroomModel
import StrongroomReport

/// Reads manifests and says what is wrong with them.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check manifests and say what is wrong with them, all at once.",
        discussion: ExitStatus.help(.done)
    )

    /// How diagnostics are shown.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var options: CommonOptions

    @Option(help: "text, or json (schemas/diagnostics.md).")
    var format: Format = .text

    func run() throws {
        let terminal = options.run.terminal
        let status: ExitStatus
        do {
            let fleet = try ManifestSource(options.manifestPaths).read()
            status = .done
            switch format {
            case .json: terminal.show(DiagnosticsDocument([]).json())
            case .text:
                terminal.show(
                    "valid: fleet \(fleet.name.value), \(fleet.clusters.count) clusters\n"
                )
            }
        } catch {
            status = .manifestsInvalid
            switch format {
            case .json: terminal.show(DiagnosticsDocument(error.diagnostics).json())
            case .text:
                let text = DiagnosticsText(
                    width: terminal.resultWidth,
                    colour: terminal.resultColour
                )
                terminal.show(text.text(of: error.diagnostics))
            }
        }
        try terminal.end(status)
    }
}

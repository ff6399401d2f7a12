import ArgumentParser
import Foundation
import StrongroomManifest
import StrongroomModel
import StrongroomReport

/// The paths of the command line, and what standard input held where it is named among them.
struct ManifestSource {
    private let paths: [String]
    private let standardInput: [UInt8]?

    /// Takes standard input in, once.
    ///
    /// - Parameter paths: The paths.
    init(_ paths: [String]) {
        self.paths = paths
        let isNamed = paths.contains(ManifestReader.standardInput)
        standardInput =
            isNamed ? Array(FileHandle.standardInput.readDataToEndOfFile()) : nil
    }

    /// Reads the manifests.
    ///
    /// - Parameter texts: Manifests that lie in no file yet, to be read with them.
    /// - Returns: The fleet.
    /// - Throws: Every mistake of every file.
    func read(and texts: [ManifestText] = []) throws(ManifestErrors) -> DesiredFleet {
        try ManifestReader().read(paths, standardInput: standardInput, and: texts)
    }

    /// Reads the manifests for a command that ends where they have mistakes.
    ///
    /// - Parameter terminal: Where every mistake is said.
    /// - Returns: The fleet.
    /// - Throws: The exit code once the mistakes have been said.
    func fleet(sayingMistakesOn terminal: Terminal) throws -> DesiredFleet {
        do {
            return try read()
        } catch {
            let text = DiagnosticsText(
                width: terminal.talkSize.columns,
                colour: terminal.talkColour
            )
            terminal.talk(text.text(of: error.diagnostics))
            throw ExitCode(ExitStatus.manifestsInvalid.rawValue)
        }
    }
}

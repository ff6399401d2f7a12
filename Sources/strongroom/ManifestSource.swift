import Foundation
import StrongroomManifest
import StrongroomModel

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
}

import Foundation
import StrongroomManifest
import StrongroomModel

extension ManifestReader {
    /// Reads paths of the command line, taking standard input in where it is named.
    func readAll(_ paths: [String]) throws(ManifestErrors) -> DesiredFleet {
        guard paths.contains(Self.standardInput) else { return try read(paths) }
        let input = FileHandle.standardInput.readDataToEndOfFile()
        return try read(paths, standardInput: Array(input))
    }
}

import Foundation
import Testing

/// Texts that were read by a person and are kept as files in `Golden`.
///
/// With `STRONGROOM_RECORD=1` in the environment they are written anew; the diff is then reviewed.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden")

    /// Expects a text to be the kept one.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: The file's name.
    ///   - location: Where the expectation stands.
    /// - Throws: When the file cannot be read or written.
    static func expect(
        _ text: String,
        is name: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["STRONGROOM_RECORD"] == "1" {
            try Data(text.utf8).write(to: file)
            return
        }
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard kept != text else { return }
        let pairs = zip(lines(of: kept), lines(of: text))
        let same = pairs.prefix { $0 == $1 }.count
        Issue.record(
            """
            \(name), line \(same + 1)
            kept:  \(lines(of: kept).dropFirst(same).first ?? "(nothing)")
            given: \(lines(of: text).dropFirst(same).first ?? "(nothing)")
            """,
            sourceLocation: location
        )
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}

/// What a machine that runs a pipeline takes for a command when it stands in a log.
///
/// - GitHub, Gitea and Forgejo: a line that begins with `::`, whatever space before it; also `##[`.
/// - Azure Pipelines: `##vso[` and `##[`, anywhere in a line.
/// - TeamCity: `##teamcity[`, anywhere in a line.
///
/// The marks of GitLab, Travis and Buildkite need a carriage return or an escape character, which
/// nothing that is shown holds.
enum PipelineCommand {
    private static let longestWord = 40

    /// Whether a text begins with two number signs, a word or none, and a bracket.
    ///
    /// - Parameter text: A text from one of its places on, as UTF-8.
    /// - Returns: Whether a command begins there.
    static func isBracketed(_ text: some Collection<UInt8>) -> Bool {
        guard text.starts(with: [0x23, 0x23]) else { return false }
        return text.dropFirst(2).prefix(longestWord + 1).first { !isOfWord($0) } == 0x5B
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}

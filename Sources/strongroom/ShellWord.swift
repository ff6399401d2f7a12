import StrongroomReport

extension String {
    /// The text as one word of a shell's command line, so that a line that is printed can be typed.
    var shellWord: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isASCII
                    && (Character(Unicode.Scalar(byte)).isLetter
                        || Character(Unicode.Scalar(byte)).isNumber
                        || "_./:@%+=,-".utf8.contains(byte))
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

extension CommonOptions {
    /// What is typed to go on with the manifests that this command was given.
    var next: NextCommand {
        let words = (paths + again).map { " " + $0.shellWord }.joined()
        return NextCommand(
            again: "strongroom apply" + words,
            more: "strongroom apply" + words,
            plan: "strongroom plan" + words
        )
    }

    /// The options without which another command would mean other clusters, another service or
    /// another state; `--now` is not among them, because time goes on.
    var again: [String] {
        Self.words("--selector", selector?.text) + Self.words("--anchor", state.anchor)
            + Self.words("--allow-volatile-state", if: state.volatile.allowVolatileState)
            + Self.words("--profile", aws.profile) + Self.words("--endpoint-url", aws.endpointURL)
            + Self.words("--allow-endpoint", if: aws.allowEndpoint)
            + Self.words("--emulator-clock", if: aws.emulatorClock)
    }

    private static func words(_ option: String, _ value: String?) -> [String] {
        value.map { [option, $0] } ?? []
    }

    private static func words(_ flag: String, if isGiven: Bool) -> [String] {
        isGiven ? [flag] : []
    }
}

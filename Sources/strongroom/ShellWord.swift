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
    var next: NextCommand { .with(paths) }
}

extension NextCommand {
    /// What is typed to go on with manifests.
    ///
    /// - Parameter paths: Where they are, as somebody typed it.
    /// - Returns: The commands.
    static func with(_ paths: [String]) -> NextCommand {
        let words = paths.map { " " + $0.shellWord }.joined()
        return NextCommand(
            again: "strongroom apply" + words,
            more: "strongroom apply" + words,
            plan: "strongroom plan" + words
        )
    }
}

/// Cuts Markdown to a size at whole lines.
enum MarkdownLimit {
    /// The lines as text that never exceeds a limit.
    ///
    /// - Parameters:
    ///   - lines: The lines, without line breaks.
    ///   - maxBytes: The most UTF-8 bytes; `nil` for no limit.
    /// - Returns: All lines; or as many as fit, and a note of how many are left out. A limit that
    ///   is too small for the note alone gives an empty text.
    static func text(of lines: [String], maxBytes: Int?) -> String {
        let whole = lines.map { $0 + "\n" }.joined()
        guard let maxBytes, whole.utf8.count > maxBytes else { return whole }
        var room = maxBytes - ending(leftOut: lines.count, isOpen: true).utf8.count
        var kept: [String] = []
        for line in lines {
            room -= line.utf8.count + 1
            guard room >= 0 else { break }
            kept.append(line)
        }
        let isOpen = kept.last { $0.contains("details>") }?.hasPrefix("<details>") ?? false
        let note = ending(leftOut: lines.count - kept.count, isOpen: isOpen)
        guard note.utf8.count <= maxBytes else { return "" }
        return kept.map { $0 + "\n" }.joined() + note
    }

    private static func ending(leftOut count: Int, isOpen: Bool) -> String {
        (isOpen ? "\n</details>\n" : "")
            + "\n*\(counted(count, "line")) left out; `strongroom plan` shows the whole plan.*\n"
    }
}

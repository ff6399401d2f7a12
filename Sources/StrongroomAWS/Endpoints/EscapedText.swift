/// A foreign text made fit for a message: cut short, and without anything a terminal would obey.
///
/// - Parameter text: The text.
/// - Returns: At most 80 characters; what is not plain ASCII is written as `\u{…}`.
func escaped(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(80).map { scalar in
        (0x20...0x7E).contains(scalar.value) ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return shown.joined() + (text.unicodeScalars.count > 80 ? "…" : "")
}

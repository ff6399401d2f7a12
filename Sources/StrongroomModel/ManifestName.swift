/// What manifests may call clusters, accounts and recovery points.
public enum ManifestName {
    /// Whether a text is a name: lower-case letters and digits, in between also hyphens and dots.
    ///
    /// - Parameter text: Any text.
    /// - Returns: Whether it is one, of at most 63 characters.
    public static func isValid(_ text: String) -> Bool {
        let isEdge = { (byte: UInt8) in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        }
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63 else {
            return false
        }
        return isEdge(first) && isEdge(last)
            && text.utf8.allSatisfy {
                isEdge($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }
}

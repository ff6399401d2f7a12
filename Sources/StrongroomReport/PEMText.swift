internal import FoundationEssentials

/// Binary data as text between two marked lines (RFC 7468).
enum PEMText {
    /// The data of every block with a label; text outside of blocks is passed over.
    ///
    /// - Parameters:
    ///   - label: The label, such as `PUBLIC KEY`.
    ///   - pem: The text.
    /// - Returns: The data of each block.
    /// - Throws: ``KeyError/notPEM`` if a block is not whole.
    static func blocks(of label: String, in pem: [UInt8]) throws(KeyError) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        var base64: String?
        for line in pem.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = String(decoding: line, as: UTF8.self)
            if line == "-----BEGIN \(label)-----" {
                guard base64 == nil else { throw .notPEM }
                base64 = ""
            } else if line == "-----END \(label)-----" {
                guard let text = base64, let data = Data(base64Encoded: text) else {
                    throw .notPEM
                }
                blocks.append(Array(data))
                base64 = nil
            } else {
                base64?.append(line)
            }
        }
        guard base64 == nil else { throw .notPEM }
        return blocks
    }

    /// A block.
    ///
    /// - Parameters:
    ///   - label: The label.
    ///   - data: The data.
    /// - Returns: Lines of at most 64 characters, each ended by a line break.
    static func text(of label: String, _ data: [UInt8]) -> String {
        var rest = Data(data).base64EncodedString()[...]
        var lines = ["-----BEGIN \(label)-----"]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        lines.append("-----END \(label)-----")
        return lines.map { $0 + "\n" }.joined()
    }
}

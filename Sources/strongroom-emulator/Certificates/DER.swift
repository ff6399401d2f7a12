/// As much of ASN.1's distinguished encoding as a signing request needs.
///
/// Source: ITU-T X.690.
enum DER {
    /// The tags in use.
    enum Tag: UInt8 {
        case integer = 0x02
        case bitString = 0x03
        case objectIdentifier = 0x06
        case utf8String = 0x0C
        case sequence = 0x30
        case set = 0x31
        case attributes = 0xA0
    }

    /// One element.
    ///
    /// - Parameters:
    ///   - tag: What it is.
    ///   - content: Its content, encoded.
    /// - Returns: The element, encoded.
    static func element(_ tag: Tag, _ content: [UInt8]) -> [UInt8] {
        [tag.rawValue] + length(content.count) + content
    }

    /// Elements one after the other, as one.
    ///
    /// - Parameter elements: The elements, encoded.
    /// - Returns: The sequence, encoded.
    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(.sequence, Array(elements.joined()))
    }

    /// A string of whole bytes.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: The bit string, encoded.
    static func bitString(_ bytes: [UInt8]) -> [UInt8] { element(.bitString, [0] + bytes) }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}

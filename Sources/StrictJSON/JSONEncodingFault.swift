/// Texts that are no UTF-8 by their first bytes (RFC 8259, section 8.1).
enum JSONEncodingFault {
    /// Whether the first bytes are those of UTF-8 without a byte order mark.
    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { reason(in: $0) == nil }
    }

    /// What the first bytes show the text to be, if it is no UTF-8.
    static func reason(in bytes: UnsafeBufferPointer<UInt8>) -> JSONRefusal.Reason? {
        let head = bytes.prefix(4)
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return .byteOrderMark }
        if head.elementsEqual([0xFF, 0xFE, 0, 0]) || head.elementsEqual([0, 0, 0xFE, 0xFF]) {
            return .utf32
        }
        if head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE]) { return .utf16 }
        // JSON begins with ASCII: a zero byte beside the first one is the other half of a wider unit.
        let zeros = head.map { $0 == 0 }
        if zeros == [true, true, true, false] || zeros == [false, true, true, true] {
            return .utf32
        }
        return zeros.starts(with: [true, false]) || zeros.starts(with: [false, true]) ? .utf16 : nil
    }
}

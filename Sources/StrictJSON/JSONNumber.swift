/// A number exactly as it is written.
package struct JSONNumber: Hashable, Sendable {
    /// The number's text, which is valid JSON.
    package let text: String

    /// Why a number is not what is wanted.
    package enum Fault: Error, Hashable, Sendable {
        /// It is `-0`, which some readers take for 0 and others for something else.
        case negativeZero
        /// It has a fraction or an exponent.
        case notWhole
        case negative
        case outOfRange
    }

    init(_ text: String) {
        self.text = text
    }

    /// The number, if it is written as a whole one and the type can hold it.
    ///
    /// - Throws: ``Fault``.
    package func integer<Integer: FixedWidthInteger>(
        _: Integer.Type = Int64.self
    ) throws(Fault) -> Integer {
        guard text.utf8.allSatisfy(Self.isOfWhole) else { throw .notWhole }
        guard text != "-0" else { throw .negativeZero }
        guard let value = Integer(text) else {
            throw Integer.isSigned || !text.hasPrefix("-") ? .outOfRange : .negative
        }
        return value
    }

    /// The number, if it counts something.
    ///
    /// - Throws: ``Fault``.
    package func count() throws(Fault) -> Int {
        let value = try integer(Int.self)
        guard value >= 0 else { throw .negative }
        return value
    }

    /// The nearest floating-point number.
    ///
    /// - Throws: ``Fault``.
    package func decimal() throws(Fault) -> Double {
        guard let value = Double(text), value.isFinite else { throw .outOfRange }
        guard value != 0 || !text.hasPrefix("-") else { throw .negativeZero }
        return value
    }

    private static func isOfWhole(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension JSONNumber.Fault: CustomStringConvertible {
    /// What is wrong with the number.
    package var description: String {
        switch self {
        case .negativeZero: "-0 is not taken for 0"
        case .notWhole: "a whole number is expected, without fraction or exponent"
        case .negative: "a number below 0 is not possible here"
        case .outOfRange: "the number is too large"
        }
    }
}

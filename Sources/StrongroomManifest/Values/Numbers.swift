/// Numbers as manifests write them: plain decimal digits.
extension Field {
    /// A whole number; nil, and noted, if it is none or out of range.
    ///
    /// - Parameter range: What is accepted.
    /// - Returns: The number.
    func integer(in range: ClosedRange<Int>) -> Spanned<Int>? {
        guard let text = numberText() else { return nil }
        guard isPlainWhole(text[...]) else {
            guard !isNegative(text) else {
                report(outOfRange(text, range))
                return nil
            }
            let mistake = ValueMistake.numberForm(text, name: name)
            report(isWhole(text) ? mistake : notWhole(text, range))
            return nil
        }
        guard let number = Int(text), range.contains(number) else {
            report(outOfRange(text, range))
            return nil
        }
        return Spanned(number, at: node.span)
    }

    /// A part of a whole; nil, and noted, if it is none or not between 0 and 1.
    func ratio() -> Spanned<Double>? {
        guard let text = numberText() else { return nil }
        let digits = text.drop { $0 == "-" }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, isPlainWhole(parts[0]),
            parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }),
            let number = Double(text)
        else {
            report(ValueMistake.numberForm(text, name: name))
            return nil
        }
        guard (0...1).contains(number), !text.hasPrefix("-") else {
            report(ValueMistake.outOfRange(text, name: name, range: "from 0 to 1"))
            return nil
        }
        return Spanned(number, at: node.span)
    }

    private func numberText() -> String? {
        guard let scalar = scalar() else { return nil }
        guard scalar.isPlain, case .number = PlainLook(of: scalar.text) else {
            report(ValueMistake.textForNumber(scalar.text, name: name))
            return nil
        }
        return scalar.text
    }

    private func isPlainWhole(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.allSatisfy(isDigit) else { return false }
        return first != 0x30 || text.utf8.count == 1
    }

    private func isNegative(_ text: String) -> Bool {
        text.hasPrefix("-") && text != "-0" && isPlainWhole(text.dropFirst())
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether a number in an odd notation may still be a whole one: `2.0`, `0x2`, `1e1`, `+2`.
    private func isWhole(_ text: String) -> Bool {
        guard let number = Double(text) else { return true }
        return number == number.rounded()
    }

    private func notWhole(_ text: String, _ range: ClosedRange<Int>) -> ValueMistake {
        .outOfRange(text, name: name, range: "a whole number from \(words(range))")
    }

    private func outOfRange(_ text: String, _ range: ClosedRange<Int>) -> ValueMistake {
        .outOfRange(text, name: name, range: "from \(words(range))")
    }

    private func words(_ range: ClosedRange<Int>) -> String {
        "\(range.lowerBound) to \(range.upperBound)"
    }
}

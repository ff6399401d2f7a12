internal import CloudHSM

/// Tells whether a text is made of ordinary words, numbers and names of AWS, as its own messages are.
///
/// Whatever a secret is turned into that can be turned back, what comes out of it is not: it has runs
/// in which digits, small and capital letters take turns, or lists of single letters and numbers. The
/// letters of such pieces are counted, and a text may have fewer of them than half of the shortest
/// secret of AWS, which has 40. So nobody has to think of every spelling.
enum OrdinaryText {
    /// As many strange letters make a text strange.
    private static let limit = 20

    /// Whether a text is ordinary.
    ///
    /// - Parameter text: The text of an error.
    /// - Returns: Whether it is.
    static func isOrdinary(_ text: String) -> Bool {
        var count = 0
        for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace })
        where !isARN(word) {
            for name in word.split(whereSeparator: { !isOfNames($0) }) where !isResource(name) {
                count += name.split { $0 == "-" || $0 == "_" }.map(strangeness).reduce(0, +)
            }
            guard count < limit else { return false }
        }
        return true
    }

    /// How many letters of a run of letters and digits are strange.
    private static func strangeness(of run: Substring.UnicodeScalarView) -> Int {
        guard run.allSatisfy(\.isASCII) else { return run.count { !$0.isASCII } + 1 }
        let count = run.count
        if run.allSatisfy(isDigit) { return isAccount(run) ? 0 : (count + 3) / 4 }
        if isMoment(run) || isDigest(run) { return 0 }
        // Letters, and perhaps a number and one more letter: sha256, hsm2m.
        let letters = run.prefix { !isDigit($0) }
        let rest = run[letters.endIndex...]
        let number = rest.prefix(while: isDigit)
        let isNumbered = letters.count >= 3 && number.count <= 4 && rest.count <= number.count + 1
        guard rest.isEmpty || isNumbered, isWord(letters) else { return count }
        return 0
    }

    /// Whether letters may be a word, or some that are written as one: `AccessKeyId`.
    private static func isWord(_ letters: Substring.UnicodeScalarView) -> Bool {
        guard letters.count > 1 else {
            return letters.first.map { "aAIst".unicodeScalars.contains($0) } ?? true
        }
        let humps = zip(letters, letters.dropFirst()).count { isSmall($0) && !isSmall($1) }
        return humps * 5 <= letters.count
    }
}

/// What AWS names things by.
extension OrdinaryText {
    /// Names in it are often chosen by tools, letter by letter.
    private static func isARN(_ word: Substring.UnicodeScalarView) -> Bool {
        let text = String(word).drop { "'\"([<".contains($0) }
        return text.hasPrefix("arn:aws")
            && text.split(separator: ":", omittingEmptySubsequences: false).count >= 6
    }

    /// `backup-ro5c4er4aac`, `subnet-0a1b2c3d4e5f67890`, and the ids of requests.
    private static func isResource(_ name: Substring.UnicodeScalarView) -> Bool {
        let parts = name.split(omittingEmptySubsequences: false) { $0 == "-" }
        if parts.count == 5 {
            return parts.map(\.count) == [8, 4, 4, 4, 12]
                && parts.joined().allSatisfy(isHexadecimal)
        }
        let kinds = ["backup", "cluster", "eni", "hsm", "i", "sg", "subnet", "vpc", "vpce"]
        return parts.count == 2 && kinds.contains(String(parts[0]))
            && (8...17).contains(parts[1].count)
            && parts[1].allSatisfy { isDigit($0) || isSmall($0) }
    }

    private static func isAccount(_ run: Substring.UnicodeScalarView) -> Bool { run.count == 12 }

    /// `20261130T100000Z`.
    private static func isMoment(_ run: Substring.UnicodeScalarView) -> Bool {
        let parts = String(run).split(separator: "T" as Character)
        return run.count == 16 && run.last == "Z" && parts.map(\.count) == [8, 7]
            && parts.joined().dropLast().allSatisfy(\.isNumber)
    }

    /// A SHA-256, as it stands in what a signature is made of; text in hexadecimal is none.
    private static func isDigest(_ run: Substring.UnicodeScalarView) -> Bool {
        guard run.count == 64, run.allSatisfy(isHexadecimal) else { return false }
        let high = run.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        return high.contains { !("2"..."7").contains($0) }
    }
}

/// Kinds of letters.
extension OrdinaryText {
    private static func isOfNames(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "_" || isDigit(scalar) || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isSmall(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }

    private static func isHexadecimal(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }
}

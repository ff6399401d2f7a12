/// Texts that want to command whatever shows them: a terminal, a pipeline's log, a reader's eye.
package enum HostileText {
    /// Pieces, each an attempt of its own.
    private static let pieces: [String] = [
        "::error::forged", "::add-mask::x", "::set-output name=x::y", "::stop-commands::z",
        "##vso[task.setvariable variable=x]y", "##vso[task.complete result=Failed]done",
        "##[error]forged", "##[section]forged", "##[add-path]/evil", "##teamcity[message text='x']",
        "###[warning]x", "##VSO[task.debug]x", "section_start:1560896352:x\r\u{1B}[0Khidden",
        "travis_fold:start:x\r\u{1B}[0K", "\u{1B}[31mred\u{1B}[0m", "\u{1B}[2J",
        "\u{1B}]0;title\u{07}",
        "\u{1B}]8;;https://evil.example\u{1B}\\link\u{1B}]8;;\u{1B}\\",
        "\u{1B}[8mha:////x\u{1B}[0m",
        "\u{1B}c", "\u{1B}P+q\u{1B}\\", "\u{9B}31m", "\u{85}::error::x", "\u{90}x\u{9C}", "\u{80}",
        "\u{9F}", "\u{7F}\u{7F}", "safe\rforged", "a\u{08}\u{08}b", "\u{00}", "\u{0B}\u{0C}",
        "\u{1A}",
        "abc\u{202E}cba", "\u{2066}x\u{2069}", "\u{202D}x\u{202C}", "\u{200E}\u{200F}\u{061C}",
        "line\u{2028}::error::x", "paragraph\u{2029}x", "zero\u{200B}width", "\u{FEFF}::error::x",
        "\u{200D}\u{200C}\u{2060}", "soft\u{AD}hyphen", "\u{E0041}\u{E0042}\u{E007F}", "\u{180E}",
        "filler\u{3164}\u{115F}\u{FFA0}", "\u{E000}\u{F8FF}", "\u{10FFFD}", "\u{FFF9}x\u{FFFB}",
        "\t::warning::x", "\u{A0}::error::x", "\u{3000}::error::x", "\u{1D173}\u{1BCA0}",
        "\u{FE0F}",
        "\"}\n::error::x", "'; rm -rf / #", "%0A::error::x", "`$(id)`", "<script>alert(1)</script>",
    ]

    /// What stands before and behind.
    private static let frames: [(before: String, behind: String)] = [
        ("", ""), ("\n", "\n"), ("words ", " words"), ("  \n\t ", ""), ("\r\n", "\r\n"), ("#", "["),
        ("\u{2028}", "\u{85}"), ("x::y ", "::"),
    ]

    /// 300 texts, always the same.
    package static let all: [String] = {
        var random = Mixer(state: 20_261_130)
        let long = String(repeating: "wide ", count: 400) + "\n::error::behind\u{202E}"
        var texts =
            pieces + pieces.map { "\n" + $0 } + [long, String(repeating: "\u{1B}[1m", count: 500)]
        while texts.count < 300 {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                pieces[Int.random(in: pieces.indices, using: &random)]
            }
            let frame = frames[Int.random(in: frames.indices, using: &random)]
            texts.append(frame.before + parts.joined(separator: " ") + frame.behind)
        }
        return texts
    }()

    /// What is wrong with what a program wrote.
    ///
    /// It is judged by tables of its own and not by the code that is tested.
    ///
    /// - Parameters:
    ///   - output: What was written.
    ///   - allowed: Escape sequences that may be in it.
    /// - Returns: One line for each fault; empty if there is none.
    package static func faults(
        in output: some Sequence<UInt8>,
        allowing allowed: [String] = []
    ) -> [String] {
        guard var text = String(validating: Array(output), as: UTF8.self) else {
            return ["it is not UTF-8"]
        }
        for sequence in allowed { text = text.split(separator: sequence).joined() }
        var faults = text.unicodeScalars.filter { scalar in
            scalar != "\n" && raw.contains { $0.contains(scalar.value) }
        }.map { "it holds U+" + String($0.value, radix: 16, uppercase: true) }
        for line in text.unicodeScalars.split(whereSeparator: {
            "\n\r\u{85}\u{2028}".unicodeScalars.contains($0)
        }) {
            let line = String(line)
            let trimmed = line.drop { $0.isWhitespace }
            let lower = line.lowercased()
            let isRun =
                trimmed.hasPrefix("::")
                || ["##[", "##vso[", "##teamcity["].contains { lower.contains($0) }
            if isRun { faults.append("a pipeline obeys: \(line.prefix(80))") }
        }
        return faults
    }

    /// Controls, and what is invisible or turns the reading order.
    private static let raw: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x115F...0x1160, 0x180B...0x180F,
        0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164...0x3164, 0xE000...0xF8FF,
        0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3,
        0x1D173...0x1D17A, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF,
    ]
}

/// A small source of equal numbers in every run.
private struct Mixer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

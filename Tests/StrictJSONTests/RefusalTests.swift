import StrictJSON
import Testing

@Suite("What strict JSON refuses, and where") struct RefusalTests {
    /// A document that is refused, and what is said of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let bytes: [UInt8]
        let line: Int
        let column: Int
        let path: String
        let reason: JSONRefusal.Reason

        init(
            _ text: String,
            _ line: Int,
            _ column: Int,
            _ path: String,
            _ reason: JSONRefusal.Reason
        ) {
            self.init(bytes: Array(text.utf8), line, column, path, reason)
        }

        init(
            bytes: [UInt8],
            _ line: Int,
            _ column: Int,
            _ path: String,
            _ reason: JSONRefusal.Reason
        ) {
            self.bytes = bytes
            self.line = line
            self.column = column
            self.path = path
            self.reason = reason
        }

        var testDescription: String { String(decoding: bytes, as: UTF8.self) }
    }

    static let texts: [Case] = [
        Case(bytes: [0xEF, 0xBB, 0xBF] + Array("{}".utf8), 1, 1, "", .byteOrderMark),
        Case(bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], 1, 1, "", .utf16),
        Case(bytes: [0xFE, 0xFF, 0, 0x7B, 0, 0x7D], 1, 1, "", .utf16),
        Case(bytes: [0x7B, 0, 0x7D, 0], 1, 1, "", .utf16),
        Case(bytes: [0, 0x7B, 0, 0x7D], 1, 1, "", .utf16),
        Case(bytes: [0x7B, 0, 0, 0, 0x7D, 0, 0, 0], 1, 1, "", .utf32),
        Case(bytes: Array("[\n\"é".utf8) + [0xFF, 0x22, 0x5D], 2, 3, "", .notUTF8),
        // An overlong form of "/", and half a surrogate pair as three bytes.
        Case(bytes: [0x22, 0xC0, 0xAF, 0x22], 1, 2, "", .notUTF8),
        Case(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], 1, 2, "", .notUTF8),
        Case("", 1, 1, "", .empty),
        Case(" \n\t", 1, 1, "", .empty),
    ]

    static let grammar: [Case] = [
        Case(#"{"a": 1"#, 1, 8, "", .endsEarly),
        Case("{\"a\":\n", 2, 1, "a", .endsEarly),
        Case("{}\n{}", 2, 1, "", .goesOn),
        Case("{} // done", 1, 4, "", .comment),
        Case("{\n  /* why */ \"a\": 1}", 2, 3, "", .comment),
        Case("# why\n{}", 1, 1, "", .comment),
        Case("{\"a\": 1,\n}", 1, 8, "", .trailingComma),
        Case(#"{"a": [1, 2, ]}"#, 1, 12, "a", .trailingComma),
        Case("[,1]", 1, 2, "[0]", .valueExpected),
        Case("[1,,2]", 1, 4, "[1]", .valueExpected),
        Case("[1 2]", 1, 4, "", .commaExpected),
        Case("[1}", 1, 3, "", .commaExpected),
        Case("{\"a\": 1\n \"b\": 2}", 2, 2, "", .commaExpected),
        Case(#"{"a" 1}"#, 1, 6, "a", .colonExpected),
        Case("{a: 1}", 1, 2, "", .keyNotQuoted),
        Case("{'a': 1}", 1, 2, "", .singleQuotes),
        Case("['a']", 1, 2, "[0]", .singleQuotes),
        Case("[True]", 1, 2, "[0]", .valueExpected),
        Case("no JSON", 1, 1, "", .valueExpected),
        Case(#"["\x41"]"#, 1, 3, "[0]", .invalidEscape),
        Case(#"["\u12g4"]"#, 1, 3, "[0]", .invalidEscape),
        Case(#"["a\ud800"]"#, 1, 4, "[0]", .loneSurrogate),
        Case(#"["\ud800\u0041"]"#, 1, 3, "[0]", .loneSurrogate),
        Case(#"["\udc00"]"#, 1, 3, "[0]", .loneSurrogate),
        Case(#"{"\udc00": 1}"#, 1, 3, "", .loneSurrogate),
        Case("[\"a\tb\"]", 1, 4, "[0]", .controlCharacter(9)),
        Case("[\"a\nb\"]", 1, 4, "[0]", .controlCharacter(10)),
        Case("[\"abc", 1, 2, "[0]", .textNotClosed),
        Case(
            String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
            1,
            65,
            String(repeating: "[0]", count: 64),
            .tooDeep(limit: 64)
        ),
    ]

    static let numbers: [Case] = [
        Case(#"{"days": 090}"#, 1, 10, "days", .leadingZero("090")),
        Case("[-01]", 1, 2, "[0]", .leadingZero("-01")),
        Case("[NaN]", 1, 2, "[0]", .notANumber("NaN")),
        Case("[-Infinity]", 1, 2, "[0]", .notANumber("-Infinity")),
        Case("[+1]", 1, 2, "[0]", .malformedNumber("+1")),
        Case("[.5]", 1, 2, "[0]", .malformedNumber(".5")),
        Case("[1.]", 1, 2, "[0]", .malformedNumber("1.")),
        Case("[1e]", 1, 2, "[0]", .malformedNumber("1e")),
        Case("[0x10]", 1, 2, "[0]", .malformedNumber("0x10")),
        Case("[18446744073709551616]", 1, 2, "[0]", .numberOutOfRange("18446744073709551616")),
        Case("[1e400]", 1, 2, "[0]", .numberOutOfRange("1e400")),
    ]

    static let keys: [Case] = [
        Case(
            "{\"Backups\": [{},\n {\"NeverExpires\": true, \"NeverExpires\": false}]}",
            2,
            25,
            "Backups[1].NeverExpires",
            .repeatedKey("NeverExpires", firstLine: 2)
        ),
        Case(
            "{\"NeverExpires\": true,\n \"Never\\u0045xpires\": false}",
            2,
            2,
            "NeverExpires",
            .repeatedKey("NeverExpires", firstLine: 1)
        ),
        Case(
            #"{"Backups":[],"Backups":[]}"#,
            1,
            15,
            "Backups",
            .repeatedKey("Backups", firstLine: 1)
        ),
        // One letter, written as one scalar and as two: people and dictionaries see one key.
        Case("{\"\u{E9}\":1,\"e\u{301}\":2}", 1, 8, #"["é"]"#, .repeatedKey("é", firstLine: 1)),
        Case("{\"é\": 0, \"a\u{202E}\": 1}", 1, 10, #"["a\u{202e}"]"#, .unseenInKey("\u{202E}")),
        Case(#"{"\u200b": 1}"#, 1, 2, #"["\u{200b}"]"#, .unseenInKey("\u{200B}")),
        Case(#"{"a\u0000": 1}"#, 1, 2, #"["a\u{0}"]"#, .unseenInKey("\u{0}")),
    ]

    @Test(arguments: texts + grammar + numbers + keys)
    func isRefusedWhereItIs(_ wrong: Case) {
        let error = #expect(throws: JSONRefusal.self) { try StrictJSON.read(wrong.bytes) }
        #expect(error?.reason == wrong.reason)
        #expect(error?.line == wrong.line)
        #expect(error?.column == wrong.column)
        #expect(error?.path.description == wrong.path)
    }

    @Test func aDocumentMayBeAsLargeAndDeepAsItsLimits() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try StrictJSON.read(Array(deepest.utf8))
        _ = try StrictJSON.read(Array("[1]".utf8), StrictJSON.Limits(bytes: 3, depth: 1))
        #expect(throws: JSONRefusal(.tooLarge(limit: 2), line: 1, column: 1)) {
            try StrictJSON.read(Array("[1]".utf8), StrictJSON.Limits(bytes: 2))
        }
        #expect(throws: JSONRefusal.self) {
            try StrictJSON.read(Array("[[]]".utf8), StrictJSON.Limits(depth: 1))
        }
    }

    @Test func textsMayHoldWhatIsNotSeenUnlessTheyMustNot() throws {
        let json = Array(#"{"note": "a\u202eb\n"}"#.utf8)
        #expect(try StrictJSON.read(json)["note"]?.string == "a\u{202E}b\n")
        let error = #expect(throws: JSONRefusal.self) {
            try StrictJSON.read(json, StrictJSON.Limits(unseen: .refused))
        }
        #expect(error?.reason == .unseenInText("\u{202E}"))
        #expect(error?.column == 10)
        let key = Array(#"{"\u202e": 1}"#.utf8)
        #expect(try StrictJSON.read(key, StrictJSON.Limits(unseen: .taken))["\u{202E}"] != nil)
    }

    @Test func everyRefusalIsOneLineOfPlainWords() {
        for wrong in Self.texts + Self.grammar + Self.numbers + Self.keys {
            let error = #expect(throws: JSONRefusal.self) { try StrictJSON.read(wrong.bytes) }
            let words = error?.description ?? ""
            #expect(!words.contains("Error") && !words.contains("\n"), "\(words)")
            #expect(words.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format })
        }
        let refusal = JSONRefusal(
            .repeatedKey("NeverExpires", firstLine: 2),
            at: JSONPath([.key("Backups"), .index(1), .key("NeverExpires")]),
            line: 3,
            column: 5
        )
        #expect(
            "\(refusal)" == """
                line 3, column 5 (Backups[1].NeverExpires): the key "NeverExpires" stands twice in \
                one object, first on line 2
                """
        )
    }
}

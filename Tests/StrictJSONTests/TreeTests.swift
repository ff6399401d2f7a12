import StrictJSON
import Testing

@Suite("A strict JSON tree") struct TreeTests {
    private func number(_ text: String) throws -> JSONNumber {
        guard case .number(let number) = try StrictJSON.read(Array(text.utf8)) else {
            throw JSONNumber.Fault.outOfRange
        }
        return number
    }

    @Test func keepsOrderAndNumbersAsWritten() throws {
        let text = #"{"z": 1.50, "a": [-0, 1E2, "3", 18446744073709551615], "é": null}"#
        let tree = try StrictJSON.read(Array(text.utf8))
        guard case .object(let object) = tree else { throw JSONNumber.Fault.outOfRange }
        #expect(object.keys == ["z", "a", "é"])
        #expect(try tree["z"] == .number(number("1.50")))
        let texts = tree["a"]?.elements?.map { element in
            if case .number(let number) = element { number.text } else { element.string ?? "" }
        }
        #expect(texts == ["-0", "1E2", "3", "18446744073709551615"])
        #expect(tree[JSONPath([.key("a"), .index(2)])]?.string == "3")
        #expect(tree[JSONPath([.key("a"), .index(4)])] == nil)
    }

    @Test func aPathIsReadAsItIsWritten() {
        let path = JSONPath([.key("Backups"), .index(3), .key("CreateTimestamp")])
        #expect(path.description == "Backups[3].CreateTimestamp")
        #expect(JSONPath(names: path.description) == path)
        #expect(JSONPath(names: "") == JSONPath())
    }

    @Test func whatIsNotThereHasThePlaceOfWhatItShouldStandIn() {
        let json = Array("{\"a\":\n [{\"b\": 1}]}".utf8)
        let path = JSONPath(names: "a[0].c.d")
        let refusal = StrictJSON.refusal(.missingKey("d"), at: path, in: json)
        #expect(refusal.line == 2 && refusal.column == 3 && refusal.path == path)
        let key = StrictJSON.refusal(.missingKey("b"), at: JSONPath(names: "a"), of: .key, in: json)
        #expect(key.line == 1 && key.column == 2)
    }

    @Test(arguments: [
        ("-0", JSONNumber.Fault.negativeZero), ("1.0", .notWhole), ("1e3", .notWhole),
        ("-1", .negative), ("18446744073709551615", .outOfRange),
    ])
    func aCountIsAWholeNumberThatFits(text: String, fault: JSONNumber.Fault) throws {
        let number = try number(text)
        #expect(throws: fault) { try number.count() }
    }

    @Test func aNumberIsReadAsWhatItIs() throws {
        #expect(try number("90").count() == 90)
        #expect(try number("-9223372036854775808").integer() == Int64.min)
        #expect(try number("18446744073709551615").integer(UInt64.self) == UInt64.max)
        #expect(try number("1793491200.5").decimal() == 1_793_491_200.5)
        for zero in ["-0", "-0.0", "-0e5"] {
            #expect(throws: JSONNumber.Fault.negativeZero) { try number(zero).decimal() }
        }
        #expect(throws: JSONNumber.Fault.negative) { try number("-1").integer(UInt8.self) }
        #expect(throws: JSONNumber.Fault.outOfRange) { try number("256").integer(UInt8.self) }
    }
}

@Suite("Decoding strict JSON") struct DecodingTests {
    private struct Step: Decodable, Equatable {
        enum Kind: String, Decodable { case copy, delete }
        let kind: Kind
        var count: Int?
        var tags: [String: String]?
    }

    private struct Document: Decodable, Equatable {
        let steps: [Step]
        var note: String?
    }

    private func decode(
        _ text: String,
        unknownKeys: StrictJSON.UnknownKeys = .refused
    ) throws -> Document {
        try StrictJSON.decode(from: Array(text.utf8), unknownKeys: unknownKeys)
    }

    @Test func readsWhatFits() throws {
        let text = #"{"steps": [{"kind": "copy", "tags": {"any": "x"}, "count": 2}], "note": null}"#
        let step = Step(kind: .copy, count: 2, tags: ["any": "x"])
        #expect(try decode(text) == Document(steps: [step]))
        #expect(try decode(#"{"steps": [], "other": 1}"#, unknownKeys: .taken).steps == [])
    }

    @Test(arguments: [
        (#"{"step": []}"#, 2, #"(step): unknown key "step"; did you mean "steps"?"#),
        (#"{"steps": [], "Note": "x"}"#, 15, #"(Note): unknown key "Note"; did you mean "note"?"#),
        (#"{"steps": [], "other": 1}"#, 15, #"(other): unknown key "other""#),
        (#"{"note": "x"}"#, 1, #"the key "steps" is missing"#),
        (#"{"steps": [{"count": 1}]}"#, 12, #"(steps[0]): the key "kind" is missing"#),
        (#"{"steps": {}}"#, 11, "(steps): a list is expected, and not an object"),
        (#"{"steps": null}"#, 11, "(steps): a list is expected, and not null"),
        (
            #"{"steps": [{"kind": "move"}]}"#, 21,
            #"(steps[0].kind): "move" is not among the values that are possible here"#
        ),
        (
            #"{"steps": [{"kind": "copy", "count": -0}]}"#, 38,
            "(steps[0].count): -0 is not taken for 0: -0"
        ),
        (
            #"{"steps": [{"kind": "copy", "count": 1.0}]}"#, 38,
            "(steps[0].count): a whole number is expected, without fraction or exponent: 1.0"
        ),
        (
            #"{"steps": [{"kind": "copy", "count": "2"}]}"#, 38,
            #"(steps[0].count): a number is expected, and not "2""#
        ),
    ])
    func whatDoesNotFitIsRefusedWhereItIs(text: String, column: Int, words: String) {
        let error = #expect(throws: JSONRefusal.self) { try decode("\n" + text) }
        #expect(error?.line == 2)
        #expect(error?.column == column)
        let message = error.map { "\($0)" } ?? ""
        #expect(message.hasSuffix(words), "\(message)")
    }

    @Test(
        arguments: [
            ("NeverExpire", "NeverExpires"), ("PreCoPasword", "PreCoPassword"),
            ("neverexpires", "NeverExpires"),
            ("NeverExpiers", "NeverExpires"), ("BackupID", nil), ("id", nil), ("NeverExpires", nil),
            ("Region", nil),
        ] as [(String, String?)]
    )
    func aSlipIsOneLetterAway(key: String, meant: String?) {
        #expect(KeySpelling.near(key, among: ["NeverExpires", "PreCoPassword", "is"]) == meant)
    }
}

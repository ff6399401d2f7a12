import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanTamperTests {
    private let small = PlanDocument(
        Sample.plan([
            Sample.step(
                1,
                .deleteBackup(
                    Sample.backup("ro5c4er4aa2"),
                    in: Sample.ireland,
                    createdAt: Sample.now - .days(41)
                ),
                Reason(rule: "copy-cleanup", "too old", at: Sample.place(24))
            )
        ]),
        boundBy: SampleBinding.now
    ).json()

    @Test func aFlippedBitAnywhereIsRefused() {
        for index in small.indices {
            for bit in [index % 8, (index + 5) % 8] {
                var changed = small
                changed[index] ^= 1 << UInt8(bit)
                #expect(throws: PlanDocumentError.self, "byte \(index), bit \(bit)") {
                    try PlanDocument(json: changed)
                }
            }
        }
    }

    @Test func aFlippedBitAnywhereInASignedPlanIsRefused() throws {
        let key = SigningKey()
        let signed = try PlanDocument(json: small).signed(by: key).json()
        for index in signed.indices {
            var changed = signed
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: PlanDocumentError.self, "byte \(index)") {
                try PlanDocument(json: changed)
            }
        }
    }

    @Test func anAgreementToSomethingElseIsRefused() throws {
        let document = try PlanDocument(json: small)
        let digest = try #require(document.body.digest)
        let changed = replacing(digest, with: "sha256:" + String(repeating: "0", count: 64))
        #expect(throws: PlanDocumentError.self) { try PlanDocument(json: changed) }
    }

    @Test func aTruncatedFileIsRefused() {
        for length in stride(from: 0, to: small.count, by: 7) {
            #expect(throws: PlanDocumentError.self, "\(length) bytes") {
                try PlanDocument(json: Array(small[..<length]))
            }
        }
    }

    @Test func appendedBytesAreRefused() {
        for tail in [" ", "\n", "{}", "\0"] {
            #expect(throws: PlanDocumentError.self) {
                try PlanDocument(json: small + Array(tail.utf8))
            }
        }
    }

    @Test func anAlteredValueIsRefusedByTheDigest() throws {
        let changed = replacing("\"region\" : \"eu-west-1\"", with: "\"region\" : \"us-east-1\"")
        let error = #expect(throws: PlanDocumentError.self) { try PlanDocument(json: changed) }
        guard case .altered = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// What a plan is refused for.
    private func fault(_ json: [UInt8]) throws -> DocumentFault {
        let error = #expect(throws: PlanDocumentError.self) { try PlanDocument(json: json) }
        guard case .faulty(let fault) = error else {
            throw try #require(error, "the plan is taken")
        }
        return fault
    }

    /// The line of the plan that begins with a text.
    private func line(of text: String) -> Int {
        String(decoding: small, as: UTF8.self).split(separator: "\n")
            .prefix { !$0.hasPrefix(text) }.count + 1
    }

    @Test(arguments: [
        ("extra", #"unknown key "extra""#),
        ("Fleet", #"unknown key "Fleet"; did you mean "fleet"?"#),
        ("signatur", #"unknown key "signatur"; did you mean "signature"?"#),
    ])
    func anUnknownKeyIsNamedWithItsPlace(key: String, words: String) throws {
        let changed = replacing(
            "  \"fleet\" : \"acme\",",
            with: "  \"\(key)\" : 1,\n  \"fleet\" : \"acme\","
        )
        let line = line(of: "  \"fleet\"")
        #expect(try fault(changed) == DocumentFault(line: line, column: 3, key: key, words))
    }

    @Test func aKeyThatIsALetterOffIsNamedWithTheOneThatIsMissing() throws {
        let changed = replacing("\"steps\" :", with: "\"step\" :")
        let fault = try fault(changed)
        #expect(fault.key == "groups[0].step" && fault.column == 7)
        #expect(fault.words == #"unknown key "step"; did you mean "steps"?"#)
    }

    @Test(arguments: ["fleet", #"fl\u0065et"#]) func aRepeatedKeyIsNamedWithItsPlace(
        key: String
    ) throws {
        let changed = replacing(
            "  \"fleet\" : \"acme\",",
            with: "  \"fleet\" : \"acme\",\n  \"\(key)\" : \"acme\","
        )
        let line = line(of: "  \"fleet\"")
        let words = "the key \"fleet\" stands twice in one object, first on line \(line)"
        #expect(
            try fault(changed) == DocumentFault(line: line + 1, column: 3, key: "fleet", words)
        )
    }

    @Test func whatIsNoStrictJSONIsCalledWhatItIs() throws {
        let text = String(decoding: small, as: UTF8.self)
        let utf16 = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let cut = Array(small.dropLast(3))
        #expect(try fault([0xEF, 0xBB, 0xBF] + small).words.contains("byte order mark"))
        #expect(try fault(utf16).words.contains("UTF-16"))
        #expect(try fault(cut).words == "broken JSON: the document ends before it is complete")
        #expect(try fault(Array("// mine\n".utf8) + small).words.contains("no comments"))
    }

    @Test func aNewerFormatIsRefusedByName() {
        let changed = replacing("strongroom-plan/4", with: "strongroom-plan/5")
        #expect(throws: PlanDocumentError.newerFormat("strongroom-plan/5")) {
            try PlanDocument(json: changed)
        }
    }

    @Test func anotherDocumentIsNoPlan() {
        #expect(throws: PlanDocumentError.notAPlan) { try PlanDocument(json: Array("{}".utf8)) }
        #expect(throws: PlanDocumentError.notAPlan) {
            try PlanDocument(json: replacing("strongroom-plan/4", with: "strongroom-status/1"))
        }
    }

    @Test func aMissingKeyIsNamed() throws {
        let changed = replacing("      \"standing\" : \"managed\",\n", with: "")
        let fault = try fault(changed)
        #expect(fault.key == "groups[0]" && fault.words == #"the key "standing" is missing"#)
    }

    @Test func aWrongValueIsNamed() throws {
        let changed = replacing("\"region\" : \"us-east-1\"", with: "\"region\" : \"mars\"")
        let fault = try fault(changed)
        #expect(fault.key == "groups[0].region")
        #expect(fault.words == #""mars" is not a Region"#)
    }

    @Test func everyRefusalSaysWhatToDoNext() throws {
        let errors: [PlanDocumentError] = [
            .faulty(DocumentFault(line: 3, column: 9, key: "", "a comma is expected")),
            .notAPlan, .newerFormat("strongroom-plan/5"),
            .faulty(
                DocumentFault(
                    line: 9,
                    column: 18,
                    key: "groups[0].region",
                    "\"mars\" is not a Region"
                )
            ),
            .faulty(
                DocumentFault(line: 5, column: 3, key: "step", "did you mean \"steps\"?")
            ),
            .altered(stated: "00ab", found: "11cd"),
            .rewritten(line: 2, text: "\"extra\" : \"\u{1B}[2J\","),
            .unbound, .elsewhere(["the manifests say something else than those it was made from"]),
            .invalidSignature, .unsigned, .untrusted(keyID: "22ef\u{1B}"),
            .expired(made: Sample.now - .days(3), now: Sample.now),
            .ahead(made: Sample.now + .hours(1), now: Sample.now),
        ]
        let text = errors.map { "error: \($0)\n" }.joined()
        try Golden.expect(text, is: "plan-errors.txt")
    }

    private func replacing(_ old: String, with new: String) -> [UInt8] {
        let text = String(decoding: small, as: UTF8.self)
        return Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
    }
}

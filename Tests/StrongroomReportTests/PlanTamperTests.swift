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

    @Test func anUnknownKeyIsNamedByItsLine() {
        let changed = replacing(
            "  \"fleet\" : \"acme\",",
            with: "  \"extra\" : 1,\n  \"fleet\" : \"acme\","
        )
        let before = String(decoding: small, as: UTF8.self).split(separator: "\n")
            .prefix { !$0.hasPrefix("  \"fleet\"") }
        let error = PlanDocumentError.rewritten(line: before.count + 1, text: "\"extra\" : 1,")
        #expect(throws: error) {
            try PlanDocument(json: changed)
        }
    }

    @Test func aRepeatedKeyIsRefused() {
        let changed = replacing(
            "  \"fleet\" : \"acme\",",
            with: "  \"fleet\" : \"acme\",\n  \"fleet\" : \"acme\","
        )
        #expect(throws: PlanDocumentError.self) { try PlanDocument(json: changed) }
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

    @Test func aMissingKeyIsNamed() {
        let changed = replacing("      \"standing\" : \"managed\",\n", with: "")
        #expect(throws: PlanDocumentError.missingKey("groups[0].standing")) {
            try PlanDocument(json: changed)
        }
    }

    @Test func aWrongValueIsNamed() {
        let changed = replacing("\"region\" : \"us-east-1\"", with: "\"region\" : \"mars\"")
        let error = #expect(throws: PlanDocumentError.self) { try PlanDocument(json: changed) }
        guard case .invalidValue(let key, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(key == "groups[0].region")
    }

    @Test func everyRefusalSaysWhatToDoNext() throws {
        let errors: [PlanDocumentError] = [
            .notJSON("Unexpected end of file"), .notAPlan, .newerFormat("strongroom-plan/5"),
            .missingKey("groups[0].standing"),
            .invalidValue(key: "groups[0].region", "\"mars\" is not a Region"),
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

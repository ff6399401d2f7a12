import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanSignatureTests {
    private let plan = PlanDocument(Sample.plan([]), boundBy: SampleBinding.now)
    private let key = SigningKey()

    @Test func aSignedPlanIsTrustedByWhoeverTrustsTheKey() throws {
        let signed = try plan.signed(by: key)
        let read = try PlanDocument(json: signed.json())
        #expect(read == signed && read.sha256 == plan.sha256)
        try read.requireTrust(in: [SigningKey().trusted, key.trusted])
        try read.requireTrust(in: [])
        #expect(read.signature?.keyID == key.trusted.id)
        #expect(try SchemaCheck.violations(in: read.json(), against: "plan.schema.json") == "")
    }

    @Test func anUnsignedPlanIsNotTrusted() {
        #expect(throws: PlanDocumentError.unsigned) {
            try plan.requireTrust(in: [key.trusted])
        }
    }

    @Test func aPlanSignedByAnotherKeyIsNotTrusted() throws {
        let signed = try plan.signed(by: SigningKey())
        let other = try #require(signed.signature?.keyID)
        #expect(throws: PlanDocumentError.untrusted(keyID: other)) {
            try signed.requireTrust(in: [key.trusted])
        }
    }

    @Test func aSignatureOfAnotherPlanIsRefused() throws {
        let other = PlanDocument(Plan(fleet: "beta", now: Sample.now, groups: []))
        let theirs = String(decoding: try other.signed(by: key).json(), as: UTF8.self)
        let ours = String(decoding: try plan.signed(by: key).json(), as: UTF8.self)
        let value = { (text: String) in
            text.split(separator: "\n").first { $0.contains("\"value\"") }.map(String.init) ?? ""
        }
        let forged = ours.replacing(value(ours), with: value(theirs))
        #expect(forged != ours)
        #expect(throws: PlanDocumentError.invalidSignature) {
            try PlanDocument(json: Array(forged.utf8))
        }
    }

    @Test func keysSurviveTheirFiles() throws {
        let again = try SigningKey(pem: Array(key.pem.utf8))
        #expect(again.trusted == key.trusted)
        let other = SigningKey().trusted
        let both = try TrustedKey.keys(pem: Array((key.trusted.pem + other.pem).utf8))
        #expect(both == [key.trusted, other])
    }

    @Test func aFileWithoutAKeyOfThatKindIsRefusedWithoutQuotingIt() {
        let secret = key.pem
        let broken = String(secret.dropLast(30))
        for pem in ["", "no key", broken, key.trusted.pem, secret + secret] {
            let error = #expect(throws: KeyError.self) { try SigningKey(pem: Array(pem.utf8)) }
            let words = "\(error.map { "\($0)" } ?? "")"
            #expect(!secret.split(separator: "\n").dropFirst().contains { words.contains($0) })
        }
        #expect(throws: KeyError.self) { try TrustedKey.keys(pem: Array(secret.utf8)) }
        #expect("\(key)" == "<redacted>")
    }
}

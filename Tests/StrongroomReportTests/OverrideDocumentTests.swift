import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct OverrideDocumentTests {
    private let plan = PlanDocument(
        Sample.plan(
            [],
            notes: [
                Note(
                    .held,
                    "delete backup-ro5c4er4aa2 in eu-west-1",
                    Reason(rule: "deletion-budget", "one run may delete 0 backups", at: nil)
                )
            ]
        ),
        boundBy: SampleBinding.now
    )

    private func text(
        rule: String = "deletion-budget",
        group: String = "payments",
        plan digest: String? = nil,
        expires: String = "2026-11-24T09:00:00Z",
        more: String = ""
    ) -> [UInt8] {
        Array(
            """
            {"format": "strongroom-override/1", "rule": "\(rule)", "group": "\(group)",
             "plan": "\(digest ?? plan.body.digest ?? "")", "expires": "\(expires)",
             "approver": "security", "reason": "the audit wants them gone"\(more)}
            """.utf8
        )
    }

    private func leave(_ json: [UInt8], uses: [ApprovalUse] = []) throws -> RuleOverride {
        try OverrideDocument(json: json).leave(for: plan, at: Sample.now, uses: uses)
    }

    @Test func givesLeaveForTheLineThatIsHeld() throws {
        let id = GroupID(home: Sample.prod, cluster: Sample.cluster("2ndsmpk7w52"))
        let expected = RuleOverride(.deletionBudget, in: id)
        #expect(try leave(text()) == expected)
        #expect(try leave(text(group: "cluster-2ndsmpk7w52")) == expected)
        #expect(try SchemaCheck.violations(in: text(), against: "override.schema.json") == "")
    }

    @Test func isForOnePlanOnly() {
        let other = "sha256:" + String(repeating: "0", count: 64)
        #expect(
            throws: OverrideDocumentError.otherPlan(other, now: plan.body.digest)
        ) { try leave(text(plan: other)) }
    }

    @Test func countsUntilItExpires() {
        let end = Sample.moment("2026-11-23T21:00:00Z")
        #expect(throws: OverrideDocumentError.expired(end, now: Sample.now)) {
            try leave(text(expires: "2026-11-23T21:00:00Z"))
        }
    }

    @Test func countsOnce() throws {
        let use = ApprovalUse(
            .override,
            of: try OverrideDocument(json: text()).sha256,
            about: "deletion-budget in payments",
            at: Sample.now - .hours(1)
        )
        #expect(throws: OverrideDocumentError.used(at: use.at)) { try leave(text(), uses: [use]) }
    }

    @Test func isForARuleThatHoldsSomethingThere() {
        #expect(
            throws: OverrideDocumentError.nothingHeld(.creationBudget, in: "payments")
        ) { try leave(text(rule: "creation-budget")) }
        #expect(throws: OverrideDocumentError.noGroup("ledger", count: 0)) {
            try leave(text(group: "ledger"))
        }
    }

    @Test(
        arguments: [
            (#", "also": 1"#, "also", #"unknown key "also""#),
            (
                #", "signatures": {}"#, "signatures",
                #"unknown key "signatures"; did you mean "signature"?"#
            ),
            (
                #", "group": "ledger""#, "group",
                #"the key "group" stands twice in one object, first on line 1"#
            ),
            (
                #", "gr\u006fup": "ledger""#, "group",
                #"the key "group" stands twice in one object, first on line 1"#
            ),
        ]
    )
    func hasTheKeysOfThePageOnce(more: String, key: String, words: String) throws {
        // The line ends before what was added, which begins with a comma and a blank.
        let column = #" "approver": "security", "reason": "the audit wants them gone""#.count + 3
        let fault = DocumentFault(line: 3, column: column, key: key, words)
        #expect(throws: OverrideDocumentError.faulty(fault)) {
            try OverrideDocument(json: text(more: more))
        }
    }

    @Test func isForARuleThatMayBeBroken() throws {
        let words = #""quota" is not among the values that are possible here"#
        let fault = DocumentFault(line: 1, column: 45, key: "rule", words)
        #expect(throws: OverrideDocumentError.faulty(fault)) {
            try OverrideDocument(json: text(rule: "quota"))
        }
    }

    @Test func ofAnotherFormatIsRefusedByName() {
        let json = Array(#"{"format": "strongroom-override/2", "quotas": 1}"#.utf8)
        #expect(throws: OverrideDocumentError.otherFormat("strongroom-override/2")) {
            try OverrideDocument(json: json)
        }
    }

    @Test func isTrustedByItsSignature() throws {
        let key = SigningKey()
        let signed = try OverrideDocument(json: text()).signed(by: key)
        let read = try OverrideDocument(json: signed.json())
        try read.requireTrust(in: [key.trusted])
        #expect(
            try SchemaCheck.violations(in: signed.json(), against: "override.schema.json") == ""
        )
        #expect(throws: OverrideDocumentError.untrusted) {
            try read.requireTrust(in: [SigningKey().trusted])
        }
        #expect(throws: OverrideDocumentError.untrusted) {
            try OverrideDocument(json: text()).requireTrust(in: [key.trusted])
        }
        let forged = String(decoding: signed.json(), as: UTF8.self).replacing(
            "security",
            with: "m.poe"
        )
        #expect(throws: OverrideDocumentError.badSignature) {
            try OverrideDocument(json: Array(forged.utf8))
        }
    }
}

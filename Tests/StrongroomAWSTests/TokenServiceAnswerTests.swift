import CloudHSM
import StrongroomAWS
import Testing

/// Which texts are taken for an answer of STS.
@Suite("Answers of STS")
struct TokenServiceAnswerTests {
    @Test func theElementsOfASessionAreFoundByTheirPath() throws {
        let end = try #require(Timestamp("2026-11-27T12:00:00Z"))
        let text = TokenServiceText.session(
            of: "AssumeRole",
            key: "ASIA1",
            role: "arn:aws:iam::111122223333:role/a",
            until: end
        )
        let answer = try TokenServiceAnswer(Array(text.utf8))
        #expect(answer["AssumeRoleResult", "Credentials", "AccessKeyId"] == "ASIA1")
        #expect(answer["AssumeRoleResult", "Credentials", "Expiration"] == "2026-11-27T12:00:00Z")
        #expect(
            answer["AssumeRoleResult", "AssumedRoleUser", "Arn"]
                == "arn:aws:sts::111122223333:assumed-role/a/session"
        )
        #expect(answer["AssumeRoleResult", "Credentials"] == nil)
        #expect(answer["AccessKeyId"] == nil)
    }

    @Test(arguments: [
        ("<a><b>x</b></a>", "x"), ("<a><b/></a>", ""), ("<a><b></b></a>", ""),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x:y=\"1\"><b z=\"\">x</b>\n</a>\n", "x"),
        ("<a><b>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</b></a>", "<>&\"'AB"),
        ("<a><b>é /+=</b ></a >", "é /+="),
    ])
    func whatIsTaken(text: String, value: String) throws {
        #expect(try TokenServiceAnswer(Array(text.utf8))["b"] == value)
    }

    @Test(arguments: [
        "", " ", "x", "<", "<a", "<a>", "<a><b>x</a></b>", "<a></a><b></b>", "<a></a>x",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
        "<a><!-- --></a>", "<a><![CDATA[x]]></a>", "<a><?x?></a>", "<a>&e;</a>", "<a>&lt</a>",
        "<a>&#x110000;</a>", "<a>&#;</a>", "<a>& </a>", "<a x=1></a>", "<a x='1'></a>",
        "<a x=\"<\"></a>", "<a x></a>", "<a><b>1</b><b>2</b></a>", "< a></a>", "<a></ a>",
        "<é></é>", "<?xml", "{\"a\": 1}", "<html><br></html>",
        String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
    ])
    func whatIsNot(text: String) {
        #expect(throws: TokenServiceAnswer.Fault.self) {
            try TokenServiceAnswer(Array(text.utf8))
        }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: TokenServiceAnswer.Fault.self) {
            try TokenServiceAnswer([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E])
        }
    }

    @Test func aWholeAnswerCutAnywhereIsRefused() throws {
        let text = Array(TokenServiceText.identity("arn:aws:iam::111122223333:user/ana").utf8)
        _ = try TokenServiceAnswer(text)
        for count in 0..<text.count - 1 {
            #expect(throws: TokenServiceAnswer.Fault.self, "cut to \(count)") {
                try TokenServiceAnswer(Array(text.prefix(count)))
            }
        }
    }
}

import Foundation
import HostileText
import StrongroomText
import Testing

@Suite("Safe text as JSON") struct SafeTextJSONTests {
    @Test(arguments: [JSONWriting.Layout.line, .lines])
    func everyReaderGetsTheSameValueBack(layout: JSONWriting.Layout) throws {
        for hostile in HostileText.all {
            let value = [hostile: ["é 🔐 → \(hostile)", hostile]]
            let json = try JSONWriting.bytes(value, layout)
            #expect(HostileText.faults(in: json) == [], "\(String(decoding: json, as: UTF8.self))")
            let read = try JSONDecoder().decode([String: [String]].self, from: Data(json))
            #expect(read == value)
            let canonical = try JSONWriting.canonical(value, layout)
            #expect(
                try JSONDecoder().decode([String: [String]].self, from: Data(canonical)) == value
            )
        }
    }

    @Test(arguments: [
        ("a\u{7F}\u{9B}\u{202E}", #""a\u007f\u009b\u202e""#), ("\u{E0041}", #""\udb40\udc41""#),
        ("##vso[x] ## y", ##""\u0023#vso[x] ## y""##), ("é → 🔐", #""é → 🔐""#),
    ])
    func onlyWhatMustBeIsEscaped(text: String, json: String) throws {
        #expect(String(decoding: try JSONWriting.bytes(text, .line), as: UTF8.self) == json)
    }
}

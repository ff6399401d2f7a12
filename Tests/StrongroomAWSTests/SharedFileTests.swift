import StrongroomAWS
import Testing

/// How the shared files and the commands in them are read.
@Suite("The shared files")
struct SharedFileTests {
    @Test func keysAreFoundBelowTheirSection() throws {
        let text = """
            # a comment
            [default]
            region=eu-west-1
            Output = json   \n\
            s3 =
              max_queue_size = 10
            	nested = yes

            ; another
            [profile with space]  # behind
            credential_process = /opt/helper "a = b" # no comment
            """
        let file = try INIFile(Array(text.utf8))
        #expect(file.sections.map(\.title) == ["default", "profile with space"])
        #expect(file.sections.map(\.line) == [2, 10])
        #expect(file.sections[0].values["region"]?.text == "eu-west-1")
        #expect(file.sections[0].values["output"]?.text == "json")
        #expect(file.sections[0].values["max_queue_size"] == nil)
        #expect(
            file.sections[1].values["credential_process"]?.text
                == "/opt/helper \"a = b\" # no comment"
        )
    }

    @Test(arguments: [
        ("key = 1\n", 1), ("[a]\nno value\n", 2), ("[a]\n\n= 1\n", 3), ("[a\n", 1), ("[]\n", 1),
        ("[a] b\n", 1), ("[a]\nx = 1\nx = 2\n", 3), ("[a]\nX = 1\nx = 2\n", 3),
        ("[a]\n[b]\n[a]\n", 3), ("[a]\nx = 1\n  more\n", 3), ("  x = 1\n", 1),
        ("[a]\nx y = 1\n", 2), ("[a]\nx = \u{1B}[31m\n", 2), ("[a]\r\nx = 1\r\noops\r\n", 3),
    ])
    func aMistakeIsNamedByItsLine(text: String, line: Int) {
        let fault = #expect(throws: INIFile.Fault.self) { try INIFile(Array(text.utf8)) }
        #expect(fault?.line == line)
    }

    @Test func aLineThatHoldsAKeyIsNotRepeated() {
        for line in [Canary.secret, "\(Canary.session)\n\(Canary.session)"] {
            let text = "[a]\n\(line)\n"
            let fault = #expect(throws: INIFile.Fault.self) { try INIFile(Array(text.utf8)) }
            let shown = "\(String(describing: fault))".lowercased()
            #expect(!shown.contains(line.prefix(20).lowercased()))
        }
    }

    @Test(arguments: [
        ("a b  c\td", ["a", "b", "c", "d"]), ("'a b' \"c d\"", ["a b", "c d"]),
        ("a'b'\"c\"d", ["abcd"]), ("a\\ b", ["a b"]), ("'\\n'", ["\\n"]),
        ("\"\\n\\\"\\\\\"", ["\\n\"\\"]), ("a '' \"\"", ["a", "", ""]),
        ("a $(b) `c` ; d|e >f &", ["a", "$(b)", "`c`", ";", "d|e", ">f", "&"]),
    ])
    func aCommandIsSplitAsShlexWould(text: String, arguments: [String]) throws {
        #expect(try CommandLineText(text).arguments == arguments)
    }

    @Test(arguments: ["", "  ", "'a", "\"a", "\"a\\\"", "a\\", "'' b"])
    func aCommandThatIsNoneIsRefused(text: String) {
        #expect(throws: CommandLineText.Fault.self) { try CommandLineText(text) }
    }
}

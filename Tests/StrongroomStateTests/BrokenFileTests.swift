import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// One way in which a group's file can be wrong, and what a person is told.
struct Breakage: CustomTestStringConvertible, Sendable {
    let name: String
    let snippet: String
    let replacement: String
    let key: String
    let problem: StateError.ContentProblem

    init(
        _ name: String,
        _ snippet: String,
        _ replacement: String,
        at key: String,
        _ problem: StateError.ContentProblem
    ) {
        self.name = name
        self.snippet = snippet
        self.replacement = replacement
        self.key = key
        self.problem = problem
    }

    var testDescription: String { name }

    var text: String {
        guard let range = Sample.text.firstRange(of: snippet) else { return "" }
        return Sample.text.replacingCharacters(in: range, with: replacement)
    }

    static let all: [Breakage] = [
        Breakage(
            "no format",
            "\"Format\" : 1,",
            "",
            at: "Format",
            .missing
        ),
        Breakage(
            "format is a text",
            "\"Format\" : 1",
            "\"Format\" : \"1\"",
            at: "Format",
            .unexpected(found: "\"1\"", expected: "a whole number")
        ),
        Breakage(
            "format is none",
            "\"Format\" : 1",
            "\"Format\" : 0",
            at: "Format",
            .unexpected(found: "0", expected: "1")
        ),
        Breakage(
            "unknown key at the top",
            "\"Format\"",
            "\"Vaults\" : [], \"Format\"",
            at: "Vaults",
            .unknownKey
        ),
        Breakage(
            "key at the top with a letter too many",
            "\"Format\"",
            "\"Clusters\" : [], \"Format\"",
            at: "Clusters",
            .misspelt(known: "Cluster")
        ),
        Breakage(
            "equal keys at the top",
            "\"Format\"",
            "\"Backups\" : [], \"Format\"",
            at: "Backups",
            .equalKeys
        ),
        Breakage(
            "cluster is an array",
            "\"Cluster\" : {",
            "\"Cluster\" : [], \"Simulator\" : {",
            at: "Simulator",
            .equalKeys
        ),
        Breakage(
            "another cluster",
            "\"ClusterId\" : \"cluster-2ndsmpk7w5q\"",
            "\"ClusterId\" : \"cluster-aaaaaaaaaaa\"",
            at: "Cluster.ClusterId",
            .otherCluster(found: "cluster-aaaaaaaaaaa", expected: "cluster-2ndsmpk7w5q")
        ),
        Breakage(
            "state is a number",
            "\"State\" : \"ACTIVE\",\n    \"StateM",
            "\"State\" : 7, \"StateM",
            at: "Cluster.State",
            .unexpected(found: "7", expected: "a state")
        ),
        Breakage(
            "no HSM type",
            "\"HsmType\" : \"hsm2m.medium\",\n    \"HsmTypeR",
            "\"HsmTypeR",
            at: "Cluster.HsmType",
            .missing
        ),
        Breakage(
            "unknown mode",
            "\"Mode\" : \"FIPS\"",
            "\"Mode\" : \"LOUD\"",
            at: "Cluster.Mode",
            .unexpected(found: "\"LOUD\"", expected: "\"FIPS\" or \"NON_FIPS\"")
        ),
        Breakage(
            "retention is too long",
            "\"Value\" : \"90\"",
            "\"Value\" : \"ninety\"",
            at: "Cluster.BackupRetentionPolicy.Value",
            .unexpected(found: "\"ninety\"", expected: "a number of days, 1 to 9999")
        ),
        Breakage(
            "retention of another type",
            "\"DAYS\"",
            "\"WEEKS\"",
            at: "Cluster.BackupRetentionPolicy.Type",
            .unexpected(found: "\"WEEKS\"", expected: "\"DAYS\"")
        ),
        Breakage(
            "certificate is a number",
            "\"ClusterCertificate\" : \"-----BEGIN CERTIFICATE-----",
            "\"Other\" : 1, \"ClusterCertificate\" : \"",
            at: "Cluster.Certificates.Other",
            .unexpected(found: "1", expected: "a string")
        ),
        Breakage(
            "zone that is none",
            "\"us-east-1a\" : \"subnet",
            "\"moon-1a\" : \"subnet",
            at: "Cluster.SubnetMapping.moon-1a",
            .unknownKey
        ),
        Breakage(
            "subnet that is none",
            "\"us-east-1a\" : \"subnet-0a1b2c3d\"",
            "\"us-east-1a\" : \"net-1\"",
            at: "Cluster.SubnetMapping.us-east-1a",
            .unexpected(found: "\"net-1\"", expected: "a subnet id")
        ),
        Breakage(
            "equal zones",
            "\"us-east-1a\" : \"subnet-0a1b2c3d\"",
            "\"us-east-1a\" : \"subnet-0a1b2c3d\", \"us-east-1a\" : \"subnet-0a1b2c3d\"",
            at: "Cluster.SubnetMapping.us-east-1a",
            .equalKeys
        ),
        Breakage(
            "equal tags",
            "\"Key\" : \"strongroom:cluster\"",
            "\"Key\" : \"env\"",
            at: "Cluster.TagList[1].Key",
            .repeated(name: "tag \"env\"")
        ),
        Breakage(
            "tag without a value",
            "\"Key\" : \"env\",",
            "\"Key\" : \"env\" }, { \"Key\" : \"x\",",
            at: "Cluster.TagList[0].Value",
            .missing
        ),
        Breakage(
            "tag with more",
            "\"Key\" : \"env\",",
            "\"Key\" : \"env\", \"Colour\" : \"red\",",
            at: "Cluster.TagList[0].Colour",
            .unknownKey
        ),
        Breakage(
            "HSM of another cluster",
            "\"ClusterId\" : \"cluster-2ndsmpk7w5q\",\n        \"EniId\"",
            "\"ClusterId\" : \"cluster-aaaaaaaaaaa\", \"EniId\"",
            at: "Cluster.Hsms[0].ClusterId",
            .otherCluster(found: "cluster-aaaaaaaaaaa", expected: "cluster-2ndsmpk7w5q")
        ),
        Breakage(
            "HSM twice",
            "\"Hsms\" : [",
            "\"Hsms\" : [ { \"HsmId\" : \"hsm-aaaaaaaaaaa\", \"State\" : \"ACTIVE\" },",
            at: "Cluster.Hsms[1].HsmId",
            .repeated(name: "hsm-aaaaaaaaaaa")
        ),
        Breakage(
            "unknown number beyond 64 bits",
            "\"Temperature\" : 41",
            "\"Temperature\" : 9223372036854775808",
            at: "Cluster.Hsms[0].Temperature",
            .unexpected(found: "a number beyond 64 bits", expected: "a number within 64 bits")
        ),
        Breakage(
            "equal keys in an unknown field",
            "\"Owner\" : \"team é\"",
            "\"Owner\" : { \"a\" : 1, \"b\" : [ 0, { \"c\" : 1, \"c\" : 2 } ] }",
            at: "Cluster.Owner.b[1].c",
            .equalKeys
        ),
        Breakage(
            "unknown field twice",
            "\"Owner\" : \"team é\"",
            "\"Owner\" : 1, \"Owner\" : 2",
            at: "Cluster.Owner",
            .equalKeys
        ),
        Breakage(
            "equal keys at the simulator's",
            "\"daily\" : 1790000000,",
            "\"daily\" : 1790000000, \"daily\" : 2,",
            at: "Simulator.daily",
            .equalKeys
        ),
        Breakage(
            "misspelt key",
            "\"Hsms\"",
            "\"Hsmz\"",
            at: "Cluster.Hsmz",
            .misspelt(known: "Hsms")
        ),
        Breakage(
            "key with a letter too few",
            "\"NeverExpires\":true",
            "\"NeverExpire\":true",
            at: "Backups[2].NeverExpire",
            .misspelt(known: "NeverExpires")
        ),
        Breakage(
            "secret's key with a letter too few",
            "\"Hsms\"",
            "\"PreCoPasword\":\"x\",\"Hsms\"",
            at: "Cluster.PreCoPasword",
            .misspelt(known: "PreCoPassword")
        ),
        Breakage(
            "equal keys, one with an escape",
            "\"NeverExpires\":true",
            "\"NeverExpires\":true,\"\\u004eeverExpires\":false",
            at: "Backups[2].NeverExpires",
            .equalKeys
        ),
        Breakage(
            "key in another case",
            "\"BackupState\":\"FROZEN\"",
            "\"backupState\":\"FROZEN\",\"BackupState\":\"READY\"",
            at: "Backups[2].backupState",
            .misspelt(known: "BackupState")
        ),
        Breakage(
            "backup id that is none",
            "\"BackupId\":\"backup-ro5c4er4aac\"",
            "\"BackupId\":\"backup-1\"",
            at: "Backups[1].BackupId",
            .unexpected(found: "\"backup-1\"", expected: "a backup id")
        ),
        Breakage(
            "backup twice",
            "\"BackupId\":\"backup-bbbbbbbbbbb\"",
            "\"BackupId\":\"backup-ro5c4er4aac\"",
            at: "Backups[2].BackupId",
            .repeated(name: "backup-ro5c4er4aac")
        ),
        Breakage(
            "backup is a text",
            "{\"BackupArn\":\"arn:elsewhere\"",
            "\"backup-ro5c4er4aac\",{\"BackupArn\":\"arn:elsewhere\"",
            at: "Backups[2]",
            .unexpected(found: "\"backup-ro5c4er4aac\"", expected: "an object")
        ),
        Breakage(
            "backup state twice",
            "\"BackupState\":\"READY\"",
            "\"BackupState\":\"READY\",\"BackupState\":\"READY\"",
            at: "Backups[1].BackupState",
            .equalKeys
        ),
        Breakage(
            "no backup state",
            "\"BackupState\":\"FROZEN\",",
            "",
            at: "Backups[2].BackupState",
            .missing
        ),
        Breakage(
            "backup state is null",
            "\"BackupState\":\"FROZEN\"",
            "\"BackupState\":null",
            at: "Backups[2].BackupState",
            .unexpected(found: "null", expected: "a string")
        ),
        Breakage(
            "backup of another cluster",
            "\"ClusterId\":\"cluster-2ndsmpk7w5q\"",
            "\"ClusterId\":\"cluster-aaaaaaaaaaa\"",
            at: "Backups[1].ClusterId",
            .otherCluster(found: "cluster-aaaaaaaaaaa", expected: "cluster-2ndsmpk7w5q")
        ),
        Breakage(
            "backup of no cluster",
            "\"ClusterId\":\"cluster-2ndsmpk7w5q\",",
            "",
            at: "Backups[1].ClusterId",
            .missing
        ),
        Breakage(
            "copy from another cluster",
            "\"SourceCluster\":\"cluster-2ndsmpk7w5q\"",
            "\"SourceCluster\":\"cluster-aaaaaaaaaaa\"",
            at: "Backups[0].SourceCluster",
            .otherCluster(found: "cluster-aaaaaaaaaaa", expected: "cluster-2ndsmpk7w5q")
        ),
        Breakage(
            "copy without its Region",
            "\"SourceRegion\":\"us-east-1\",",
            "",
            at: "Backups[0].SourceRegion",
            .incompleteOrigin
        ),
        Breakage(
            "copy without its time",
            "\"CopyTimestamp\":1790010000,",
            "",
            at: "Backups[0].CopyTimestamp",
            .incompleteOrigin
        ),
        Breakage(
            "Region that is none",
            "\"Region\":\"eu-west-1\"",
            "\"Region\":\"Ireland\"",
            at: "Backups[0].Region",
            .unexpected(found: "\"Ireland\"", expected: "a Region")
        ),
        Breakage(
            "time without a zone",
            "\"CreateTimestamp\":1790100000",
            "\"CreateTimestamp\":\"2026-01-01T00:00:00\"",
            at: "Backups[2].CreateTimestamp",
            .unexpected(
                found: "\"2026-01-01T00:00:00\"",
                expected: "epoch seconds or an ISO 8601 moment with its zone"
            )
        ),
        Breakage(
            "time beyond the calendar",
            "\"CreateTimestamp\":1790100000",
            "\"CreateTimestamp\":1790100000000",
            at: "Backups[2].CreateTimestamp",
            .unexpected(
                found: "1790100000000",
                expected: "epoch seconds or an ISO 8601 moment with its zone"
            )
        ),
        Breakage(
            "pin is a text",
            "\"NeverExpires\":true",
            "\"NeverExpires\":\"True\"",
            at: "Backups[2].NeverExpires",
            .unexpected(found: "\"True\"", expected: "true or false")
        ),
        Breakage(
            "backups are an object",
            "\"Backups\" : [",
            "\"Backups\" : {}, \"Simulator\" : [",
            at: "Simulator",
            .equalKeys
        ),
    ]
}

@Suite struct BrokenFileTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    @Test(arguments: Breakage.all)
    func everyFaultIsNamedWithItsPlace(breakage: Breakage) throws {
        try #require(!breakage.text.isEmpty, "the snippet is not in the sample")
        try state.put(group: breakage.text)
        let before = try state.everything()
        let file = state.path(of: Sample.file())
        let expected = StateError.content(file: file, key: breakage.key, breakage.problem)
        #expect(throws: expected) { try state.reading().record(of: Sample.id) }
        #expect(try state.everything() == before)
    }

    @Test(arguments: [
        ("", 1, 1, "broken JSON: the document is empty"),
        (" \n ", 1, 1, "broken JSON: the document is empty"),
        ("{\n \"Format\": 1,\n}", 2, 13, "broken JSON: nothing follows this comma"),
        ("{\"a\": 1} x", 1, 10, "broken JSON: something follows the end of the document"),
        ("{\"a\": tru}", 1, 7, "broken JSON: a value is expected here"),
        ("{\"a\" 1}", 1, 6, "broken JSON: a colon is expected after a key"),
        ("{a: 1}", 1, 2, "broken JSON: a key must stand in double quotes"),
        ("{\"a\": 1, // one\n}", 1, 10, "broken JSON: JSON has no comments"),
        ("[1 2]", 1, 4, "broken JSON: a comma or a closing bracket is expected here"),
        ("{\"a\": \"b", 1, 7, "broken JSON: this text has no closing quote"),
        ("{\"a\": \"\\q\"}", 1, 8, "broken JSON: no such escape exists in JSON"),
        (
            "{\"a\": \"\u{1}\"}", 1, 8,
            "broken JSON: a control character stands in a text; write it as \\u0001"
        ),
        ("{\"a\": 01}", 1, 7, "broken JSON: the number 01 begins with a needless zero"),
        ("{\"a\": 1e999}", 1, 7, "the number 1e999 is too large"),
        ("{\"a\": 99999999999999999999}", 1, 7, "the number 99999999999999999999 is too large"),
        (
            "\u{FEFF}{}", 1, 1,
            "the document begins with a byte order mark; save it as UTF-8 without one"
        ),
        ("[[1]", 1, 5, "broken JSON: the document ends before it is complete"),
    ])
    func whatIsNotJSONIsNamedWithLineAndColumn(
        text: String,
        line: Int,
        column: Int,
        message: String
    ) throws {
        let error = try #require(try failure(of: Data(text.utf8)))
        guard case .notJSON(let file, let position?, let found) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(file == state.path(of: Sample.file()))
        #expect((position.line, position.column, found) == (line, column, message))
    }

    @Test func whatIsNotUTF8IsNamedWithItsPlace() throws {
        let bytes = Data("{\"a\":\n\"".utf8) + Data([0xC3, 0x28]) + Data("\"}".utf8)
        guard case .notJSON(_, let position?, let message) = try failure(of: bytes) else {
            Issue.record("not refused")
            return
        }
        #expect((position.line, position.column) == (2, 2))
        #expect(message == "the text is not valid UTF-8")
    }

    @Test(arguments: [61, 62, 63, 64, 65, 200_000])
    func nestingHasALimit(depth: Int) throws {
        let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        try state.put(group: #"{"Format": 1, "Simulator": \#(value)}"#)
        let reading = Result { try state.reading().record(of: Sample.id) }
        guard case .failure(let error) = reading else {
            #expect(depth <= 63)
            return
        }
        #expect(depth > 63, "\(error)")
        #expect("\(error)".contains("nested deeper than 64 levels"), "\(error)")
    }

    @Test func aNewerFormatIsRefusedByNameWhateverElseItHolds() throws {
        let text = Sample.text.replacing("\"Format\" : 1", with: "\"Format\" : 2, \"Vault\" : {}")
        let error = try #require(try failure(of: Data(text.utf8)))
        #expect(error == .newerFormat(file: state.path(of: Sample.file()), found: 2, known: 1))
        #expect(
            "\(error)".contains("written by a newer Strongroom: format 2; this one reads up to 1")
        )
    }

    @Test func aFileIsNotReadBeyondItsLimit() throws {
        try state.put(group: "")
        let handle = try #require(
            FileHandle(forWritingAtPath: state.path(of: Sample.file()))
        )
        try handle.truncate(atOffset: 64 << 20 | 1)
        try handle.close()
        let error = StateError.tooLarge(
            file: state.path(of: Sample.file()),
            bytes: 64 << 20 | 1,
            limit: 64 << 20
        )
        #expect(throws: error) { try state.reading().record(of: Sample.id) }
    }

    private func failure(of data: Data) throws -> StateError? {
        try state.put(group: "")
        try state.put(data, at: Sample.file())
        do {
            _ = try state.reading().record(of: Sample.id)
            return nil
        } catch let error as StateError {
            return error
        }
    }
}

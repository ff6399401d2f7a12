import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// What the last run saw, as a file.
@Suite struct SeenFileTests {
    static let other = Sample.id(of: "cluster-aaaaaaaaaaa", account: "999988887777")

    static let seen: [GroupID: SeenGroup] = {
        var full = SeenGroup(at: TemporaryState.now)
        full.name = "payments"
        full.wanted = ["hsm-count": "us-east-1a=1,us-east-1b=2", "copy eu-west-1": "172800 s"]
        full.open = ["hsm-count": .drift]
        full.hsms = ["eni-0a1b2c3d": sampleHSM("hsm-aaaaaaaaaaa")]
        full.degradedSince = ["eni-0a1b2c3d": TemporaryState.now - .milliseconds(1)]
        full.hsmType = .hsm2mMedium
        full.retention = .days(455)
        full.deletedByPeople = [sampleBackup("backup-ro5c4er4aac")]
        var short = SeenGroup(at: TemporaryState.now - .hours(3))
        short.retention = .unmanaged
        return [Sample.id: full, other: short]
    }()

    /// The file as Strongroom writes it.
    static let text = #"""
        {
          "At" : 1795000000,
          "Clusters" : [
            {"Account":"111122223333","Cluster":"cluster-2ndsmpk7w5q","DegradedSince":{"eni-0a1b2c3d":1794999999.999},"DeletedByPeople":["backup-ro5c4er4aac"],"HsmType":"hsm2m.medium","Hsms":{"eni-0a1b2c3d":"hsm-aaaaaaaaaaa"},"Name":"payments","Open":{"hsm-count":"drift"},"Region":"us-east-1","Retention":455,"Wanted":{"copy eu-west-1":"172800 s","hsm-count":"us-east-1a=1,us-east-1b=2"}},
            {"Account":"999988887777","At":1794989200,"Cluster":"cluster-aaaaaaaaaaa","Region":"us-east-1","Retention":"unmanaged"}
          ],
          "Format" : 1
        }

        """#

    private static func sampleHSM(_ text: String) -> HSMID {
        guard let id = HSMID(text) else { preconditionFailure("the sample's ids are valid") }
        return id
    }

    private static func sampleBackup(_ text: String) -> BackupID {
        guard let id = BackupID(text) else { preconditionFailure("the sample's ids are valid") }
        return id
    }

    @Test func isReadAsItWasWritten() throws {
        let state = try TemporaryState()
        #expect(try state.reading().seen() == nil, "no run came before")
        try state.writing().save(Self.seen)
        #expect(try state.text(of: "seen.json") == Self.text)
        #expect(try state.reading().seen() == Self.seen)
    }

    @Test func isEmptyForAnEmptyFleet() throws {
        let state = try TemporaryState()
        try state.writing().save([GroupID: SeenGroup]())
        #expect(try state.reading().seen() == [:])
    }

    @Test func equalContentIsNotWrittenAgain() throws {
        let state = try TemporaryState()
        let directory = try state.writing()
        try directory.save(Self.seen)
        let before = try state.identity(of: "seen.json")
        try directory.save(Self.seen)
        #expect(try state.identity(of: "seen.json") == before)
    }

    @Test func staysSmall() throws {
        let state = try TemporaryState()
        try state.writing().save(Self.seen)
        #expect(try state.text(of: "seen.json").utf8.count < 800)
    }

    @Test func isNotWrittenThroughADirectoryOpenedForReading() throws {
        let state = try TemporaryState()
        let directory = try state.reading()
        #expect(throws: StateError.openedForReading(path: state.path)) {
            try directory.save(Self.seen)
        }
    }

    @Test func aNewerVersionIsRefusedByName() throws {
        let state = try TemporaryState()
        let newer = Self.text.replacingOccurrences(of: "\"Format\" : 1", with: "\"Format\" : 2")
        try state.put(newer, at: "seen.json")
        let file = state.path(of: "seen.json")
        #expect(throws: StateError.newerFormat(file: file, found: 2, known: 1)) {
            try state.reading().seen()
        }
        #expect(try state.text(of: "seen.json") == newer)
    }

    @Test(
        arguments: [
            ("\"Format\" : 1", "\"Format\" : 1, \"Extra\" : 1", "Extra"),
            ("\"Clusters\"", "\"Cluster\"", "Cluster"),
            ("\"At\" : 1795000000,", "", "Clusters[0].At"),
            ("\"Retention\":455", "\"Retention\":0", "Clusters[0].Retention"),
            ("\"unmanaged\"", "\"none\"", "Clusters[1].Retention"),
            ("\"drift\"", "\"drifts\"", "Clusters[0].Open.hsm-count"),
            ("hsm-aaaaaaaaaaa", "hsm", "Clusters[0].Hsms.eni-0a1b2c3d"),
            ("\"172800 s\"", "172800", "Clusters[0].Wanted.copy eu-west-1"),
            ("1794999999.999", "true", "Clusters[0].DegradedSince.eni-0a1b2c3d"),
            ("\"backup-ro5c4er4aac\"", "\"x\"", "Clusters[0].DeletedByPeople[0]"),
            ("\"Account\":\"111122223333\",", "", "Clusters[0].Account"),
            ("\"Open\"", "\"Opem\"", "Clusters[0].Opem"),
        ]
    )
    func damageIsNamedByItsPlace(_ old: String, _ new: String, _ key: String) throws {
        let state = try TemporaryState()
        let broken = Self.text.replacingOccurrences(of: old, with: new)
        try #require(broken != Self.text)
        try state.put(broken, at: "seen.json")
        let error = #expect(throws: StateError.self) { try state.reading().seen() }
        guard case .content(let file, let found, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == key)
        #expect(file == state.path(of: "seen.json"))
    }

    @Test func aClusterThatStandsTwiceIsRefused() throws {
        let state = try TemporaryState()
        let entry =
            #"{"Account":"111122223333","Cluster":"cluster-2ndsmpk7w5q","Region":"us-east-1"}"#
        try state.put(
            #"{"At":1795000000,"Clusters":[\#(entry),\#(entry)],"Format":1}"#,
            at: "seen.json"
        )
        let problem = StateError.ContentProblem.repeated(
            name: "111122223333/us-east-1/cluster-2ndsmpk7w5q"
        )
        let file = state.path(of: "seen.json")
        #expect(throws: StateError.content(file: file, key: "Clusters[1]", problem)) {
            try state.reading().seen()
        }
    }

    @Test func whatIsCutOffIsNoMemory() throws {
        let state = try TemporaryState()
        try state.put(String(Self.text.prefix(200)), at: "seen.json")
        #expect(throws: StateError.self) { try state.reading().seen() }
    }
}

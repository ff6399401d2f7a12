import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct BrokenDirectoryTests {
    @Test func aDirectoryThatIsNotThereIsNotAnEmptyOne() throws {
        let state = try TemporaryState(service: nil)
        let error = StateError.noDirectory(path: state.path)
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
        #expect(!FileManager.default.fileExists(atPath: state.path))
    }

    @Test func aDirectoryWithoutFormatIsNoState() throws {
        let state = try TemporaryState()
        try FileManager.default.removeItem(atPath: state.path(of: "FORMAT"))
        let before = try state.everything()
        let error = StateError.notAStateDirectory(path: state.path)
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
        #expect(try state.everything() == before)
    }

    @Test(arguments: [ServiceKind.aws, .simulator])
    func anotherServicesStateIsRefused(service: ServiceKind) throws {
        let state = try TemporaryState(service: service)
        let other: ServiceKind = service == .aws ? .simulator : .aws
        let error = StateError.otherService(path: state.path, found: service, expected: other)
        #expect(throws: error) {
            try StateDirectory.open(at: state.path, for: .reading, service: other)
        }
        _ = try StateDirectory.open(at: state.path, for: .reading, service: service)
    }

    @Test(arguments: [
        (#"{"Format": 3, "Vault": "x"}"#, "newer"),
        (#"{"Format": 1, "Service": "aws"}"#, "Lineage"),
        (#"{"Format": 1, "Lineage": "1", "Service": "aws"}"#, "Lineage"),
        (#"{"Format": 1, "Lineage": "1", "Service": "gcp"}"#, "Service"), ("", "empty"),
        ("strongroom", "a value is expected"),
    ])
    func aBrokenFormatIsNamed(text: String, word: String) throws {
        let state = try TemporaryState()
        try state.put(text, at: "FORMAT")
        let error = #expect(throws: StateError.self) { try state.writing() }
        #expect(error?.description.contains(state.path(of: "FORMAT")) == true)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func aMissingIndexIsNotAnEmptyOne() throws {
        let state = try TemporaryState()
        try FileManager.default.removeItem(atPath: state.path(of: "index.json"))
        let error = StateError.missing(file: state.path(of: "index.json"))
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
    }

    @Test(arguments: [
        (#"{"Format": 1}"#, "Groups", StateError.ContentProblem.missing),
        (
            #"{"Format": 1, "Groups": ["a/b/c"]}"#, "Groups[0]",
            .unexpected(found: "\"a/b/c\"", expected: "<account>/<region>/<cluster id>")
        ),
        (
            #"{"Format": 1, "Groups": ["../../us-east-1/cluster-aaaaaaaaaaa"]}"#, "Groups[0]",
            .unexpected(
                found: "\"../../us-east-1/cluster-aaaaaaaaaaa\"",
                expected: "<account>/<region>/<cluster id>"
            )
        ),
        (
            #"{"Format": 1, "Groups": ["111122223333/us-east-1/cluster-aaaaaaaaaaa", "#
                + #""111122223333/us-east-1/cluster-aaaaaaaaaaa"]}"#, "Groups[1]",
            .repeated(name: "111122223333/us-east-1/cluster-aaaaaaaaaaa")
        ),
        (
            #"{"Format": 1, "Groups": [], "Places": [{"Account": "111122223333", "#
                + #""Region": "us-east-1", "LastObserved": 1, "Complete": false}]}"#,
            "Places[0].Complete",
            .unexpected(found: "false", expected: "true where there is no Gap")
        ),
    ])
    func aBrokenIndexIsNamed(
        text: String,
        key: String,
        problem: StateError.ContentProblem
    ) throws {
        let state = try TemporaryState()
        try state.put(text, at: "index.json")
        let error = StateError.content(file: state.path(of: "index.json"), key: key, problem)
        #expect(throws: error) { try state.reading() }
        #expect(throws: error) { try state.writing() }
        #expect(try state.text(of: "index.json") == text)
    }

    @Test func aListedGroupWithoutAFileIsAnErrorOfThatGroupOnly() throws {
        let state = try TemporaryState()
        let other = Sample.id(of: "cluster-aaaaaaaaaaa")
        try state.writing().save(
            [Sample.id, other].map { GroupRecord(group: ProtectionGroup(id: $0, cluster: nil)) }
        )
        try FileManager.default.removeItem(atPath: state.path(of: Sample.file()))
        let directory = try state.writing()
        #expect(directory.groupIDs() == [Sample.id, other].sorted())
        let error = StateError.missing(file: state.path(of: Sample.file()))
        #expect(throws: error) { try directory.record(of: Sample.id) }
        #expect(try directory.record(of: other).group.id == other)
    }

    @Test func aBrokenGroupBlocksItselfOnly() throws {
        let state = try TemporaryState()
        let other = Sample.id(of: "cluster-aaaaaaaaaaa")
        let record = GroupRecord(group: ProtectionGroup(id: other, cluster: nil))
        try state.writing().save(
            [record, GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil))])
        try state.put("{", at: Sample.file())
        let directory = try state.writing()
        #expect(throws: StateError.self) { try directory.record(of: Sample.id) }
        #expect(try directory.record(of: other) == record)
        try directory.save(record)
        #expect(try state.text(of: Sample.file()) == "{")
    }

    @Test func aFileTheIndexDoesNotListIsReportedAndTakenUp() throws {
        let state = try TemporaryState()
        try state.put(Sample.shortText, at: Sample.file())
        let reading = try state.reading()
        #expect(reading.findings == [.unlisted(Sample.id)])
        #expect(reading.groupIDs() == [Sample.id])
        #expect(try !state.text(of: "index.json").contains("cluster-"))
        do {
            let writing = try state.writing()
            #expect(writing.findings == [.unlisted(Sample.id)])
            #expect(writing.groupIDs() == [Sample.id])
        }
        #expect(try state.text(of: "index.json").contains("cluster-2ndsmpk7w5q"))
        #expect(try state.reading().findings.isEmpty)
    }

    @Test(arguments: [
        "111122223333/us-east-1/notes.txt", "111122223333/us-east-1/cluster-1.json",
        "111122223333/Ireland",
    ])
    func aFileThatBelongsToNobodyIsReported(name: String) throws {
        let state = try TemporaryState()
        try state.put("", at: name)
        let findings = try state.reading().findings
        #expect(findings == [.stray(path: state.path(of: name))])
    }

    @Test func whatAKilledWriterLeftIsRemoved() throws {
        let state = try TemporaryState()
        try state.writing().save(GroupRecord(group: ProtectionGroup(id: Sample.id, cluster: nil)))
        let leftovers = [
            ".index.json.tmp.1", "journal/.fleet.jsonl.tmp.2",
            "111122223333/us-east-1/.cluster-2ndsmpk7w5q.json.tmp.3",
        ]
        for name in leftovers { try state.put("{", at: name) }
        _ = try state.reading()
        #expect(Set(leftovers).isSubset(of: try state.everything().keys))
        let directory = try state.writing()
        #expect(directory.groupIDs() == [Sample.id])
        #expect(Set(leftovers).isDisjoint(with: try state.everything().keys))
    }

    @Test func aStateIsNotCreatedOverAnother() throws {
        let state = try TemporaryState()
        let before = try state.everything()
        var generator = SeededGenerator(seed: 2)
        let lineage = LineageID(using: &generator)
        #expect(throws: StateError.alreadyCreated(path: state.path)) {
            try StateDirectory.create(
                at: state.path,
                service: .aws,
                lineage: lineage,
                storage: .any
            )
        }
        #expect(try state.everything() == before)
        try state.put(Sample.shortText, at: Sample.file())
        try FileManager.default.removeItem(atPath: state.path(of: "FORMAT"))
        #expect(throws: StateError.remains(path: state.path, item: "111122223333")) {
            try StateDirectory.create(
                at: state.path,
                service: .aws,
                lineage: lineage,
                storage: .any
            )
        }
    }

    @Test func aCreationThatWasCutShortBeginsAnew() throws {
        let state = try TemporaryState()
        try FileManager.default.removeItem(atPath: state.path(of: "FORMAT"))
        var generator = SeededGenerator(seed: 2)
        let lineage = LineageID(using: &generator)
        try StateDirectory.create(
            at: state.path,
            service: .aws,
            lineage: lineage,
            storage: .any
        )
        #expect(try state.reading().lineage == lineage)
    }
}

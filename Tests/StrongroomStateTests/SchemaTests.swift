import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

/// The schemas in `schemas/`, held against what Strongroom writes and refuses, by Python's
/// jsonschema.
@Suite struct SchemaTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    /// What the schema has against each file; fails loudly without Python or its jsonschema.
    private func violations(
        of names: some Collection<String>,
        against schema: String
    ) throws -> [String: [String]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let program = """
            import json, sys, jsonschema
            schema, *names = sys.argv[1:]
            schema = json.load(open(schema, encoding="utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            checker = jsonschema.Draft202012Validator(schema)
            read = lambda name: json.load(open(name, encoding="utf-8"))
            print(json.dumps({n: [e.message for e in checker.iter_errors(read(n))] for n in names}))
            """
        let path = root.appendingPathComponent("schemas/\(schema).schema.json").path
        let files = names.map { state.path(of: $0) }
        let (status, said) = try run("python3", ["-c", program, path] + files)
        try #require(status == 0, "python3 with jsonschema is needed: \(said)")
        let found = try JSONDecoder().decode([String: [String]].self, from: Data(said.utf8))
        return Dictionary(uniqueKeysWithValues: zip(names, files.map { found[$0] ?? ["unread"] }))
    }

    @Test func everyFileOfTheStateFitsItsSchema() throws {
        do {
            let directory = try state.writing()
            var groups = RandomGroups(seed: 11)
            try directory.save(groups.record())
            try directory.saveSimulatedWorld(.array([.null]))
            let place = Sample.id.home
            try directory.save([PlaceObservation(of: place, at: TemporaryState.now, gap: "page 2")])
            try directory.save(SeenFileTests.seen)
            var run = try #require(directory.run)
            run.since = TemporaryState.now
            run.tick = TemporaryState.now
            run.every = .minutes(15)
            run.suspicion = RunRecord.Suspicion("a reason", since: TemporaryState.now)
            run.known = [SampleJournal.intent(1).id]
            try directory.save(run)
            try directory.finish(at: TemporaryState.now)
        }
        try state.put(Sample.text, at: "whole.json")
        try state.put(Sample.shortText, at: "short.json")
        let names = [
            "FORMAT", "index.json", "simulator.json", "seen.json", "run.json", Sample.file(),
            "whole.json", "short.json",
        ]
        for (name, violations) in try violations(of: names, against: "state") {
            #expect(violations == [], "\(name)")
        }
    }

    @Test func everyLineOfTheJournalFitsItsSchema() async throws {
        let now = TemporaryState.now
        do {
            let directory = try state.writing()
            let journal = directory.journal
            for number in 1...3 {
                let at = number == 1 ? now - .days(40) : now
                let intent =
                    number == 3
                    ? SampleJournal.recording(
                        "mid-2026",
                        "TagResource",
                        of: "backup-ro5c4er4aac",
                        number,
                        at: at
                    ) : SampleJournal.intent(number, at: at)
                try await journal.begin(intent)
                let made = number == 1 ? "hsm-aaaaaaaaaaa" : nil
                try await journal.end(intent, Outcome(.foundDone, made: made, at: at))
            }
            try await journal.record(SampleJournal.use(1))
            try directory.finish(at: TemporaryState.now)
        }
        // Compacts the old entry away, so that there is a record of every kind.
        try state.writing().finish(at: TemporaryState.now)
        var names = ["journal/heads.json"]
        for file in [SampleJournal.groupFile, SampleJournal.fleetFile] {
            for (number, line) in try state.lines(of: file).enumerated() where !line.isEmpty {
                names.append("\(number).of.\(file.split(separator: "/").last ?? "")")
                try state.put(line, at: names[names.count - 1])
            }
        }
        #expect(names.count == 7)
        for (name, violations) in try violations(of: names, against: "journal") {
            #expect(violations == [], "\(name)")
        }
    }

    /// The page beside the schema says how a digest is taken; Python does it by that page.
    @Test func digestsAreThoseThePageDescribes() async throws {
        try await state.record(1...4)
        let program = """
            import hashlib, json, re, sys
            last = "0" * 64
            for number, line in enumerate(open(sys.argv[1], "rb").read().splitlines(), 1):
                digest, rest = re.fullmatch(rb'{"digest":"([0-9a-f]{64})",(.*)', line).groups()
                assert hashlib.sha256(b"{" + rest).hexdigest() == digest.decode()
                record = json.loads(line)
                assert record["previous"] == last and record["sequence"] == number
                last = record["digest"]
            print(number)
            """
        let file = state.path(of: SampleJournal.groupFile)
        let (status, said) = try run("python3", ["-c", program, file])
        #expect(status == 0 && said == "4\n", "\(said)")
    }

    @Test func theSchemaRefusesWhatTheReaderRefuses() throws {
        let names = [
            "no format", "unknown key at the top", "state is a number", "no HSM type",
            "unknown mode", "retention of another type", "certificate is a number",
            "zone that is none", "subnet that is none", "tag without a value", "tag with more",
            "backup id that is none", "backup is a text", "no backup state",
            "backup state is null", "backup of no cluster", "copy without its Region",
            "Region that is none", "time without a zone", "pin is a text",
        ]
        let breakages = Breakage.all.filter { names.contains($0.name) }
        #expect(breakages.count == names.count)
        for breakage in breakages { try state.put(breakage.text, at: breakage.name) }
        for (name, violations) in try violations(of: names, against: "state") {
            #expect(violations != [], "\(name)")
        }
    }
}

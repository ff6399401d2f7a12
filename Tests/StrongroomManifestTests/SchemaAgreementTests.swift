import Foundation
import StrongroomManifest
import StrongroomModel
import Testing

/// The published JSON Schema and our own rules give one verdict wherever a schema can say the rule.
@Suite struct SchemaAgreementTests {
    /// Rules about how YAML is written: a schema sees only what a parser made of it.
    ///
    /// A text that breaks one of them is not the same document to both, so it is not compared.
    static let rulesOfWriting: Set<String> = [
        "yaml-anchor", "yaml-alias", "yaml-tag", "yaml-directive", "yaml-merge-key", "yaml-key",
        "duplicate-key", "yaml-tab", "yaml-syntax", "byte-order-mark", "utf-16", "invalid-utf-8",
        "nul-byte", "control-character", "reading-order", "file-too-large", "too-deep",
        "too-many-nodes",
        "text-too-long", "too-many-documents", "too-many-mistakes",
    ]

    /// Rules about one value that no portable schema can say.
    ///
    /// Numbers and booleans that tools read differently, days that no calendar has, letters that no
    /// portable regular expression can name. A value that breaks one may break a rule of the schema
    /// as well.
    static let rulesBeyondPatterns: Set<String> = [
        "number-form", "boolean-form", "no-such-moment", "tag-character",
    ]

    /// Rules about several keys or several manifests at once.
    static let rulesBeyondOneDocument: Set<String> = [
        "second-fleet", "no-fleet", "nothing-read", "duplicate-name", "duplicate-cluster-id",
        "account-needed", "unknown-account", "region-not-in-fleet", "account-in-other-partition",
        "duplicate-account", "role-of-other-account", "budgets-do-not-fit", "state-holds-manifests",
        "zone-outside-region", "zone-without-subnet", "duplicate-subnet", "too-many-hsms",
        "missing-retention", "max-age-beyond-retention", "floor-beyond-retention",
        "duplicate-copy-region", "copy-to-home-region", "copy-to-other-partition",
        "duplicate-recovery-point", "recovery-point-purged", "restores-from-itself",
        "unknown-cluster", "unknown-recovery-point", "source-in-other-account",
        "source-in-other-partition", "source-in-other-mode", "source-of-other-type",
        // About files that manifests name.
        "path-outside", "file-not-found", "file-name-not-utf-8", "file-unreadable",
        "not-a-regular-file",
        "directory-too-deep", "not-a-certificate", "certificate-too-long",
        "private-key-in-certificate",
    ]

    @Test func theCorpusAndTheExamplesAreValidByBoth() throws {
        let corpus = try Corpus.texts()
        #expect(corpus.count >= 5)
        for text in corpus { #expect(mistakes(in: text) == []) }
        let examples = try Corpus.examples()
        #expect(try SchemaJudge.reasons(for: corpus + examples).allSatisfy { $0 == nil })
    }

    @Test(arguments: [20_261_123 as UInt64])
    func mutatedManifestsGetOneVerdict(seed: UInt64) throws {
        let texts =
            try Corpus.substitutions(seed: seed) + Corpus.mutations(count: 2_000, seed: seed)
        #expect(texts.count > 4_000)
        let reasons = try SchemaJudge.reasons(for: texts)
        try #require(reasons.count == texts.count)
        var accepted = 0
        var disagreements: [String] = []
        for (text, reason) in zip(texts, reasons) {
            let rules = Set(mistakes(in: text).map(\.rule))
            if rules.isEmpty, reason == nil { accepted += 1 }
            if let dispute = dispute(ours: rules, theirs: reason) {
                disagreements.append("\(dispute)\n\(text)")
            }
        }
        #expect(
            disagreements.isEmpty,
            "seed \(seed): \(disagreements.count) disagreements, such as \(disagreements.prefix(3))"
        )
        // Neither side may be right by refusing everything.
        #expect(accepted > 100, "seed \(seed): only \(accepted) of \(texts.count) accepted")
        #expect(accepted < texts.count - 1_000, "seed \(seed): \(accepted) accepted")
    }

    @Test func thePageBesideTheSchemaNamesEveryRuleThatOnlyWeKnow() throws {
        let page = try String(contentsOfFile: Corpus.page, encoding: .utf8)
        let rules = Self.rulesOfWriting.union(Self.rulesBeyondPatterns)
            .union(Self.rulesBeyondOneDocument)
        #expect(rules.filter { !page.contains("`\($0)`") } == [])
    }

    /// What the two disagree about; nil if nothing.
    private func dispute(ours rules: Set<String>, theirs reason: String?) -> String? {
        guard rules.isDisjoint(with: Self.rulesOfWriting) else { return nil }
        let isUnclear = !rules.isDisjoint(with: Self.rulesBeyondPatterns)
        let within = rules.subtracting(Self.rulesBeyondOneDocument)
            .subtracting(Self.rulesBeyondPatterns)
        switch (within.isEmpty, reason) {
        case (true, let reason?): return isUnclear ? nil : "only the schema: \(reason)"
        case (false, nil): return "only our rules: \(within.sorted())"
        case (true, nil), (false, .some): return nil
        }
    }
}

/// Valid manifests, and what becomes of them.
enum Corpus {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

    /// The schema's path.
    static let schema = root.appendingPathComponent("schemas/manifest.schema.json").path

    /// The path of the page beside the schema.
    static let page = root.appendingPathComponent("schemas/manifest.md").path

    /// The judge's path.
    static let script = tests.appendingPathComponent("Support/validate.py").path

    /// Every text of the corpus.
    static func texts() throws -> [String] {
        try files(in: tests.appendingPathComponent("Corpus"))
    }

    /// The manifests of each example, joined, so far as they are valid.
    static func examples() throws -> [String] {
        let folder = root.appendingPathComponent("examples")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return try names.sorted()
            .map { try files(in: folder.appendingPathComponent($0)).joined(separator: "\n---\n") }
            .filter { !$0.isEmpty && mistakes(in: $0).isEmpty }
    }

    private static func files(in folder: URL) throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return try names.sorted().filter { $0.hasSuffix(".yaml") }
            .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }

    /// Texts with one to three changes each.
    static func mutations(count: Int, seed: UInt64) throws -> [String] {
        let corpus = try texts().map { text in
            tree(Array(text.utf8)).documents.map { Value($0.root) }
        }
        var parts: [String: [Value]] = [:]
        for value in corpus.joined() { collect(value, into: &parts) }
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            var mutation = Mutation(seed: random.next(), parts: parts)
            let documents = mutation.changed(corpus[index % corpus.count])
            return documents.map { $0.text + "\n" }.joined(separator: "---\n")
        }
    }

    /// Texts with one value replaced: behind each key, by every sample for it and by many others,
    /// plain and quoted.
    static func substitutions(seed: UInt64) throws -> [String] {
        let corpus = try texts().map { text in
            tree(Array(text.utf8)).documents.map { Value($0.root) }
        }
        var random = SeededGenerator(seed: seed)
        return Samples.byKey.sorted { $0.key < $1.key }.flatMap { key, samples in
            let homes = corpus.filter { $0.contains { $0.occurrences(of: key) > 0 } }
            return (samples + Samples.any).flatMap { sample in
                [true, false].compactMap { isPlain -> String? in
                    guard var documents = homes.randomElement(using: &random) else { return nil }
                    let places = documents.indices.flatMap { index in
                        (0..<documents[index].occurrences(of: key)).map { (index, $0) }
                    }
                    guard let place = places.randomElement(using: &random) else { return nil }
                    documents[place.0].replace(
                        key,
                        occurrence: place.1,
                        by: .scalar(Scalar(text: sample, isPlain: isPlain))
                    )
                    return documents.map { $0.text + "\n" }.joined(separator: "---\n")
                }
            }
        }
    }

    private static func collect(_ value: Value, into parts: inout [String: [Value]]) {
        switch value {
        case .scalar: break
        case .list(let items): for item in items { collect(item, into: &parts) }
        case .mapping(let pairs):
            for (key, value) in pairs {
                parts[key.text, default: []].append(value)
                collect(value, into: &parts)
            }
        }
    }
}

/// The independent judge: Python's jsonschema over PyYAML, run once for a whole batch.
enum SchemaJudge {
    /// Python could not judge.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Why each text is not valid by the schema; nil for those that are.
    static func reasons(for texts: [String]) throws -> [String?] {
        let folder = try Folder(["batch.json": ""])
        try folder.write("batch.json", Array(JSONEncoder().encode(texts)))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            ProcessInfo.processInfo.environment["STRONGROOM_PYTHON"] ?? "python3", Corpus.script,
            Corpus.schema, folder.path("batch.json"),
        ]
        let output = Pipe()
        let errors = folder.path("errors.txt")
        try folder.write("errors.txt", [])
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let reason = try String(contentsOfFile: errors, encoding: .utf8)
            throw Failure(
                description: "python3 with jsonschema and PyYAML is needed for this test: \(reason)"
            )
        }
        return try JSONDecoder().decode([String?].self, from: answer)
    }
}

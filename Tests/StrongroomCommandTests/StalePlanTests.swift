import Foundation
import Testing

/// F20: a plan that is stale, or used again, brings nothing about.
@Suite("A stale or replayed plan", .serialized)
struct StalePlanTests {
    /// What came between the plan and its use.
    struct Between: Sendable, CustomTestStringConvertible {
        let testDescription: String

        /// What the refusal says.
        let words: String

        /// What is done; it may name another tree to apply the plan to.
        let change: @Sendable (Tree) async throws -> Void
    }

    private static let manifest = "tree/clusters/payments.yaml"

    static let changes: [Between] = [
        Between(testDescription: "another manifest", words: "manifests say something else") {
            try $0.folder.replace("hsms: 3 ", with: "hsms: 4 ", in: manifest)
        },
        Between(testDescription: "another policy", words: "manifests say something else") {
            try $0.folder.replace("perRun: 10", with: "perRun: 11", in: "tree/fleet.yaml")
        },
        Between(testDescription: "another account", words: "and this is for account") {
            try $0.folder.replace(
                "  service: simulator",
                with: """
                      accounts:
                        - { name: default, id: "000000000000" }
                        - { name: b, id: "111122223333" }
                      service: simulator
                    """,
                in: "tree/fleet.yaml"
            )
            try $0.folder.replace("spec:\n", with: "spec:\n  account: default\n", in: manifest)
        },
        Between(testDescription: "another version", words: "strongroom 9.9.9 made it") {
            try await $0.forge("plan['binding']['tool'] = '9.9.9'")
        },
        Between(testDescription: "another service", words: "for the service aws, not simulator") {
            try await $0.forge("plan['binding']['service'] = 'aws'")
        },
        Between(testDescription: "another endpoint", words: "https://hsm.example") {
            try await $0.forge("plan['binding']['endpoint'] = 'https://hsm.example'")
        },
        Between(testDescription: "another state", words: "it was made for the state") {
            try await $0.forge(
                "plan['binding']['lineage'] = '00112233-4455-6677-8899-aabbccddeeff'"
            )
        },
        Between(testDescription: "a state that was put back", words: "the state was put back") {
            try await $0.forge("plan['binding']['epoch'] = 1000000")
        },
        Between(testDescription: "another timeline", words: "the state was put back") {
            try await $0.forge("plan['binding']['timeline'] = 'ffffffffffffffff'")
        },
        Between(testDescription: "a day", words: "holds for 24 h") {
            try await $0.done("simulate", "advance", "24h", "tree")
        },
        Between(testDescription: "a longer life than a day", words: "holds for 24 h") {
            try await $0.forge("plan['binding']['expires'] = '2036-01-01T00:00:00Z'")
            try await $0.done("simulate", "advance", "24h", "tree")
        },
        Between(testDescription: "a moment that is to come", words: "clock says") {
            try await $0.forge("plan['now'] = '2036-01-01T00:00:00Z'")
        },
    ]

    @Test("is refused before the first call", arguments: changes)
    func isRefused(between: Between) async throws {
        let tree = try await Self.planned()
        try await between.change(tree)
        try await Self.refused(tree, because: between.words)
    }

    @Test("is refused once a fact it needs has changed, by the fact's name")
    func isRefusedForAFact() async throws {
        let tree = try await Tree(.whole)
        try await tree.done("simulate", "advance", "49h", "tree")
        try await tree.done("plan", "tree", "-o", "plan.json")
        let plan = try tree.folder.text("plan.json")
        let copied = try #require(plan.firstMatch(of: /"backup" : "(backup-[0-9a-z]+)"/)).1
        try await tree.done("simulate", "delete-backup", String(copied), "tree")
        // A deletion is seen by everyone only after a while.
        try await tree.done("simulate", "advance", "10m", "tree")
        try await Self.refused(tree, because: "no longer so: \(copied) is READY")
    }

    @Test("is used once, whatever is done in between")
    func isUsedOnce() async throws {
        let tree = try await Self.planned()
        try await tree.done("apply", "plan.json", "tree", "--yes")
        var replays = 0
        var effects = 0
        for wish in ["hsms: 3 ", "hsms: 2 ", "hsms: 3 "] {
            try tree.folder.replace("hsms: 3 ", with: wish, in: Self.manifest)
            try await tree.done("apply", "tree", "--yes")
            try tree.folder.replace(wish, with: "hsms: 3 ", in: Self.manifest)
            // The very situation it was made for is back, and it is not agreed to a second time.
            let before = try tree.effects()
            try await Self.refused(tree, because: "was used on")
            effects += try tree.effects(since: before)
            replays += 1
        }
        Torture.close(
            "F20",
            [("stale", Self.changes.count + 1), ("replays", replays), ("effects", effects)]
        )
    }

    @Test("is another agreement than an equal plan that was carried out")
    func equalPlansAreAgreedToAnew() async throws {
        let tree = try await Self.planned()
        let first = try await tree.digest()
        try await tree.done("apply", "--digest", first, "tree", "--yes")
        try tree.folder.replace("hsms: 3 ", with: "hsms: 2 ", in: Self.manifest)
        try await tree.done("apply", "tree", "--yes")
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: Self.manifest)
        let second = try await tree.digest()
        #expect(first != second)
        #expect(try await tree.run("apply", "--digest", second, "tree", "--yes").status == 0)
    }

    @Test("still fits after a change that it does not rely on")
    func unrelatedChangesDoNotMatter() async throws {
        let tree = try await Self.planned()
        try await tree.done("simulate", "advance", "30h", "tree")
        try await tree.done("plan", "tree", "-o", "plan.json")
        // By then a backup is due as well, which nobody agreed to.
        try await tree.done("simulate", "advance", "20h", "tree")
        let planned = try await tree.done("plan", "tree").out
        let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(ended.status == 0, "\(ended.err)")
        let left = try await tree.done("plan", "tree").out
        #expect(planned.contains("add HSM") && !left.contains("+ add HSM"), "\(left)")
    }

    /// A tree that is as it should be but for one HSM, and a saved plan to add it.
    static func planned() async throws -> Tree {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: manifest)
        try await tree.done("plan", "tree", "-o", "plan.json")
        return tree
    }

    private static func refused(_ tree: Tree, because words: String) async throws {
        let before = try tree.effects()
        let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(ended.status == 6, "\(ended.err)")
        #expect(ended.err.contains(words), "\(ended.err)")
        #expect(try tree.effects() == before, "nothing is sent")
    }
}

extension Tree {
    /// Changes the saved plan as someone would who can compute its digests: everything fits but what
    /// it says.
    fileprivate func forge(_ change: String) async throws {
        let script = """
            import hashlib, json, re
            def compact(value):
                return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            def digest(value):
                return hashlib.sha256(compact(value).encode()).hexdigest()
            def fact(value):
                value = {**value, "text": ""}
                value.pop("since", None)
                return value
            plan = json.load(open("plan.json"))
            \(change)
            groups = []
            for group in plan["groups"]:
                where = {k: group[k] for k in ("name", "account", "region", "cluster") if k in group}
                steps = [{"id": s["id"], "action": s["action"], "after": s["after"],
                          "causesBackup": s["causesBackup"], "postcondition": fact(s["postcondition"]),
                          "preconditions": [fact(f) for f in s["preconditions"]]} for s in group["steps"]]
                if steps: groups.append({**where, "steps": steps, "held": []})
            binding = {k: v for k, v in plan["binding"].items() if k not in ("expires", "epoch")}
            plan["digest"] = "sha256:" + digest({"format": "strongroom-approval/1",
                "fleet": plan["fleet"], "binding": binding, "groups": groups})
            plan.pop("sha256")
            plan["sha256"] = digest(plan)
            text = json.dumps(plan, sort_keys=True, indent=2, separators=(",", " : "), ensure_ascii=False)
            text = re.sub(r"(?m)^( *)(.*)\\[\\](,?)$", r"\\1\\2[\\n\\n\\1]\\3", text)
            open("plan.json", "w").write(text + "\\n")
            """
        try folder.write(script, to: "forge.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "forge.py"]
        process.currentDirectoryURL = folder.url
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

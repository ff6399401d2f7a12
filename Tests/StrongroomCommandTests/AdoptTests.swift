import Foundation
import Testing

/// Manifests written for what exists: planning from them changes nothing.
@Suite("adopt")
struct AdoptTests {
    @Test("a place that was not read is never taken for one without clusters")
    func nothingReadIsNotNothingThere() async throws {
        let tree = try await Tree(.whole)
        _ = try await tree.done("simulate", "lose-region", "us-east-1", "tree")
        let ended = try await tree.run("adopt", "tree")
        #expect(ended.status == 5, "\(ended.out)")
        #expect(ended.out.hasPrefix("0 written; not everything could be read."))
        let errors = ended.err.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1, "\(ended.err)")
        #expect(errors.first?.contains("Nothing of the account is adopted") ?? false)
        #expect(errors.first?.contains("Next: strongroom simulate regain-region REGION") ?? false)
    }

    @Test("writes everything that no manifest names, and then there is nothing to do")
    func wholeFleet() async throws {
        let tree = try await Strangers()
        try tree.estrange("payments")
        try tree.estrange("ledger")
        let state = try tree.folder.contents(below: "tree/state")
        let adopted = try await tree.done("adopt", "tree")
        #expect(adopted.out.contains("3 written; a plan from them changes nothing."))
        #expect(adopted.err == "")
        #expect(
            try tree.manifests().keys.sorted() == ["ledger.yaml", "payments.yaml", "sessions.yaml"]
        )
        #expect(try await tree.nothingToDo())
        #expect(try await tree.done("adopt", "tree").out.hasPrefix("Nothing to adopt"))
        #expect(
            try tree.folder.contents(below: "tree/state") == state,
            "what exists is only looked at"
        )
    }

    @Test("writes what a cluster is, with its copies, and no certificate")
    func oneCluster() async throws {
        let tree = try await Strangers()
        let id = try tree.id(of: "payments")
        let adopted = try await tree.done("adopt", "tree", "--cluster", id, "-o", "new/deep/")
        #expect(adopted.out.contains("new/deep/payments.yaml  \(id)  us-east-1"))
        let written = try tree.manifests(in: "new/deep")
        #expect(written.keys.sorted() == ["payments.yaml"])
        let text = try #require(written["payments.yaml"])
        let lines = text.components(separatedBy: "\n")
        #expect(
            lines[0].hasPrefix(
                "# \(id) in us-east-1 of account 111122223333, as it was at 2026-11-20T"
            )
        )
        #expect(lines[1].hasPrefix("# Written by strongroom adopt."))
        #expect(
            lines.dropFirst(2).joined(separator: "\n") == """
                apiVersion: strongroom/v1
                kind: Cluster
                metadata:
                  name: payments
                spec:
                  region: us-east-1
                  account: prod
                  clusterId: \(id)
                  hsmType: hsm2m.medium
                  mode: FIPS
                  networkType: IPV4
                  subnets:
                    us-east-1a: subnet-0a1b2c3d
                    us-east-1b: subnet-1a2b3c4d
                  tags:
                    cost-center: "12345"
                  hsms: 2
                  backups:
                    retentionDays: 60
                  copies:
                    - region: eu-west-1

                """
        )
        let plan = try await tree.done("plan", "tree", "new")
        #expect(plan.out.contains("No changes. "))
    }

    @Test("takes one Region, one account, or one cluster by the name it is given")
    func choices() async throws {
        let tree = try await Strangers()
        try await tree.done("adopt", "tree", "--region", "us-east-1", "-o", "one")
        #expect(try tree.manifests(in: "one").keys.sorted() == ["payments.yaml"])
        try await tree.done("adopt", "tree", "--account", "dev", "-o", "two")
        #expect(try tree.manifests(in: "two").keys.sorted() == ["sessions.yaml"])
        try await tree.done("adopt", "tree", "--account", "444455556666", "-o", "three")
        #expect(try tree.manifests(in: "three").keys.sorted() == ["sessions.yaml"])
        let both = ["--region", "eu-west-1", "--account", "prod"]
        try await tree.done("adopt", "tree", both[0], both[1], both[2], both[3], "-o", "four")
        #expect(try tree.manifests(in: "four").keys.sorted() == ["ledger.yaml"])
        let id = try tree.id(of: "ledger")
        try await tree.done("adopt", "tree", "--cluster", id, "--name", "no", "-o", "five")
        let written = try tree.manifests(in: "five")
        #expect(written.keys.sorted() == ["no.yaml"])
        #expect(written["no.yaml"]?.contains("  name: \"no\"\n") == true)
        #expect(try await tree.run("validate", "tree", "five").status == 0)
    }

    @Test("writes a parked cluster as parked, also one that was never ours")
    func parked() async throws {
        let tree = try await Strangers()
        let id = try tree.id(of: "ledger")
        try tree.estrange("ledger")
        try await tree.done("adopt", "tree", "--cluster", id)
        #expect(try tree.manifests()["ledger.yaml"]?.contains("\n  hsms: 0\n") == true)
        #expect(try await tree.done("plan", "tree").out.contains("No changes. "))
    }

    @Test("leaves the HSMs of a parked cluster out where asking for none would pin a backup")
    func parkedWithoutPin() async throws {
        let tree = try await Strangers()
        try tree.pin("ledger", false)
        let adopted = try await tree.done("adopt", "tree")
        #expect(adopted.out.contains("left out: that there is no HSM: to have backup-"))
        #expect(try tree.manifests()["ledger.yaml"]?.contains("  hsms:") == false)
        #expect(try await tree.nothingToDo())
    }

    @Test("nominates the recovery points that backups are recorded as")
    func recoveryPoints() async throws {
        let tree = try await Strangers()
        let backup = try tree.nominate("audit", of: "payments")
        let other = try tree.nominate("Not A Name", of: "sessions")
        let adopted = try await tree.done("adopt", "tree")
        let manifests = try tree.manifests()
        let points = "  recoveryPoints:\n    - name: audit\n      backup: \(backup)\n"
        #expect(manifests["payments.yaml"]?.hasSuffix(points) == true)
        #expect(manifests["sessions.yaml"]?.contains(other) == false)
        #expect(adopted.out.contains("left out: the recovery point Not A Name: "))
        #expect(try await tree.nothingToDo())
    }

    @Test("writes nothing of an account that cannot be read whole")
    func lostRegion() async throws {
        let tree = try await Strangers()
        try await tree.done("simulate", "lose-region", "eu-west-1", "tree")
        let ended = try await tree.run("adopt", "tree", "--region", "us-east-1")
        #expect(ended.status == 5)
        #expect(ended.err.contains("was not read, and may hold copies of it"))
        #expect(try tree.manifests().isEmpty)
        try await tree.done("simulate", "regain-region", "eu-west-1", "tree")
        try await tree.done("adopt", "tree", "--region", "us-east-1")
        #expect(try tree.manifests().keys.sorted() == ["payments.yaml"])
    }

    @Test("writes the others where a cluster's state cannot be read")
    func unreadable() async throws {
        let tree = try await Strangers()
        let id = try tree.id(of: "payments")
        try tree.folder.write("{", to: try tree.groupFile(of: "payments"))
        let ended = try await tree.run("adopt", "tree")
        #expect(ended.status == 10)
        #expect(ended.err.contains("error: \(id)"))
        #expect(try tree.manifests().keys.sorted() == ["ledger.yaml", "sessions.yaml"])
        let none = try await tree.run("adopt", "tree", "--cluster", id)
        #expect(none.status == 10)
        #expect(none.out == "0 written; not everything could be read.\n")
    }

    @Test("gives a name that is taken to nobody else")
    func nameClash() async throws {
        let tree = try await Strangers()
        try tree.estrange("payments")
        let id = try tree.id(of: "payments")
        let ledger = try tree.id(of: "ledger")
        try await tree.done("adopt", "tree", "--cluster", ledger, "--name", "payments")
        let refused = try await tree.run("adopt", "tree", "--cluster", id, "--name", "payments")
        #expect(refused.status == 1)
        #expect(refused.err.contains("described already at tree/payments.yaml:6"))
        try await tree.done("adopt", "tree", "--cluster", id)
        #expect(try tree.manifests().keys.sorted() == ["\(id).yaml", "payments.yaml"])
        #expect(try await tree.run("validate", "tree").status == 0)
        let again = try await tree.run("adopt", "tree", "--cluster", id)
        #expect(again.status == 1)
        #expect(again.err.contains("\(id) is described already at tree/\(id).yaml"))
    }

    @Test("overwrites nothing, and then writes nothing at all")
    func fileExists() async throws {
        let tree = try await Strangers()
        try tree.folder.write("mine", to: "new/ledger.yaml")
        try tree.folder.write("mine", to: "new/sessions.yaml")
        let refused = try await tree.run("adopt", "tree", "-o", "new")
        #expect(refused.status == 1)
        #expect(refused.err.contains("new/ledger.yaml, new/sessions.yaml exists already"))
        #expect(
            try tree.manifests(in: "new") == ["ledger.yaml": "mine", "sessions.yaml": "mine"]
        )
    }

    @Test("leaves no half of a manifest where it cannot be written whole")
    func halfWritten() async throws {
        let tree = try await Strangers()
        // Files of at most 512 bytes: the first manifest is written in part only.
        let ended = try await Program.run(
            ["adopt", "tree", "--region", "us-east-1"],
            in: tree.folder,
            shell: "trap '' XFSZ; ulimit -f 1;"
        )
        #expect(ended.status == 1)
        #expect(ended.err.contains("cannot write tree/payments.yaml: "), "\(ended.err)")
        #expect(ended.err.contains("0 of 1 manifests were written before"))
        #expect(try tree.manifests().isEmpty)
    }

    @Test("keeps secrets out, and says so")
    func secrets() async throws {
        let tree = try await Strangers()
        let path = try tree.groupFile(of: "payments")
        try tree.folder.replace(#""Key" : "cost-center""#, with: #""Key" : "DbPassword""#, in: path)
        try tree.folder.replace(#""12345""#, with: #""hunter2""#, in: path)
        let adopted = try await tree.done("adopt", "tree")
        #expect(adopted.out.contains("left out: the tag DbPassword, which may hold a secret"))
        let text = try #require(try tree.manifests()["payments.yaml"])
        #expect(text.contains("# Left out: the tag DbPassword, which may hold a secret."))
        for words in [text, adopted.out, adopted.err] {
            #expect(!words.contains("hunter2") && !words.contains("CERTIFICATE"))
        }
        #expect(try await tree.nothingToDo())
    }

    @Test(
        "writes whatever stands in a tag so that it is read back",
        arguments: [
            "no", " leading", "a: b", "=1+1", "12:30", "- x", "a/b@c",
            "a\u{2028}ensure: absent", "ünï 日本", "null",
        ]
    )
    func hostileTags(value: String) async throws {
        let tree = try await Strangers()
        try tree.folder.replace(
            #""12345""#,
            with: String(decoding: try JSONEncoder().encode(value), as: UTF8.self),
            in: try tree.groupFile(of: "payments")
        )
        try await tree.done("adopt", "tree")
        #expect(try await tree.nothingToDo())
    }

    @Test("writes to standard output what plan takes from standard input")
    func stream() async throws {
        let tree = try await Strangers()
        let adopted = try await tree.done("adopt", "tree", "-o", "-")
        #expect(adopted.out.components(separatedBy: "---\n").count == 4)
        #expect(adopted.err.contains("3 written"))
        #expect(try tree.manifests().isEmpty)
        let plan = try await tree.done("plan", "tree", "-", input: adopted.out)
        #expect(plan.out.contains("No changes. "))
        let fleet = try tree.folder.text("tree/fleet.yaml")
            .replacingOccurrences(of: "./state", with: "tree/state")
        let again = try await tree.done("adopt", "-", "-o", "-", input: fleet)
        #expect(again.out == adopted.out)
        let lost = try await tree.run("adopt", "-", input: fleet)
        #expect(lost.status == 1)
        #expect(lost.err.contains("say with -o where to write"))
    }

    @Test("leaves out a cluster in trouble, and says what its plan would hold")
    func trouble() async throws {
        let tree = try await Strangers()
        let path = try tree.groupFile(of: "payments")
        try tree.folder.replace(
            #""HsmType" : "hsm2m.medium","# + "\n" + #"        "State" : "ACTIVE""#,
            with: #""HsmType" : "hsm2m.medium","# + "\n" + #"        "State" : "DEGRADED""#,
            in: path
        )
        let partly = try await tree.run("adopt", "tree")
        #expect(partly.status == 3)
        #expect(partly.out.contains("2 written, 1 not."))
        #expect(partly.err.contains("not written: \(try tree.id(of: "payments")) in us-east-1"))
        #expect(partly.err.contains("payments.yaml (not written):"), "where its plan comes from")
        #expect(try tree.manifests().keys.sorted() == ["ledger.yaml", "sessions.yaml"])
        let none = try await tree.run("adopt", "tree")
        #expect(none.status == 4)
        #expect(none.out == "0 written, 1 not.\n")
    }

    @Test("leaves out what is gone, and what the fleet's defaults would change")
    func refusals() async throws {
        let tree = try await Strangers()
        try tree.folder.replace(
            "  regions:",
            with: "  defaults: { backups: { retentionDays: 90 } }\n  regions:",
            in: "tree/fleet.yaml"
        )
        let payments = try tree.groupFile(of: "payments")
        try tree.folder.replace(#""Value" : "60""#, with: #""Value" : "455""#, in: payments)
        let ledger = try tree.groupFile(of: "ledger")
        try tree.folder.replace(#""State" : "ACTIVE""#, with: #""State" : "DELETED""#, in: ledger)
        let partly = try await tree.run("adopt", "tree")
        #expect(partly.status == 3)
        #expect(partly.err.contains("~ retention  455 days → 90 days"), "\(partly.err)")
        #expect(partly.err.contains("the cluster is gone, and left"))
        #expect(try tree.manifests().keys.sorted() == ["sessions.yaml"])
        try tree.folder.replace("retentionDays: 90", with: "keepAtLeast: 1", in: "tree/fleet.yaml")
        let adopted = try await tree.run("adopt", "tree")
        #expect(adopted.status == 3)
        #expect(adopted.out.contains("left out: the retention of 455 days"))
        let text = try #require(try tree.manifests()["payments.yaml"])
        #expect(!text.contains("retentionDays"))
        #expect(try await tree.done("plan", "tree").out.contains("No changes. "))
    }

    @Test("leaves out what a manifest could not say, with the rule that forbids it")
    func invalid() async throws {
        let tree = try await Strangers()
        try tree.folder.replace(
            "[us-east-1, eu-west-1]",
            with: "[us-east-1]",
            in: "tree/fleet.yaml"
        )
        let refused = try await tree.run("adopt", "tree")
        #expect(refused.status == 4)
        #expect(refused.err.contains("its manifest would not be valid"))
        #expect(refused.err.contains("region-not-in-fleet"))
        #expect(try tree.manifests().isEmpty)
    }

    @Test(
        "says what is wrong with the choice",
        arguments: [
            (["--region", "us-west-2"], 65, "is not among the fleet's regions"),
            (["--account", "prd"], 65, "known: prod, dev"),
            (["--cluster", "cluster-aaaaaaaaaaa"], 1, "there is no cluster-aaaaaaaaaaa"),
            (["-o", "tree/state/new"], 1, "belongs to the state"),
            (["-o", "tree/fleet.yaml"], 1, "tree/fleet.yaml"),
            (["--name", "x"], 64, "--name goes with --cluster"),
            (["--selector", "env=prod"], 64, "--selector"),
            (["--region", "here"], 64, "is not a Region"),
            (["--cluster", "payments"], 64, "is not a cluster id"),
            (["--cluster", "cluster-aaaaaaaaaaa", "--name", "A"], 64, "is not a name"),
        ] as [([String], Int32, String)]
    )
    func wrongChoice(words: [String], status: Int32, message: String) async throws {
        let tree = try await Strangers()
        let before = try tree.folder.contents(below: "tree")
        let ended = try await Program.run(["adopt", "tree"] + words, in: tree.folder)
        #expect(ended.status == status, "\(ended.err)")
        #expect(ended.err.contains(message), "\(ended.err)")
        #expect(ended.out == "")
        #expect(try tree.folder.contents(below: "tree") == before)
    }
}

extension Strangers {
    /// Whether a plan for the tree has no change, and nothing waits or is held.
    fileprivate func nothingToDo() async throws -> Bool {
        let plan = try await done("plan", "tree").out
        return plan.contains("No changes. ") && !plan.contains("waiting") && !plan.contains("held")
    }
}

import Foundation
import Testing

/// What is seen at AWS is kept, and planned from without credentials.
@Suite("An observation")
struct ObservationTests {
    /// A fleet at AWS with one cluster, and the listings that the AWS command line would print.
    fileprivate static func tree(clusters: String = "", backups: String = "") throws -> Folder {
        let folder = try Folder()
        try folder.write(manifest, to: "tree/fleet.yaml")
        try folder.write(
            #"{"Clusters":[\#(cluster)\#(clusters)]}"#,
            to: "clusters-us.json"
        )
        try folder.write(
            #"{"Backups":[\#(backup("aaaaaaaaaab", 1))\#(backups)]}"#,
            to: "backups-us.json"
        )
        try folder.write(#"{"Clusters":[]}"#, to: "clusters-eu.json")
        try folder.write(#"{"Backups":[]}"#, to: "backups-eu.json")
        return folder
    }

    private static let manifest = """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec:
          service: aws
          state: ./state
          accounts: [{ name: prod, id: "111122223333" }]
          regions: [us-east-1, eu-west-1]
        ---
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: payments }
        spec:
          region: us-east-1
          account: prod
          clusterId: cluster-aaaaaaaaaaa
          hsmType: hsm2m.medium
          mode: FIPS
          subnets: { us-east-1a: subnet-0a1b2c3d }
          hsms: 1
          backups: { retentionDays: 90, keepAtLeast: 1 }
          copies: [{ region: eu-west-1, maxAge: 25d, retentionDays: 30, keepAtLeast: 1 }]

        """

    /// As `aws cloudhsmv2 describe-clusters` prints it; PreCoPassword is a secret.
    private static let cluster = """
        {"BackupPolicy":"DEFAULT","BackupRetentionPolicy":{"Type":"DAYS","Value":"90"},
        "ClusterId":"cluster-aaaaaaaaaaa","CreateTimestamp":"2026-01-01T00:00:00+00:00",
        "HsmType":"hsm2m.medium","Mode":"FIPS","NetworkType":"IPV4","PreCoPassword":"canary-1",
        "Hsms":[{"AvailabilityZone":"us-east-1a","ClusterId":"cluster-aaaaaaaaaaa",
        "EniId":"eni-0a1b2c3d","HsmId":"hsm-aaaaaaaaaaa","State":"ACTIVE",
        "SubnetId":"subnet-0a1b2c3d","HsmType":"hsm2m.medium"}],"State":"ACTIVE",
        "SubnetMapping":{"us-east-1a":"subnet-0a1b2c3d"},"TagList":[],"VpcId":"vpc-0a1b2c3d"}
        """

    private static func backup(_ suffix: String, _ day: Int) -> String {
        """
        {"BackupArn":"arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-\(suffix)",
        "BackupId":"backup-\(suffix)","BackupState":"READY","ClusterId":"cluster-aaaaaaaaaaa",
        "CreateTimestamp":"2026-11-0\(day)T00:00:00+00:00","HsmType":"hsm2m.medium",
        "Mode":"FIPS","NeverExpires":false,"TagList":[]}
        """
    }

    /// The environment of a job in CI: no credentials, and nowhere to find any.
    fileprivate static let ci = ["AWS_EC2_METADATA_DISABLED": "true"]

    private static let moment = ["--now", "2026-11-10T00:00:00Z"]

    fileprivate func observe(_ folder: Folder, _ files: String..., more: [String] = []) async throws
        -> Program.Ended
    {
        try await Program.run(
            ["observe", "tree"] + more + ["--from"] + files,
            in: folder,
            environment: Self.ci
        )
    }

    private func plan(_ folder: Folder, _ more: String...) async throws -> Program.Ended {
        try await Program.run(
            ["plan", "tree", "--offline"] + Self.moment + more,
            in: folder,
            environment: Self.ci
        )
    }

    @Test("of every Region is planned from without credentials")
    func isPlannedFrom() async throws {
        let folder = try Self.tree()
        let us = try await observe(folder, "clusters-us.json", "backups-us.json", more: Self.moment)
        #expect(us.status == 0, "\(us.err)")
        #expect(us.out.contains("111122223333  us-east-1  1 cluster, 1 READY backup\n"))
        let eu = try await observe(
            folder,
            "clusters-eu.json",
            "backups-eu.json",
            more: ["--region", "eu-west-1"] + Self.moment
        )
        #expect(eu.status == 0, "\(eu.err)")
        let plan = try await plan(folder)
        #expect(plan.status == 0, "\(plan.err)")
        #expect(plan.out.contains("> copy  backup-aaaaaaaaaab → eu-west-1"), "\(plan.out)")
        #expect(plan.out.contains("planned from what was observed at 2026-11-10T00:00:00Z"))
        let kept = try folder.contents(below: "tree/state").values
        #expect(kept.allSatisfy { $0.range(of: Data("canary-1".utf8)) == nil })
    }

    @Test("of some Regions only makes nothing seem missing")
    func isIncomplete() async throws {
        let folder = try Self.tree()
        _ = try await observe(folder, "clusters-us.json", "backups-us.json")
        let plan = try await plan(folder)
        #expect(!plan.out.contains("> copy"), "\(plan.out)")
        #expect(plan.status == 5)
        #expect(plan.out.contains("? not read  copy in eu-west-1        eu-west-1 was not read"))
        #expect(
            plan.err.contains("eu-west-1 of account prod (111122223333): it was never observed")
        )
    }

    @Test("leaves what was known of a Region that is not read this time")
    func keepsWhatWasKnown() async throws {
        let folder = try Self.tree()
        _ = try await observe(folder, "clusters-us.json", "backups-us.json")
        let before = try folder.text(folder.groupFile())
        let eu = try await observe(
            folder,
            "clusters-eu.json",
            "backups-eu.json",
            more: ["--region", "eu-west-1"]
        )
        #expect(eu.status == 0)
        #expect(try folder.text(folder.groupFile()) == before)
    }

    @Test("of a listing that is cut short is not whole, and says so")
    func isCutShort() async throws {
        let folder = try Self.tree()
        try folder.replace(#""ClusterId""#, with: #""ClusterId""#, in: "backups-us.json")
        let cut = try folder.text("backups-us.json").dropLast() + #","NextToken":"eyJ"}"#
        try folder.write(String(cut), to: "backups-us.json")
        let ended = try await observe(folder, "clusters-us.json", "backups-us.json")
        #expect(ended.status == 5)
        #expect(ended.out.contains("us-east-1  not read"), "\(ended.out)")
        #expect(ended.err.contains("ends with a NextToken"), "\(ended.err)")
        #expect(!ended.err.contains("Trouble("), "\(ended.err)")
    }

    /// A file that is no listing of the fleet's, and what is said of it.
    struct WrongFile: CustomTestStringConvertible, Sendable {
        let text: String
        let words: String
        var testDescription: String { words }
    }

    static let wrongFiles = [
        WrongFile(text: "{}", words: "has neither a list Clusters nor a list Backups"),
        WrongFile(text: #"{"Clusters":[],"Backups":[]}"#, words: "each into a file of its own"),
        WrongFile(text: #"{"Clusters":[]}"#, words: "tells its Region: say --region"),
        WrongFile(
            text: backup(of: "444455556666", "us-east-1"),
            words: "is of account 444455556666, which is not among the fleet's accounts"
        ),
        WrongFile(
            text: backup(of: "111122223333", "us-west-2"),
            words: "is of us-west-2, which is not among the fleet's regions"
        ),
    ]

    /// A listing that two readers could understand differently, and what is said of it.
    static let looseFiles = [
        WrongFile(
            text: "no JSON",
            words: "line 1, column 1: broken JSON: a value is expected here"
        ),
        WrongFile(text: #"{"Backups":[}"#, words: "line 1, column 13 (Backups[0]): broken JSON"),
        WrongFile(
            text: #"{"Backups":[],}"#,
            words: "line 1, column 14: broken JSON: nothing follows"
        ),
        WrongFile(text: "\u{FEFF}{\"Backups\":[]}", words: "begins with a byte order mark"),
        WrongFile(text: #"{"Backups":[],"Backups":[]}"#, words: #"the key "Backups" stands twice"#),
        loose(
            #""NeverExpires":true,"NeverExpires":false"#,
            #"line 2, column 21 (Backups[0].NeverExpires): the key "NeverExpires" stands twice"#
        ),
        loose(
            #""NeverExpires":true,"Never\u0045xpires":false"#,
            #"line 2, column 21 (Backups[0].NeverExpires): the key "NeverExpires" stands twice"#
        ),
        loose(
            #""NeverExpire":true"#,
            #"line 2, column 1 (Backups[0].NeverExpire): unknown key "NeverExpire"; did you mean "#
                + #""NeverExpires"?"#
        ),
        loose("\"a\u{202E}\":1", "cannot be seen (U+202E)"),
        loose(
            #""CreateTimestamp":"2026-11-01T00:00:00""#,
            "line 2, column 19 (Backups[0].CreateTimestamp): the time"
        ),
        loose(
            #""DeleteTimestamp":-0"#,
            "line 2, column 19 (Backups[0].DeleteTimestamp): -0 is not"
        ),
        loose(#""DeleteTimestamp":090"#, "the number 090 begins with a needless zero"),
        WrongFile(
            text: #"{"Clusters":[{"PreCoPasword":"x"}]}"#,
            words: #"unknown key "PreCoPasword"; did you mean "PreCoPassword"?"#
        ),
        WrongFile(
            text: #"{"Clusters":[{"BackupRetentionPolicy":{"Type":"DAYS","Value":"090"}}]}"#,
            words:
                "(Clusters[0].BackupRetentionPolicy.Value): \"090\" is not how a number is written"
        ),
        WrongFile(text: #"{"Backup":[]}"#, words: #"did you mean "Backups"?"#),
        WrongFile(
            text: #"{"Backups":[],"NextTokn":"eyJ"}"#,
            words: #"unknown key "NextTokn"; did you mean "NextToken"?"#
        ),
    ]

    private static func loose(_ members: String, _ words: String) -> WrongFile {
        let rest = #""BackupId":"backup-aaaaaaaaaaa","ClusterId":"cluster-aaaaaaaaaaa""#
        return WrongFile(text: "{\"Backups\":[{\n\(members),\n\(rest)}]}", words: words)
    }

    @Test("takes no file that can be understood in two ways, and says where", arguments: looseFiles)
    func refusesLoose(_ wrong: WrongFile) async throws {
        let folder = try Self.tree()
        try folder.write(wrong.text, to: "wrong.json")
        let ended = try await observe(folder, "clusters-us.json", "wrong.json")
        #expect(ended.status == 1)
        #expect(ended.err.contains("wrong.json: the listing cannot be read: line "), "\(ended.err)")
        #expect(ended.err.contains(wrong.words), "\(ended.err)")
        let kept = try folder.contents(below: "tree/state").values
        #expect(kept.allSatisfy { $0.range(of: Data("vpc-0a1b2c3d".utf8)) == nil })
    }

    @Test("keeps what a newer service says, and says where a value is wrong")
    func keepsWhatIsNew() async throws {
        let folder = try Self.tree(backups: #",{"BackupId":"backup-aaaaaaaaaaa","Replicas":2}"#)
        let ended = try await observe(folder, "clusters-us.json", "backups-us.json")
        #expect(ended.status == 5)
        let words = "(Backups[1].BackupState): the value is missing"
        #expect(ended.err.contains(words), "\(ended.err)")
    }

    @Test("of a wrong value names the file, and the command that makes it again")
    func isMadeAgain() async throws {
        let folder = try Self.tree(backups: #",{"BackupId":"backup-aaaaaaaaaaa"}"#)
        let ended = try await observe(folder, "clusters-us.json", "backups-us.json")
        let next =
            "Next: make the file again (aws cloudhsmv2 describe-backups --region us-east-1 > "
            + "backups-us.json), then strongroom observe --from"
        #expect(ended.err.contains("backups-us.json: the listing cannot be read"), "\(ended.err)")
        #expect(ended.err.contains(next), "\(ended.err)")
        let plan = try await plan(folder)
        #expect(plan.err.contains("backups-us.json: the listing cannot be read"), "\(plan.err)")
        #expect(plan.err.contains("Next: strongroom observe, which reads it anew"), "\(plan.err)")
        #expect(!(ended.err + plan.err).contains("health.aws"))
    }

    private static func backup(of account: String, _ region: String) -> String {
        """
        {"Backups":[{"BackupArn":"arn:aws:cloudhsm:\(region):\(account):backup/backup-aaaaaaaaaaa",
        "BackupId":"backup-aaaaaaaaaaa","BackupState":"READY","ClusterId":"cluster-aaaaaaaaaaa",
        "CreateTimestamp":1793491200.5}]}
        """
    }

    @Test("takes no file that is not of the fleet", arguments: wrongFiles)
    func refuses(_ wrong: WrongFile) async throws {
        let folder = try Self.tree()
        try folder.write(wrong.text, to: "wrong.json")
        let ended = try await observe(folder, "wrong.json")
        #expect(ended.status == 1)
        #expect(ended.err.contains(wrong.words), "\(ended.err)")
    }

    @Test("is asked for where there is none yet")
    func isAskedFor() async throws {
        let folder = try Self.tree()
        let plan = try await plan(folder)
        #expect(plan.status == 10, "\(plan.err)")
        #expect(plan.err.contains("strongroom observe"), "\(plan.err)")
    }

    @Test("without credentials says where they were looked for", arguments: ["plan", "observe"])
    func needsCredentials(command: String) async throws {
        let folder = try Self.tree()
        _ = try await observe(folder, "clusters-us.json", "backups-us.json")
        let ended = try await Program.run([command, "tree"], in: folder, environment: Self.ci)
        #expect(ended.status == 5, "\(ended.out) \(ended.err)")
        #expect(ended.err.contains("no AWS_ACCESS_KEY_ID"), "\(ended.err)")
    }

    @Test("of nothing is never called a fleet without changes")
    func nothingSeenIsNotNothingToDo() async throws {
        let folder = try Self.tree()
        let fleetOnly = Self.manifest.components(separatedBy: "---\n")[0]
        try folder.write(fleetOnly, to: "tree/fleet.yaml")
        let eu = try await observe(
            folder,
            "clusters-eu.json",
            "backups-eu.json",
            more: ["--region", "eu-west-1"] + Self.moment
        )
        #expect(eu.status == 0, "\(eu.err)")
        let plan = try await plan(folder)
        #expect(plan.status == 5, "\(plan.out)")
        #expect(plan.out.contains("plan: nothing to do now, 1 place not read"), "\(plan.out)")
        #expect(
            plan.err == """
                error: us-east-1 of account prod (111122223333): it was never observed. Nothing is \
                planned there, and nothing is deleted in the account. Next: strongroom observe

                """
        )
    }

    @Test("is not simulated")
    func isNotSimulated() async throws {
        let folder = try Self.tree()
        _ = try await observe(folder, "clusters-us.json", "backups-us.json")
        let ended = try await Program.run(
            ["simulate", "advance", "1d", "tree"],
            in: folder,
            environment: Self.ci.merging(
                ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"]
            ) { $1 }
        )
        #expect(ended.status == 1)
        #expect(ended.err.contains("this is for service: simulator"), "\(ended.err)")
    }
}

/// A damaged file of the state stands in nobody's way but its own.
extension ObservationTests {
    @Test("leaves a damaged file as it is, and keeps the rest")
    func leavesDamage() async throws {
        let folder = try Self.tree()
        _ = try await observe(folder, "clusters-us.json", "backups-us.json")
        let path = try folder.groupFile()
        try folder.write("{", to: path)
        let again = try await observe(folder, "clusters-us.json", "backups-us.json")
        #expect(again.status == 0, "\(again.err)")
        #expect(try folder.text(path) == "{")
        let verdict = try await Program.run(
            ["state", "verify", "tree"],
            in: folder,
            environment: Self.ci
        )
        #expect(verdict.status == 10)
        #expect(verdict.out.contains("cluster-aaaaaaaaaaa"), "\(verdict.out)")
    }
}

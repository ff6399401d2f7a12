import CloudHSM
import CloudHSMWire
import Foundation
import Testing

@Suite("Answers")
struct AnswerTests {
    static let seed: UInt64 = 815

    struct Written: Codable {
        let operation: String
        let body: String
    }

    struct Opinion: Decodable {
        let complaints: [String]
        let numbers: String
        let texts: String
    }

    /// What we write is right by botocore's model and parser, and what the parser understood reads
    /// the same, with moments as numbers and as text.
    @Test func botocoreUnderstandsOurAnswersAndWeItsOwn() throws {
        var chance = Chance(seed: Self.seed)
        let account = try #require(AccountID("111122223333"))
        let exchanges = chance.calls(each: 12).map { call -> (Call, Region, Answer) in
            let region = chance.region()
            return (call, region, chance.answer(to: call, in: region))
        }
        let written = exchanges.map { call, region, answer in
            let body = AnswerCoding.encode(answer, account: account, region: region)
            return Written(operation: call.operation, body: String(decoding: body, as: UTF8.self))
        }
        let opinions: [Opinion] = try Botocore.opinion("answers", on: written)
        try #require(opinions.count == exchanges.count)
        #expect(Set(exchanges.map(\.0.operation)) == Set(CloudHSMEndpoint.operations))
        for (number, (call, region, answer)) in exchanges.enumerated() {
            let words: Comment = "seed \(Self.seed), exchange \(number), \(call.operation)"
            #expect(opinions[number].complaints == [], words)
            let forms = [written[number].body, opinions[number].numbers, opinions[number].texts]
            for body in forms {
                let read = try AnswerCoding.decode(
                    Array(body.utf8),
                    of: call,
                    region: region,
                    account: account
                )
                #expect(read == answer, words)
            }
        }
    }

    private static let region = Region("us-east-1")
    private static let listing = Call.describeBackups(DescribeBackups())
    private static let clusters = Call.describeClusters(DescribeClusters())

    private func read(_ body: String, of call: Call) throws -> Answer {
        let region = try #require(Self.region)
        return try AnswerCoding.decode(Array(body.utf8), of: call, region: region)
    }

    private func cluster(_ members: String) throws -> Cluster {
        let body = """
            {"Clusters":[{"ClusterId":"cluster-2ndsmpk7w5q","State":"ACTIVE",\
            "HsmType":"hsm2m.medium"\(members)}]}
            """
        guard case .clusters(let clusters, _) = try read(body, of: Self.clusters) else {
            throw Unexpected()
        }
        return try #require(clusters.first)
    }

    private struct Unexpected: Error {}

    @Test func theFirstOfficersPasswordIsNeverRead() throws {
        let cluster = try cluster(#","PreCoPassword":"kiwi-0451","Surprise":1"#)
        #expect(cluster.unknownFields == ["Surprise": .integer(1)])
        var dumped = ""
        dump(cluster, to: &dumped)
        #expect(!dumped.contains("kiwi"))
    }

    @Test func theFirstOfficersPasswordIsNeverWritten() throws {
        var cluster = try cluster("")
        cluster.unknownFields = ["PreCoPassword": .string("kiwi-0451"), "Surprise": .bool(true)]
        let account = try #require(AccountID("111122223333"))
        let region = try #require(Self.region)
        let body = AnswerCoding.encode(.cluster(cluster), account: account, region: region)
        let text = String(decoding: body, as: UTF8.self)
        #expect(!text.contains("kiwi"))
        #expect(text.contains("Surprise"))
    }

    @Test(
        arguments: [
            (#","BackupRetentionPolicy":{"Type":"DAYS","Value":"455"}"#, RetentionPolicy.days(455)),
            (#","BackupRetentionPolicy":{"Type":"DAYS","Value":455}"#, .days(455)),
            (#","BackupRetentionPolicy":{}"#, .unmanaged),
            (#","BackupRetentionPolicy":null"#, .unmanaged),
            ("", .unmanaged),
        ]
    )
    func retentionIsTextOrANumberOrAbsent(_ members: String, _ policy: RetentionPolicy) throws {
        #expect(try cluster(members).retention == policy)
    }

    @Test(
        arguments: [
            (#","CreateTimestamp":1795000000.123"#, Int64(1_795_000_000_123)),
            (#","CreateTimestamp":1.795000000123E9"#, 1_795_000_000_123),
            (#","CreateTimestamp":1795000000"#, 1_795_000_000_000),
            (#","CreateTimestamp":"2026-11-18T11:06:40.123Z""#, 1_795_000_000_123),
            (#","CreateTimestamp":"2026-11-18T11:06:40.123456""#, 1_795_000_000_123),
            (#","CreateTimestamp":"2026-11-18T12:06:40.123456+01:00""#, 1_795_000_000_123),
        ]
    )
    func momentsAreNumbersOrText(_ members: String, _ milliseconds: Int64) throws {
        #expect(try cluster(members).createdAt == Timestamp(milliseconds: milliseconds))
    }

    @Test func statesAndModesThatAreNotKnownParse() throws {
        let cluster = try cluster(
            #","Mode":"DEFAULT","NetworkType":"IPV7","Hsms":[{"HsmId":"hsm-2ndsmpk7w5q","#
                + #""State":"RESTING"}]"#
        )
        #expect(cluster.mode == nil)
        #expect(cluster.networkType == nil)
        #expect(cluster.hsms.map(\.state) == [.unrecognised("RESTING")])
    }

    @Test func aCopyBelongsToItsSourcesCluster() throws {
        let body = """
            {"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY","CreateTimestamp":1,\
            "CopyTimestamp":2,"SourceBackup":"backup-3ndsmpk7w5q","SourceRegion":"eu-west-1",\
            "SourceCluster":"cluster-3ndsmpk7w5q"}],"NextToken":""}
            """
        guard case .backups(let backups, let token) = try read(body, of: Self.listing) else {
            throw Unexpected()
        }
        #expect(backups.map(\.cluster.description) == ["cluster-3ndsmpk7w5q"])
        #expect(backups.first?.backup.isCopy == true)
        #expect(token == "")
    }

    @Test func onlyAnArnOfAnotherPlaceIsKept() throws {
        let usual = "arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-2ndsmpk7w5q"
        let others = "arn:aws:cloudhsm:us-east-1:999999999999:backup/backup-2ndsmpk7w5q"
        let account = AccountID("111122223333")
        let region = try #require(Self.region)
        for (arn, kept) in [(usual, nil), (others, others)] {
            let body = """
                {"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY",\
                "ClusterId":"cluster-3ndsmpk7w5q","CreateTimestamp":1,"BackupArn":"\(arn)"}]}
                """
            let answer = try AnswerCoding.decode(
                Array(body.utf8),
                of: Self.listing,
                region: region,
                account: account
            )
            guard case .backups(let backups, _) = answer else { throw Unexpected() }
            #expect(backups.first?.backup.details?.unusualARN == kept)
        }
    }

    @Test(
        arguments: [
            ("", "Backups"), ("{}", "Backups"), ("[]", ""), ("<html>", ""),
            (#"{"Backups":[{"BackupId":"backup-1"}]}"#, "Backups[0].BackupId"),
            (#"{"Backups":[{"BackupId":"backup-2ndsmpk7w5q"}]}"#, "Backups[0].BackupState"),
            (
                #"{"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY","#
                    + #""ClusterId":"cluster-2ndsmpk7w5q"}]}"#,
                "Backups[0].CreateTimestamp"
            ),
            (
                #"{"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY","#
                    + #""SourceCluster":"cluster-2ndsmpk7w5q","CreateTimestamp":1}]}"#,
                "Backups[0].SourceBackup"
            ),
            (
                #"{"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY","#
                    + #""ClusterId":"cluster-2ndsmpk7w5q","CreateTimestamp":"soon"}]}"#,
                "Backups[0].CreateTimestamp"
            ),
            (
                #"{"Backups":[{"BackupId":"backup-2ndsmpk7w5q","BackupState":"READY","#
                    + #""ClusterId":"cluster-2ndsmpk7w5q","CreateTimestamp":1e300}]}"#,
                "Backups[0].CreateTimestamp"
            ),
            (#"{"Backups":[],"NextToken":7}"#, "NextToken"),
        ]
    )
    func whatIsNoAnswerSaysWhere(_ body: String, _ place: String) {
        let error = #expect(throws: WireError.self) { try read(body, of: Self.listing) }
        #expect(error?.place == place, "\(error as Any)")
    }

    /// Half an answer, and damaged ones, are never taken for whole ones that say less.
    @Test func halfAnAnswerIsNone() throws {
        var chance = Chance(seed: 5)
        let account = try #require(AccountID("111122223333"))
        let region = try #require(Self.region)
        let answer = chance.answer(to: Self.listing, in: region)
        let body = AnswerCoding.encode(answer, account: account, region: region)
        for end in stride(from: 0, to: body.count, by: 7) {
            #expect(throws: WireError.self) {
                try AnswerCoding.decode(Array(body[..<end]), of: Self.listing, region: region)
            }
        }
        #expect(throws: WireError.self) {
            try AnswerCoding.decode(body + Array("{}".utf8), of: Self.listing, region: region)
        }
    }
}

import CloudHSM
import StrongroomModel
import StrongroomState
import Testing

@Suite struct GroupFileTests {
    let state: TemporaryState

    init() throws { state = try TemporaryState() }

    private func read(_ text: String) throws -> ProtectionGroup {
        try state.put(group: text)
        return try state.reading().record(of: Sample.id).group
    }

    @Test func everyFieldOfAClusterIsRead() throws {
        let cluster = try #require(try read(Sample.text).cluster)
        #expect(cluster.id == Sample.id.cluster)
        #expect(cluster.state == .active)
        #expect(cluster.stateMessage == "fine")
        #expect(cluster.hsmType == .hsm2mMedium)
        #expect(cluster.typeRollbackExpiration == Timestamp(milliseconds: 1_790_003_600_000))
        #expect(cluster.mode == .fips)
        #expect(cluster.networkType == .ipv4)
        #expect(cluster.vpc == "vpc-1")
        #expect(cluster.subnets.map { "\($0.key) \($0.value)" } == ["us-east-1a subnet-0a1b2c3d"])
        #expect(cluster.securityGroup == "sg-0a1b2c3d")
        #expect(cluster.retention == .days(90))
        #expect(cluster.sourceBackup == BackupID("backup-ccccccccccc"))
        #expect(cluster.certificates.keys.sorted() == ["ClusterCertificate"])
        #expect(cluster.createdAt == Timestamp(milliseconds: 1_780_000_000_000))
        #expect(cluster.tags == ["env": "prod", "strongroom:cluster": "payments"])
        #expect(cluster.unknownFields == ["Owner": .string("team é")])
        let hsm = try #require(cluster.hsms.first)
        #expect(hsm.id == HSMID("hsm-aaaaaaaaaaa"))
        #expect(hsm.zone == AvailabilityZone("us-east-1a"))
        #expect(hsm.subnet == SubnetID("subnet-0a1b2c3d"))
        #expect(hsm.eni == ENIID("eni-0a1b2c3d"))
        #expect(hsm.address == "10.0.1.5")
        #expect(hsm.address6 == "2001:db8::5")
        #expect(hsm.type == .hsm2mMedium)
        #expect(hsm.state == .active)
        #expect(hsm.stateMessage == "HSM created.")
        #expect(hsm.unknownFields == ["Temperature": .integer(41)])
    }

    @Test func everyFieldOfABackupIsRead() throws {
        let backups = try read(Sample.text).backups
        try #require(backups.count == 3)
        let (copy, own, odd) = (backups[0], backups[1], backups[2])
        #expect(own.id == BackupID("backup-ro5c4er4aac"))
        #expect(own.region == Region("us-east-1"))
        #expect(own.createdAt == Timestamp(milliseconds: 1_790_000_000_123))
        #expect(own.isReady && !own.isCopy && !own.neverExpires)
        #expect(own.mode == .fips && own.hsmType == .hsm2mMedium && own.tags == ["env": "prod"])
        #expect(copy.state == .pendingDeletion)
        #expect(copy.deletesAt == Timestamp(milliseconds: 1_790_600_000_000))
        #expect(copy.origin?.backup == own.id)
        #expect(copy.origin?.region == own.region)
        #expect(copy.origin?.copiedAt == Timestamp(milliseconds: 1_790_010_000_000))
        #expect(odd.state == .unrecognised("FROZEN"))
        #expect(odd.neverExpires && odd.mode == nil)
        #expect(odd.details?.unusualARN == "arn:elsewhere")
        let weight: JSONValue = .array([.integer(1), .number(2.5), .null, .bool(true)])
        #expect(odd.details?.unknownFields == ["Weight": .object(["grams": weight])])
    }

    @Test func backupsThatAreAlikeShareTheirDetails() throws {
        let backups = try read(Sample.text).backups
        #expect(backups[0].details === backups[1].details)
        #expect(backups[0].details != nil)
    }

    @Test func whatStandsInTheFileIsWrittenBackByteForByte() throws {
        try state.put(group: Sample.text)
        let directory = try state.writing()
        let record = try directory.record(of: Sample.id)
        // Saved under another name of the same length, so that the file is written anew.
        try state.put(group: Sample.shortText)
        try directory.save(record)
        #expect(try state.text(of: Sample.file()) == Sample.text)
        #expect(try directory.record(of: Sample.id) == record)
    }

    @Test func thePasswordBeforeActivationIsNeitherReadNorWritten() throws {
        let secret = Sample.text.replacing(
            "\"SecurityGroup\"",
            with: "\"PreCoPassword\" : \"kiwi-0451-secret\",\"SecurityGroup\""
        )
        try state.put(group: secret)
        let directory = try state.writing()
        var record = try directory.record(of: Sample.id)
        #expect(!"\(record)".contains("kiwi"))
        record.group.cluster?.unknownFields["PreCoPassword"] = .string("kiwi-0451-secret")
        try directory.save(record)
        #expect(try state.text(of: Sample.file()) == Sample.text)
    }

    @Test(arguments: [
        ("1790000000", 1_790_000_000_000), ("1790000000.5", 1_790_000_000_500),
        ("1.79e9", 1_790_000_000_000), ("\"2026-09-21T14:13:20Z\"", 1_790_000_000_000),
        ("\"2026-09-21T16:13:20.250000+02:00\"", 1_790_000_000_250), ("-1", -1_000),
    ])
    func momentsAreReadAsTheAPIAndTheCommandLineWriteThem(text: String, expected: Int64) throws {
        let backup = Sample.shortBackup.replacing("1790000000", with: text)
        let group = try read(#"{"Format": 1, "Backups": [\#(backup)]}"#)
        #expect(group.backups.first?.createdAt == Timestamp(milliseconds: expected))
    }

    @Test(
        arguments: [
            (#"{"Type":"DAYS","Value":"90"}"#, RetentionPolicy.days(90)),
            (#"{"Type":"DAYS","Value":455}"#, .days(455)), (#"{"Value":"7"}"#, .days(7)),
            (#"{"Type":"DAYS"}"#, .unmanaged), (nil, .unmanaged),
        ] as [(String?, RetentionPolicy)]
    )
    func retentionIsReadInEveryFormTheServiceHasUsed(
        text: String?,
        expected: RetentionPolicy
    ) throws {
        let policy = text.map { #""BackupRetentionPolicy": \#($0),"# } ?? ""
        let group = try read(
            #"{"Format": 1, "Cluster": {\#(policy) "ClusterId": "cluster-2ndsmpk7w5q", "#
                + #""State": "ACTIVE", "HsmType": "hsm2m.medium"}}"#
        )
        #expect(group.cluster?.retention == expected)
    }

    @Test func aBackupWithoutARegionLiesAtHome() throws {
        #expect(try read(Sample.shortText).backups.first?.region == Sample.id.home.region)
    }

    @Test func backupsAreInTheOrderOfTimeRegionAndID() throws {
        let later = Sample.shortBackup.replacing("1790000000", with: "1790000009")
            .replacing("ro5c4er4aac", with: "aaaaaaaaaaa")
        let twin = Sample.shortBackup.replacing("ro5c4er4aac", with: "bbbbbbbbbbb")
        let text = #"{"Format": 1, "Backups": [\#(later), \#(Sample.shortBackup), \#(twin)]}"#
        let ids = try read(text).backups.map(\.id.suffix)
        #expect(ids == ["bbbbbbbbbbb", "ro5c4er4aac", "aaaaaaaaaaa"])
    }

    @Test func aCopyThatNamesTheClusterAsWellKeepsDoingSo() throws {
        let text = Sample.text.replacing(
            "\"CopyTimestamp\"",
            with: "\"ClusterId\":\"cluster-2ndsmpk7w5q\",\"CopyTimestamp\""
        )
        try state.put(group: text)
        let directory = try state.writing()
        let record = try directory.record(of: Sample.id)
        #expect(record.group.backups[0].details?.copyNamesCluster == true)
        try directory.save(record)
        #expect(try directory.record(of: Sample.id) == record)
        #expect(try state.text(of: Sample.file()) == text)
    }

    @Test func escapedKeysAndTextsAreRead() throws {
        let text = Sample.shortText.replacing("\"BackupState\"", with: #""Backup\u0053tate""#)
            .replacing("READY", with: #"RE\u0041DY"#)
        #expect(try read(text).backups.first?.isReady == true)
    }

    @Test func anUnknownWholeNumberIsTheSameNumberHoweverItIsWritten() throws {
        let text = #"{"Format": 1, "Simulator": {"a": 1.0, "b": 1e3, "c": -0.0, "d": 2.5}}"#
        try state.put(group: text)
        let value = try state.reading().record(of: Sample.id).simulator
        #expect(
            value
                == .object([
                    "a": .integer(1), "b": .integer(1000), "c": .integer(0), "d": .number(2.5),
                ])
        )
    }
}

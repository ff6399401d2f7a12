import CloudHSM
import StrongroomManifest
import StrongroomModel
import Testing

/// What is written of a cluster that exists, and that reading it gives the same back.
@Suite struct ManifestWriterTests {
    @Test func everythingAManifestCanHoldOfAClusterIsWritten() throws {
        var group = try Existing.group()
        group.backups = [
            try Existing.backup(
                "backup-aaaaaaaaaaa",
                tags: ["strongroom:recovery-point:audit": "x"]
            ),
            try Existing.copy("backup-bbbbbbbbbbb", in: "us-west-2", of: "backup-aaaaaaaaaaa"),
            try Existing.copy("backup-ccccccccccc", in: "eu-west-1", of: "backup-aaaaaaaaaaa"),
            try Existing.copy("backup-ddddddddddd", in: "eu-west-1", of: "backup-aaaaaaaaaaa"),
        ]
        let expected = """
            # cluster-2ndsmpk7w5q in us-east-1 of account 111122223333, as it was at \
            2026-11-24T01:00:00Z.
            # Written by strongroom adopt. What is not written here is not managed.
            apiVersion: strongroom/v1
            kind: Cluster
            metadata:
              name: cluster-2ndsmpk7w5q
            spec:
              region: us-east-1
              account: prod
              clusterId: cluster-2ndsmpk7w5q
              hsmType: hsm2m.medium
              mode: FIPS
              networkType: IPV4
              subnets:
                us-east-1a: subnet-0a1b2c3d
                us-east-1b: subnet-1a2b3c4d
              tags:
                cost-center: "12345"
                team name: payments @ co
              hsms: 2
              backups:
                retentionDays: 90
              copies:
                - region: eu-west-1
                - region: us-west-2
              recoveryPoints:
                - name: audit
                  backup: backup-aaaaaaaaaaa

            """
            .replacing("team name: payments @ co", with: "\"team name\": \"payments @ co\"")
        let cluster = try Existing.adopted(group)
        #expect(ManifestWriter().text(of: cluster) == expected)
        #expect(cluster.omissions == [])
    }

    @Test func whatIsReadBackIsWhatWasThere() throws {
        var group = try Existing.group()
        group.backups = [
            try Existing.backup("backup-aaaaaaaaaaa", tags: ["strongroom:recovery-point:no": "x"]),
            try Existing.copy("backup-bbbbbbbbbbb", in: "us-west-2", of: "backup-aaaaaaaaaaa"),
        ]
        let cluster = try #require(group.cluster)
        let read = try Existing.readBack(group)
        #expect(read.clusterID?.value == cluster.id)
        #expect(read.region.value == group.id.home.region)
        #expect(read.account.id == group.id.home.account)
        #expect(read.hsmType?.value == cluster.hsmType)
        #expect(read.mode?.value == cluster.mode)
        #expect(read.networkType?.value == cluster.networkType)
        #expect(read.subnets?.value == cluster.subnets)
        #expect(read.tags?.value == ["cost-center": "12345", "team name": "payments @ co"])
        #expect(read.hsms?.value == .total(2))
        #expect(read.backups.retention?.value.days == 90)
        #expect(read.copies.map(\.region.value) == [Region("us-west-2")])
        #expect(read.copies.first?.maxAge == nil)
        #expect(read.recoveryPoints.map(\.name.value) == ["no"])
        let backup = try #require(BackupID("backup-aaaaaaaaaaa"))
        #expect(read.recoveryPoints.map(\.selector) == [.backup(backup)])
        #expect(read.ensure.value == .present)
    }

    static let hostile = [
        "", " ", "  leading", "trailing ", "no", "yes", "on", "null", "~", "true", "y", "N", "1",
        "0x1F", "1_000", "1e3", "12:30", ".5", "-1", "2026-11-24", "2026-11-24T01:00:00Z", "-",
        "- a", "a: b", "a:b", "a #b", "#a", "a#b", "'single'", "\"double\"", "\\", "\\n", "{a: b}",
        "[a]", "&anchor", "*alias", "!tag", "%YAML", "@at", "`tick`", "|", ">", "<<", "---", "...",
        "?", ": ", ",", "=", "naïve café", "日本語", "مرحبا", "😀", "a\u{2028}b",
        "a\u{2029}ensure: absent",
        "a\u{85}b", "a\u{FEFF}b", "a\u{202E}b", "a\u{200B}b", "a\u{A0}b", "tab\there", "\u{3000}",
        "apiVersion: strongroom/v1", "subnet-0a1b2c3d", "a_b.c-d", "x.", "None", "INF",
    ]

    @Test(arguments: hostile)
    func aHostileTagValueIsReadBackAsItIs(value: String) throws {
        let scalar = YAMLText.scalar(value)
        let text = "tags: { k: \(scalar) }\n"
        let (documents, findings) = tree(Array(text.utf8))
        #expect(findings.diagnostics == [])
        let document = try #require(documents.first?.root)
        #expect(document.scalar(at: ["tags", "k"]) == value)
        // Whoever is not in quotes must look like a text to every tool.
        if !scalar.hasPrefix("\"") {
            #expect(scalar == value)
            #expect(value.first?.isLetter == true)
        }
    }

    @Test(arguments: hostile.filter { TagLimits.isPlain($0) && !$0.isEmpty })
    func aHostileTagIsReadBackFromAManifestAsItIs(text: String) throws {
        var group = try Existing.group()
        group.cluster?.tags = ["k": text, "x\(text)": "v"]
        let read = try Existing.readBack(group)
        #expect(read.tags?.value == ["k": text, "x\(text)": "v"])
    }

    @Test(arguments: ["a\u{2028}ensure: absent", "a\nensure: absent", "a\u{85}b", "a\r\nb"])
    func nothingLeavesItsComment(key: String) throws {
        var group = try Existing.group()
        group.cluster?.tags = ["secret\(key)": "v"]
        let cluster = try Existing.adopted(group)
        #expect(cluster.omissions == [.secretTag(key: "secret\(key)")])
        let text = ManifestWriter().text(of: cluster)
        let comments = text.split(whereSeparator: \.isNewline).prefix { $0.hasPrefix("#") }
        #expect(comments.count == 3)
        #expect(try Existing.readBack(group).tags == nil)
        #expect(try Existing.readBack(group).ensure.value == .present)
    }

    @Test(
        arguments: [
            ("db-password", "hunter2"), ("DB_PWD", "x"), ("ApiToken", "x"), ("clientSecret", "x"),
            ("key", "x"), ("kms-key", "x"), ("masterKey", "x"), ("API-KEY", "x"), ("pin", "0"),
            ("credentials", "x"), ("note", "AKIAIOSFODNN7EXAMPLE"), ("x", "-----BEGIN RSA"),
            ("passphrase", "x"), ("GitHub.Token", "x"), ("auth", "x"),
        ]
    )
    func aTagThatMayHoldASecretIsLeftOutAndNamed(key: String, value: String) throws {
        var group = try Existing.group()
        group.cluster?.tags = [key: value, "cost-center": "7"]
        let cluster = try Existing.adopted(group)
        let text = ManifestWriter().text(of: cluster)
        #expect(cluster.omissions == [.secretTag(key: key)])
        #expect(text.contains("# Left out: the tag \(key), which may hold a secret."))
        #expect(text.hasSuffix("hsms: 2\n  backups:\n    retentionDays: 90\n"))
        #expect(try Existing.readBack(group).tags?.value == ["cost-center": "7"])
    }

    @Test(arguments: [
        "Monkey", "owner", "author", "cost-center", "env", "pinned", "keynote", "Name",
    ])
    func aHarmlessTagIsWritten(key: String) throws {
        var group = try Existing.group()
        group.cluster?.tags = [key: "v", "aws:x": "1", "AWS:y": "2", "strongroom:fleet": "acme"]
        #expect(try Existing.adopted(group).omissions == [])
        #expect(try Existing.readBack(group).tags?.value == [key: "v"])
    }

    @Test(
        arguments: [
            ([2, 1], .total(3)), ([1, 0], .total(1)), ([0, 0], .total(0)), ([2, 2], .total(4)),
        ] as [([Int], DesiredHSMs)]
    )
    func hsmsSpreadEvenlyAreWrittenAsTheirSum(counts: [Int], expected: DesiredHSMs) throws {
        #expect(try Existing.readBack(Existing.group(hsms: counts)).hsms?.value == expected)
    }

    @Test func hsmsSpreadUnevenlyAreWrittenByZone() throws {
        let one = try #require(AvailabilityZone("us-east-1a"))
        let other = try #require(AvailabilityZone("us-east-1b"))
        let read = try Existing.readBack(Existing.group(hsms: [3, 0]))
        #expect(read.hsms?.value == .perZone([one: 3, other: 0]))
    }

    @Test(arguments: [(true, DesiredHSMs.total(0)), (false, nil)])
    func aParkedClusterIsWrittenAsParkedOnceItsBackupIsPinned(
        isPinned: Bool,
        expected: DesiredHSMs?
    ) throws {
        var group = try Existing.group(hsms: [0, 0])
        var newest = try Existing.backup("backup-aaaaaaaaaaa")
        newest.neverExpires = isPinned
        group.backups = [newest]
        #expect(try Existing.readBack(group).hsms?.value == expected)
        #expect(try Existing.adopted(group).omissions == (isPinned ? [] : [.parking(newest.id)]))
    }

    @Test(arguments: [RetentionPolicy.days(455), .days(6), .unmanaged])
    func aRetentionThatCannotBeAskedForIsLeftOut(policy: RetentionPolicy) throws {
        var group = try Existing.group()
        group.cluster?.retention = policy
        #expect(try Existing.adopted(group).omissions == [.retention(policy)])
        #expect(try Existing.readBack(group).backups.retention == nil)
    }

    @Test func aRecoveryPointThatCannotBeNominatedIsLeftOut() throws {
        var group = try Existing.group()
        let tag = "strongroom:recovery-point:"
        group.backups = [
            try Existing.backup(
                "backup-aaaaaaaaaaa",
                tags: ["\(tag)twice": "x", "\(tag)Bad Name": ""]
            ),
            try Existing.backup("backup-bbbbbbbbbbb", tags: ["\(tag)twice": "x"]),
            try Existing.backup(
                "backup-ccccccccccc",
                tags: ["\(tag)going": "x"],
                state: .pendingDeletion
            ),
            try Existing.backup("backup-ddddddddddd", tags: ["\(tag)gone": "x"], state: .deleted),
            try Existing.copy(
                "backup-eeeeeeeeeee",
                in: "us-west-2",
                of: "backup-ddddddddddd",
                tags: ["\(tag)copied": "x"]
            ),
        ]
        let cluster = try Existing.adopted(group)
        #expect(
            cluster.omissions.map(\.description) == [
                "the recovery point Bad Name: a manifest cannot use that name",
                "the recovery point going: backup-ccccccccccc is PENDING_DELETION, not READY",
                "the recovery point twice: backup-aaaaaaaaaaa, backup-bbbbbbbbbbb all carry it; "
                    + "nominate one of them",
            ]
        )
        #expect(try Existing.readBack(group).recoveryPoints.isEmpty)
    }

    @Test(arguments: [ClusterState.deleted, nil])
    func aClusterThatIsGoneIsNotAdopted(state: ClusterState?) throws {
        var group = try Existing.group()
        if let state { group.cluster?.state = state } else { group.cluster = nil }
        #expect(AdoptedCluster(of: group, account: nil, at: try Existing.now) == nil)
    }
}

/// What an adopted cluster is called.
@Suite struct AdoptedNamesTests {
    private func names(_ tags: [[String: String]], besides taken: Set<String> = []) throws
        -> [String]
    {
        let clusters = try tags.enumerated().map { index, tags in
            var group = try Existing.group(id: "cluster-aaaaaaaaaa\(["A", "a", "b"][index])")
            group.cluster?.tags = tags
            return try Existing.adopted(group)
        }
        return AdoptedNames.named(clusters, besides: taken).map(\.name)
    }

    @Test func ourTagComesFirstThenNameThenTheID() throws {
        #expect(
            try names([
                ["strongroom:cluster": "ours", "Name": "theirs"], ["Name": "theirs"], [:],
            ]) == ["ours", "theirs", "cluster-aaaaaaaaaab"]
        )
    }

    @Test func aNameThatManifestsCannotHaveIsPassedOver() throws {
        #expect(
            try names([["strongroom:cluster": "Not Valid", "Name": "fine"], ["Name": "Not Valid"]])
                == ["fine", "cluster-aaaaaaaaaaa"]
        )
    }

    @Test func noNameIsGivenTwice() throws {
        #expect(
            try names(
                [["Name": "ledger"], ["Name": "ledger"], ["Name": "payments"]],
                besides: ["payments"]
            )
                == ["ledger", "cluster-aaaaaaaaaaa", "cluster-aaaaaaaaaab"]
        )
        #expect(try names([[:], [:]]) == ["cluster-aaaaaaaaaaa", "cluster-aaaaaaaaaaa-2"])
    }
}

/// A group as observed, and what becomes of it.
private enum Existing {
    static var now: Timestamp {
        get throws { try #require(Timestamp("2026-11-24T01:00:00Z")) }
    }

    static func group(id: String = "cluster-2ndsmpk7w5q", hsms: [Int] = [1, 1]) throws
        -> ProtectionGroup
    {
        let zones = try ["us-east-1a", "us-east-1b"].map { try #require(AvailabilityZone($0)) }
        let subnets = try ["subnet-0a1b2c3d", "subnet-1a2b3c4d"].map { try #require(SubnetID($0)) }
        let home = Place(
            account: try #require(AccountID("111122223333")),
            region: try #require(Region("us-east-1"))
        )
        let id = try #require(ClusterID(id))
        var cluster = Cluster(
            id: id,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: Dictionary(uniqueKeysWithValues: zip(zones, subnets)),
            retention: .days(90)
        )
        cluster.mode = .fips
        cluster.networkType = .ipv4
        cluster.tags = ["cost-center": "12345", "team name": "payments @ co"]
        cluster.hsms = zip(zones, hsms).flatMap { zone, count in
            (0..<count).map {
                HSM(id: HSMID(bits: UInt64($0)), zone: zone, state: .active)
            }
        }
        return ProtectionGroup(id: GroupID(home: home, cluster: id), cluster: cluster)
    }

    static func backup(
        _ id: String,
        tags: [String: String] = [:],
        state: BackupState = .ready
    ) throws -> Backup {
        Backup(
            id: try #require(BackupID(id)),
            region: try #require(Region("us-east-1")),
            createdAt: try now,
            state: state,
            details: BackupDetails(tags: tags)
        )
    }

    static func copy(
        _ id: String,
        in region: String,
        of source: String,
        tags: [String: String] = [:]
    ) throws -> Backup {
        let origin = CopyOrigin(
            backup: try #require(BackupID(source)),
            region: try #require(Region("us-east-1")),
            copiedAt: try now
        )
        return Backup(
            id: try #require(BackupID(id)),
            region: try #require(Region(region)),
            createdAt: try now,
            state: .ready,
            origin: origin,
            details: BackupDetails(tags: tags)
        )
    }

    static func adopted(_ group: ProtectionGroup) throws -> AdoptedCluster {
        try #require(AdoptedCluster(of: group, account: "prod", at: try now))
    }

    /// The cluster's manifest, read together with a fleet's.
    static func readBack(_ group: ProtectionGroup) throws -> DesiredCluster {
        let fleet = """
            apiVersion: strongroom/v1
            kind: Fleet
            metadata: { name: acme }
            spec:
              service: simulator
              state: state
              accounts: [{ name: prod, id: "111122223333" }]
              regions: [us-east-1, us-west-2, eu-west-1]
            """
        let text = ManifestWriter().text(of: try adopted(group))
        let read = try ManifestReader().read(
            ["-"],
            standardInput: Array(fleet.utf8),
            and: [ManifestText(file: "new.yaml", text: text)]
        )
        return try #require(read.clusters.first)
    }
}

extension LocatedNode {
    /// The text of the scalar behind a path of keys.
    fileprivate func scalar(at path: [String]) -> String? {
        switch content {
        case .scalar(let scalar): path.isEmpty ? scalar.text : nil
        case .mapping(let pairs):
            pairs.first { $0.key.text == path.first }?.value.scalar(at: Array(path.dropFirst()))
        case .sequence, .refused: nil
        }
    }
}

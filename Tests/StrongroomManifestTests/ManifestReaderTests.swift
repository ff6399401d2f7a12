import CloudHSM
import StrongroomManifest
import StrongroomModel
import Testing

/// What a valid manifest becomes, field by field.
@Suite struct ManifestReaderTests {
    private func fleet() throws -> DesiredFleet {
        try ManifestReader().read(["-"], standardInput: Array(Sample.text.utf8))
    }

    private func cluster(_ name: String) throws -> DesiredCluster {
        try #require(fleet().clusters.first { $0.name.value == name })
    }

    private func place(_ line: Int, _ column: Int) -> StrongroomModel.SourceLocation {
        StrongroomModel.SourceLocation(file: "-", line: line, column: column)
    }

    @Test func readsEveryFieldOfAFleet() throws {
        let fleet = try fleet()
        #expect(fleet.name == Located("acme", at: place(3, 19)))
        #expect(fleet.service == .simulator)
        #expect(fleet.stateDirectory == "state")
        #expect(fleet.accounts.map(\.name) == ["prod", "dev"])
        #expect(fleet.accounts.map(\.id.description) == ["111122223333", "444455556666"])
        #expect(
            fleet.accounts.map(\.roleARN) == [nil, "arn:aws:iam::444455556666:role/strongroom"]
        )
        #expect(fleet.regions.map(\.description) == ["us-east-1", "us-west-2", "eu-west-1"])
        #expect(fleet.quotas == Quotas(clusters: 4, hsms: 6))
        let until = try #require(Timestamp("2027-01-04T00:00:00Z"))
        let freeze = Freeze(reason: "year end", until: until, at: place(16, 5))
        let safety = Safety(
            deletionsPerRun: 5,
            deletionsPerDay: 20,
            deletionRatio: 0.34,
            freeze: freeze
        )
        #expect(fleet.safety == safety)
        #expect(fleet.clusters.map(\.name.value) == ["clone", "payments"])
    }

    @Test func readsWhereAClusterLivesAndWhatItIsMadeOf() throws {
        let payments = try cluster("payments")
        #expect(payments.name.location == place(22, 9))
        #expect(payments.labels == ["env": "prod"])
        #expect(payments.region == Located(try #require(Region("us-east-1")), at: place(25, 11)))
        #expect(payments.account.name == "prod")
        #expect(payments.clusterID?.value == ClusterID("cluster-2ndsmpk7w5q"))
        #expect(payments.hsmType?.value == .hsm2mMedium)
        #expect(payments.mode?.value == .fips)
        #expect(payments.networkType?.value == .ipv4)
        let subnets = try #require(payments.subnets)
        #expect(subnets.location == place(31, 3))
        #expect(
            Dictionary(uniqueKeysWithValues: subnets.value.map { ("\($0)", "\($1)") })
                == ["us-east-1a": "subnet-0a1b2c3d", "us-east-1b": "subnet-1a2b3c4d"]
        )
        #expect(payments.tags?.value == ["cost-center": "12345"])
        #expect(payments.hsms == Located(.total(2), at: place(33, 9)))
        #expect(payments.ensure.value == .present)
    }

    @Test func readsWhatAClusterWantsOfItsBackups() throws {
        let payments = try cluster("payments")
        #expect(payments.backups.retention?.value == RetentionPeriod(days: 60))
        #expect(payments.backups.maxAge == Located(.hours(26), at: place(36, 13)))
        #expect(payments.backups.whenStale == .force)
        #expect(payments.backups.keepAtLeast?.value == 3)
        let copies = try #require(payments.copies.first)
        #expect(copies.region.value == Region("eu-west-1"))
        #expect(copies.maxAge?.value == .days(2))
        #expect(copies.retentionDays?.value == 30)
        #expect(copies.keepAtLeast?.value == 2)
        #expect(payments.recoveryPoints.map(\.name.value) == ["before-rotation", "end-2026"])
        let backup = try #require(BackupID("backup-ro5c4er4aac"))
        let moment = try #require(Timestamp("2026-12-31T00:00:00Z"))
        #expect(payments.recoveryPoints.map(\.selector) == [.backup(backup), .takenBefore(moment)])
        #expect(payments.recoveryPoints[0].regions.map(\.value) == [Region("eu-west-1")])
        let purge = DesiredPurge(
            materialRemovedAt: try #require(Timestamp("2026-11-20T09:00:00Z")),
            reason: "expired keys"
        )
        #expect(payments.purge == Located(purge, at: place(44, 3)))
        let files = try #require(payments.initialization?.value)
        #expect(files.certificate == CertificateFile(path: "certs/payments.crt", content: nil))
        #expect(files.trustAnchor == CertificateFile(path: "certs/root.crt", content: nil))
    }

    @Test func appliesTheFleetsDefaultsAndLeavesTheRestUnmanaged() throws {
        let clone = try cluster("clone")
        let retention = try #require(RetentionPeriod(days: 90))
        #expect(clone.backups.retention == Located(retention, at: place(13, 41)))
        #expect(clone.backups.keepAtLeast == Located(2, at: place(13, 58)))
        #expect(clone.backups.maxAge == nil)
        #expect(clone.backups.whenStale == .report)
        #expect(clone.clusterID == nil)
        #expect(clone.networkType == nil)
        #expect(clone.tags == nil)
        #expect(clone.copies.isEmpty)
        #expect(clone.purge == nil)
        #expect(clone.initialization == nil)
        let zone = try #require(AvailabilityZone("eu-west-1a"))
        #expect(clone.hsms?.value == .perZone([zone: 1]))
        let source = DesiredSource(cluster: "payments", recoveryPoint: "before-rotation")
        #expect(clone.restoreFrom == Located(source, at: place(58, 3)))
    }

    @Test func aTombstoneCarriesItsReasonOnOneLine() throws {
        let text = Sample.text.replacing(
            "  ensure: present\n",
            with: "  ensure: absent\n  reason: >\n    replaced by\n    payments-2\n"
        )
        let fleet = try ManifestReader().read(["-"], standardInput: Array(text.utf8))
        let payments = try #require(fleet.clusters.first { $0.name.value == "payments" })
        let absent = Presence.absent(reason: "replaced by payments-2", finalBackup: .keep)
        #expect(payments.ensure == Located(absent, at: place(46, 11)))
    }

    private func payments(_ old: String, _ new: String) throws -> DesiredCluster {
        let parts = Sample.text.split(separator: old, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let text = parts.joined(separator: new)
        let fleet = try ManifestReader().read(["-"], standardInput: Array(text.utf8))
        return try #require(fleet.clusters.first { $0.name.value == "payments" })
    }

    @Test func aTombstoneSaysWhatIsLeft() throws {
        let payments = try payments(
            "ensure: present",
            "ensure: absent\n  reason: never activated\n  finalBackup: none"
        )
        #expect(
            payments.ensure.value == .absent(reason: "never activated", finalBackup: .none)
        )
    }

    @Test func aRecoveryPointIsTheFirstAfterAMomentOrTheNewest() throws {
        let payments = try payments(
            "- { name: end-2026, takenBefore: 2026-12-31T00:00:00Z }",
            "- { name: a, takenAfter: 2020-01-01T00:00:00Z }\n    - { name: b, newest: true }"
        )
        let moment = try #require(Timestamp("2020-01-01T00:00:00Z"))
        #expect(payments.recoveryPoints.map(\.name.value) == ["before-rotation", "a", "b"])
        #expect(
            payments.recoveryPoints.dropFirst().map(\.selector) == [.takenAfter(moment), .newest]
        )
    }

    @Test(arguments: [("includePinned: true", true), ("includePinned: false", false)])
    func aPurgeTakesPinnedBackupsOnlyWithConsent(words: String, consent: Bool) throws {
        let purge = try payments("\"expired keys\" }", "\"expired keys\", \(words) }").purge
        #expect(purge?.value.includePinned == consent)
        #expect(try cluster("payments").purge?.value.includePinned == false)
    }

    @Test func aCloneMayBeMadeOfTheNewestCopyWhileARegionIsLost() throws {
        let text = Sample.text.replacing(
            "recoveryPoint: before-rotation",
            with: "whenRegionLost: useNewestCopy"
        )
        let fleet = try ManifestReader().read(["-"], standardInput: Array(text.utf8))
        let clone = try #require(fleet.clusters.first { $0.name.value == "clone" })
        let source = DesiredSource(
            cluster: "payments",
            recoveryPoint: nil,
            whenRegionLost: .useNewestCopy
        )
        #expect(clone.restoreFrom?.value == source)
        #expect(try cluster("clone").restoreFrom?.value.whenRegionLost == .hold)
    }

    @Test func aParkedClusterMayBeResumedFromAnOlderBackup() throws {
        let payments = try payments("hsms: 2\n", "hsms: 2\n  resumeFrom: backup-ro5c4er4aac\n")
        let backup = try #require(BackupID("backup-ro5c4er4aac"))
        #expect(payments.resumeFrom == Located(backup, at: place(34, 15)))
        #expect(try cluster("payments").resumeFrom == nil)
    }

    @Test func aMissingChoiceNamesWhatCanBeChosen() throws {
        let text = Sample.text.replacing(", takenBefore: 2026-12-31T00:00:00Z", with: "")
        let diagnostic = try #require(mistakes(in: text).first)
        #expect(
            diagnostic.message
                == "recoveryPoints lacks one of the keys backup, takenBefore, takenAfter, newest"
        )
        #expect(diagnostic.help == "add for example backup: backup-ro5c4er4aac")
    }

    @Test func standardInputThatWasNotGivenIsAnError() {
        #expect(throws: ManifestErrors.self) { try ManifestReader().read(["-"]) }
    }

    @Test(arguments: ["", "# nothing\n", "---\n---\n"])
    func nothingReadIsAnErrorNeverAnEmptyFleet(text: String) {
        #expect(mistakes(in: text).map(\.rule) == ["nothing-read"])
    }

    @Test func unknownKeysAreAnsweredWithTheNearestOne() throws {
        let text = Sample.text.replacing("maxAge: 26h", with: "max-ages: 26h")
        let diagnostic = try #require(mistakes(in: text).first)
        #expect(diagnostic.message == "backups has no key \"max-ages\"")
        #expect(diagnostic.help == "did you mean \"maxAge\"?")
        #expect(diagnostic.sourceLine == "    max-ages: 26h")
        #expect(diagnostic.width == 8)
    }
}

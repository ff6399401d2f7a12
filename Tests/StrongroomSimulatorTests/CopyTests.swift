import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 10.
@Suite struct CopyTests {
    private static let tagged = Backup(
        id: BackupID(bits: 1),
        region: virginia.region,
        createdAt: morning - .days(2),
        state: .ready,
        mode: .fips,
        details: BackupDetails(tags: ["keep": "yes"], hsmType: .hsm2mMedium)
    )

    private func copied(tags: [String: String]? = nil) throws -> (Stage, Answer) {
        var stage = Stage(adopting: Adopted.group(backups: [Self.tagged]))
        let request = CopyBackup(backup: Self.tagged.id, to: ireland.region, tags: tags)
        let answer = try stage.call(.copyBackup(request))
        return (stage, answer)
    }

    @Test func theAnswerHasTheOriginAndNoId() throws {
        let (_, answer) = try copied()
        let expected = DestinationBackup(
            createdAt: Self.tagged.createdAt,
            sourceRegion: virginia.region,
            sourceBackup: Self.tagged.id,
            sourceCluster: Adopted.cluster
        )
        #expect(answer == .destinationBackup(expected))
    }

    @Test func theCopyIsReadyInTheDestinationAfterItsLatency() throws {
        var (stage, _) = try copied()
        let copy = try #require(stage.copies.first)
        #expect(copy.region == ireland.region)
        #expect(copy.state == .createInProgress)
        stage.pass(.minutes(10) - .milliseconds(1))
        #expect(stage.backup(copy.id)?.state == .createInProgress)
        stage.pass(.milliseconds(1))
        #expect(stage.backup(copy.id)?.state == .ready)
    }

    @Test func theCopyHasItsSourcesContentTimeAndItsOwnCopyTime() throws {
        let (stage, _) = try copied()
        let copy = try #require(stage.copies.first)
        #expect(copy.createdAt == Self.tagged.createdAt)
        #expect(copy.origin?.copiedAt == morning)
        #expect(copy.origin?.backup == Self.tagged.id)
        #expect(copy.origin?.region == virginia.region)
        #expect(copy.mode == .fips)
        #expect(copy.hsmType == .hsm2mMedium)
    }

    @Test func tagsAreTheSourcesUnlessGiven() throws {
        let (inherited, _) = try copied()
        #expect(inherited.group.backups.last?.tags == ["keep": "yes"])
        let (replaced, _) = try copied(tags: ["by": "us"])
        #expect(replaced.group.backups.last?.tags == ["by": "us"])
        let (none, _) = try copied(tags: [:])
        #expect(none.group.backups.last?.tags == [:])
    }

    @Test func eachCallMakesAnotherCopy() throws {
        var (stage, _) = try copied()
        try stage.call(.copyBackup(CopyBackup(backup: Self.tagged.id, to: ireland.region)))
        #expect(stage.copies.count == 2)
        #expect(Set(stage.group.backups.map(\.id)).count == 3)
    }

    @Test func aCopyHasNoRetention() throws {
        var (stage, _) = try copied()
        stage.pass(.days(1_000))
        #expect(stage.copies.map(\.state) == [.ready])
    }

    @Test func aCopyIsDeletedAndRestoredInItsOwnRegionOnly() throws {
        var (stage, _) = try copied()
        stage.pass(.minutes(10))
        let copy = try #require(stage.copies.first)
        let deletion = Call.deleteBackup(DeleteBackup(backup: copy.id))
        #expect(stage.refusal(of: deletion) == .resourceNotFound)
        #expect(stage.refusal(of: deletion, at: ireland) == nil)
        #expect(stage.backup(copy.id)?.state == .pendingDeletion)
        #expect(stage.backup(Self.tagged.id)?.state == .ready)
    }

    @Test func aFailedCopyIsDeletedAndSoonUnlisted() throws {
        var (stage, _) = try copied()
        let copy = try #require(stage.copies.first)
        try stage.world.failBackup(copy.id)
        #expect(stage.backup(copy.id)?.state == .deleted)
        stage.pass(.days(1))
        #expect(stage.backup(copy.id) == nil)
    }

    @Test(arguments: ["us-east-1", "us-gov-west-1", "cn-north-1"])
    func someDestinationsAreRefused(destination: String) {
        var stage = Stage(adopting: Adopted.group(backups: [Self.tagged]))
        let request = CopyBackup(backup: Self.tagged.id, to: value(destination))
        #expect(stage.refusal(of: .copyBackup(request)) == .invalidRequest)
    }

    @Test func aCopyOfACopyNamesTheCopy() throws {
        var (stage, _) = try copied()
        stage.pass(.minutes(10))
        let first = try #require(stage.copies.first)
        let tokyo: Region = value("ap-northeast-1")
        try stage.call(.copyBackup(CopyBackup(backup: first.id, to: tokyo)), at: ireland)
        let second = try #require(stage.group.backups.first { $0.region == tokyo })
        #expect(second.origin?.backup == first.id)
        #expect(second.origin?.region == ireland.region)
        #expect(second.createdAt == Self.tagged.createdAt)
    }
}

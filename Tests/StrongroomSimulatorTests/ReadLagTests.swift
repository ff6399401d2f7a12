import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 17: reads are eventually consistent.
@Suite struct ReadLagTests {
    private func lagging(_ seed: UInt64 = 1) throws -> Stage {
        var settings = SimulatorSettings.calm
        settings.seed = seed
        settings.readLag = .minutes(2)
        var stage = try Stage.active(hsms: 2, settings)
        stage.pass(.hours(1))
        return stage
    }

    /// How long a read shows what was before, in whole seconds.
    private func lag(_ stage: Stage, before: ProtectionGroup) -> Int? {
        (0...121).first { second in
            var later = stage
            later.pass(.seconds(second))
            return later.world.observe(stage.id) != before
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aReadShowsACallAtTheLatestAfterTheLongestLag(seed: UInt64) throws {
        var stage = try lagging(seed)
        let before = try #require(stage.world.observe(stage.id))
        try stage.add()
        let seconds = try #require(lag(stage, before: before), "seed \(seed)")
        #expect(seconds <= 120, "seed \(seed)")
    }

    @Test func lagsDiffer() throws {
        let lags = try (1...20 as ClosedRange<UInt64>).map { seed -> Int? in
            var stage = try lagging(seed)
            let before = try #require(stage.world.observe(stage.id))
            try stage.add()
            return lag(stage, before: before)
        }
        #expect(Set(lags).count > 10)
    }

    @Test func theAnswerShowsWhatReadsDoNotYet() throws {
        var stage = try lagging()
        let before = try #require(stage.world.observe(stage.id))
        let hsm = try stage.add()
        #expect(hsm.state == .createInProgress)
        #expect(stage.world.observe(stage.id) == before)
        #expect(stage.hsms.count == 3)
    }

    @Test func aNewClusterIsNotListedAtOnce() throws {
        var settings = SimulatorSettings.calm
        settings.readLag = .minutes(2)
        var stage = try Stage(settings)
        #expect(stage.world.observe(stage.id)?.cluster == nil)
        let listing = Call.describeClusters(DescribeClusters())
        #expect(try stage.call(listing) == .clusters([], nextToken: nil))
        stage.pass(.minutes(2))
        #expect(stage.world.observe(stage.id)?.cluster != nil)
    }

    @Test func callsComeToBeSeenInTheOrderTheyWereDoneIn() throws {
        var stage = try lagging()
        try stage.call(.tagResource(TagResource(.cluster(stage.cluster), tags: ["a": "1"])))
        try stage.call(.tagResource(TagResource(.cluster(stage.cluster), tags: ["b": "2"])))
        for second in 0...120 {
            var later = stage
            later.pass(.seconds(second))
            let tags = later.world.observe(stage.id)?.cluster?.tags ?? [:]
            #expect(tags["b"] == nil || tags["a"] != nil, "after \(second) s")
        }
    }

    @Test func everyKindOfCallIsHiddenWhole() throws {
        let quick = try #require(RetentionPeriod(days: 7))
        for make: (Stage) -> Call in [
            { .deleteHSM(DeleteHSM(cluster: $0.cluster, hsm: $0.hsms[1].id)) },
            { .modifyCluster(ModifyCluster(cluster: $0.cluster, change: .retention(quick))) },
            { .deleteBackup(DeleteBackup(backup: $0.own[0].id)) },
            { .copyBackup(CopyBackup(backup: $0.own[0].id, to: ireland.region)) },
            {
                .modifyBackupAttributes(
                    ModifyBackupAttributes(backup: $0.own[0].id, neverExpires: true)
                )
            },
            { .tagResource(TagResource(.backup($0.own[0].id), tags: ["a": "b"])) },
        ] {
            var stage = try lagging()
            let before = try #require(stage.world.observe(stage.id))
            let call = make(stage)
            try stage.call(call)
            #expect(stage.group != before, "\(call.operation)")
            #expect(stage.world.observe(stage.id) == before, "\(call.operation)")
        }
    }

    @Test func withoutLagEveryReadShowsTheTruth() throws {
        var stage = try Stage.active()
        try stage.add()
        #expect(stage.world.observe(stage.id) == stage.group)
    }
}

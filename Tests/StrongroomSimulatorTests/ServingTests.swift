import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// What a server relies on that keeps what it read.
@Suite struct ServingTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func aGroupStaysAsItIsUntilTheMomentThatIsTold(seed: UInt64) async throws {
        var walk = RandomWalk(seed: seed)
        var world = SimulatedWorld(beginningAt: morning, settings: .laggy(seed))
        let service = try SimulatedService.begin(
            store: MemoryStore(),
            now: morning,
            settings: world.settings
        )
        for _ in 0..<80 {
            let deed = walk.deed(in: world)
            #expect(await service.undergo(deed).isAnswered == world.undergo(deed).isAnswered)
            var held: [GroupID: StandingGroup] = [:]
            for id in try service.groupIDs() { held[id] = try service.standing(id) }
            for _ in 0..<4 {
                let now = service.now() + .milliseconds(walk.number(in: 0...400_000))
                try service.proceed(to: now, keeping: false)
                for (id, standing) in held where standing.until.map({ now < $0 }) ?? true {
                    #expect(try service.observe(id) == standing.group, "seed \(seed), \(now)")
                }
            }
            world.advance(to: service.now())
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aCallThatReadsDoNotShowYetIsAMomentThatIsTold(seed: UInt64) throws {
        let service = try SimulatedService.begin(
            store: MemoryStore(),
            now: morning,
            settings: .laggy(seed)
        )
        let answer = try service.perform(.createCluster(.plain()), at: virginia, in: nil)
        guard case .cluster(let cluster) = answer else {
            Issue.record("no cluster was made")
            return
        }
        let id = GroupID(home: virginia, cluster: cluster.id)
        let standing = try service.standing(id)
        if standing.group.cluster == nil {
            let until = try #require(standing.until)
            #expect(until <= morning + service.settings.readLag)
            try service.proceed(to: until, keeping: false)
        }
        #expect(try service.standing(id).group.cluster?.id == cluster.id, "seed \(seed)")
    }

    @Test func theClockNeverGoesBackAndIsKeptWhenAsked() throws {
        let store = MemoryStore()
        let service = try SimulatedService.begin(store: store, now: morning)
        try service.proceed(to: morning + .hours(1), keeping: false)
        try service.proceed(to: morning, keeping: false)
        #expect(service.now() == morning + .hours(1))
        #expect(try SimulatedService.open(store: store).now() == morning)
        try service.proceed(to: morning, keeping: true)
        #expect(try SimulatedService.open(store: store).now() == morning + .hours(1))
    }

    @Test func aGroupOfALostRegionStandsWithoutWhatLiesThere() throws {
        let stage = try Stage.active()
        let service = try SimulatedService.begin(
            store: MemoryStore([stage.group]),
            now: stage.world.now
        )
        #expect(try service.standing(stage.group.id).group.cluster != nil)
        try service.loseRegion(virginia.region)
        #expect(service.lostRegions == [virginia.region])
        #expect(try service.standing(stage.group.id).group.cluster == nil)
    }
}

extension SimulatorSettings {
    /// A world whose reads lag.
    fileprivate static func laggy(_ seed: UInt64) -> SimulatorSettings {
        SimulatorSettings(seed: seed, readLag: .seconds(120))
    }
}

extension Outcome {
    /// Whether a call was answered and not refused.
    fileprivate var isAnswered: Bool {
        if case .answered = self { return true }
        return false
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// What holds in every world, over seeded random sequences of calls, faults and time.
@Suite struct PropertyTests {
    static let seeds: [UInt64] = Array(1...20)
    private static let length = 120

    private func settings(_ seed: UInt64) -> SimulatorSettings {
        SimulatorSettings(
            seed: seed,
            latencies: seed % 5 == 0 ? .zero : .usual,
            readLag: seed % 3 == 0 ? .zero : .minutes(2),
            quotas: Quotas(clusters: 6, hsms: 12)
        )
    }

    @Test(arguments: seeds)
    func theSameDeedsMakeTheSameWorldToTheByte(seed: UInt64) throws {
        var one = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        var other = one
        var walk = RandomWalk(seed: seed)
        for number in 0..<Self.length {
            let deed = walk.deed(in: one)
            #expect(one.undergo(deed) == other.undergo(deed), "seed \(seed), deed \(number)")
        }
        #expect(one == other, "seed \(seed)")
        for (id, group) in one.groups {
            #expect(group.memory.json == other.groups[id]?.memory.json, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func oneJumpComesToTheSameAsManySmallSteps(seed: UInt64) {
        var jumping = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        var walking = jumping
        var walk = RandomWalk(seed: seed)
        var steps = RandomWalk(seed: seed &+ 1_000)
        for number in 0..<Self.length {
            let deed = walk.deed(in: jumping)
            _ = jumping.undergo(deed)
            if case .pass = deed {
                while walking.now < jumping.now {
                    let step = Duration.milliseconds(steps.number(in: 1...40_000_000))
                    walking.advance(to: min(jumping.now, walking.now + step))
                }
            } else {
                _ = walking.undergo(deed)
            }
            #expect(jumping == walking, "seed \(seed), deed \(number): \(deed)")
        }
    }

    @Test(arguments: seeds)
    func aMemoryWrittenAndReadIsTheSame(seed: UInt64) throws {
        var world = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        var walk = RandomWalk(seed: seed)
        for number in 0..<Self.length {
            _ = world.undergo(walk.deed(in: world))
            for group in world.groups.values where number % 3 == 0 {
                let again = try SimulatorMemory(json: group.memory.json)
                #expect(again == group.memory, "seed \(seed), deed \(number)")
            }
        }
    }

    @Test(arguments: seeds.prefix(10))
    func theServiceOverAStoreIsTheSameWorld(seed: UInt64) async throws {
        var world = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        let store = MemoryStore()
        var service = try SimulatedService.begin(
            store: store,
            now: morning,
            settings: settings(seed)
        )
        var walk = RandomWalk(seed: seed)
        for number in 0..<Self.length {
            let deed = walk.deed(in: world)
            let expected = world.undergo(deed)
            let actual = await service.undergo(deed)
            if case .pass = deed {} else { #expect(actual == expected, "seed \(seed), \(number)") }
            for id in world.groups.keys where number % 4 == 0 {
                let observed = try service.observe(id)
                #expect(observed == world.observe(id), "seed \(seed), deed \(number): \(deed)")
            }
            if number % 7 == 0 {
                // Another process goes on where this one stopped.
                try service.flush()
                service = try SimulatedService.open(store: store)
            }
        }
        try service.flush()
        let end = try await service.advance(by: .days(400))
        world.advance(to: world.now + .days(400))
        #expect(end.to == world.now)
        for (id, group) in world.groups {
            #expect(try service.observe(id) == group.view, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func idsAreUniqueAndRetentionNeverTakesTheLastReadyBackup(seed: UInt64) {
        var world = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        var walk = RandomWalk(seed: seed)
        for number in 0..<Self.length {
            let deed = walk.deed(in: world)
            let before = world
            _ = world.undergo(deed)
            let ids = world.groups.values.flatMap { $0.group.backups.map(\.id) }
            #expect(Set(ids).count == ids.count, "seed \(seed), deed \(number)")
            for (id, group) in world.groups {
                let hadReady = before.groups[id]?.group.backups.contains {
                    $0.isReady && !$0.isCopy
                }
                guard hadReady == true, !deed.deletesBackup else { continue }
                #expect(
                    group.group.backups.contains { $0.isReady && !$0.isCopy },
                    "seed \(seed), deed \(number): \(deed)"
                )
            }
        }
    }

    @Test(arguments: seeds)
    func aReadShowsTheWorldBeforeOrAfterTheLastCallsAndThenTheTruth(seed: UInt64) {
        var world = SimulatedWorld(beginningAt: morning, settings: settings(seed))
        var walk = RandomWalk(seed: seed)
        for number in 0..<Self.length {
            _ = world.undergo(walk.deed(in: world))
            guard number % 5 == 0 else { continue }
            var later = world
            later.advance(to: world.now + settings(seed).readLag)
            for (id, group) in later.groups {
                #expect(later.observe(id) == group.group, "seed \(seed), deed \(number)")
                #expect(group.memory.unseen.isEmpty, "seed \(seed), deed \(number)")
            }
        }
    }
}

extension Deed {
    fileprivate var deletesBackup: Bool {
        guard case .call(let call, _) = self, case .deleteBackup = call else { return false }
        return true
    }
}

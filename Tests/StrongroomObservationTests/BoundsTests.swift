import CloudHSM
import StrongroomModel
import StrongroomObservation
import StrongroomSimulator
import Synchronization
import Testing

/// Reading ends, whatever the service does: by pages, by time, by failures, by cancellation.
@Suite("A reading", .timeLimit(.minutes(1)))
struct BoundsTests {
    /// A time that passes only when it is told to, and calls that are counted.
    private final class Stage: Sendable {
        private let state = Mutex((uptime: Duration.zero, calls: [Place: Int]()))

        var uptime: Duration { state.withLock { $0.uptime } }
        func pass(_ span: Duration) { state.withLock { $0.uptime += span } }
        func note(_ place: Place) { state.withLock { $0.calls[place, default: 0] += 1 } }
        func calls(at place: Place) -> Int { state.withLock { $0.calls[place] ?? 0 } }
    }

    private struct Dropped: ReadingFailure {
        let unreadReason = UnreadReason("the connection was dropped", next: "look at the network")
    }

    private static func page(_ call: Call, token: String?) -> Answer {
        call.operation == "DescribeClusters"
            ? .clusters([], nextToken: token) : .backups([], nextToken: token)
    }

    @Test("ends after a hundred empty pages that lead on, each with a new token")
    func emptyPages() async throws {
        let stage = Stage()
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            uptime: still
        ) { call, place in
            stage.note(place)
            return Self.page(call, token: "\(stage.calls(at: place))")
        }
        let unread = try await service.refresh().unreadPlaces
        #expect(
            unread == [
                home: UnreadReason(
                    "100 pages in a row had nothing on them, and led on",
                    onPage: "page 100 of DescribeClusters, page 100 of DescribeBackups",
                    next: UnreadReason.retrial
                )
            ]
        )
        #expect(stage.calls(at: home) == 200)
    }

    @Test("ends after ten thousand pages of one listing")
    func manyPages() async throws {
        let stage = Stage()
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            uptime: still
        ) { call, place in
            guard call.operation == "DescribeBackups" else { return .clusters([], nextToken: nil) }
            stage.note(place)
            let number = stage.calls(at: place)
            return .backups([listed(own(number), of: 1)], nextToken: "\(number)")
        }
        let reason = try await service.refresh().unreadPlaces[home]
        #expect(reason?.page == "page 10000 of DescribeBackups")
        #expect(stage.calls(at: home) == 10_000)
    }

    @Test("of a place ends after two minutes, both listings together")
    func time() async throws {
        let stage = Stage()
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            limits: PageLimits(readsAtOnce: 1),
            uptime: { stage.uptime }
        ) { call, place in
            stage.note(place)
            stage.pass(.seconds(25))
            let number = stage.calls(at: place)
            return call.operation == "DescribeClusters"
                ? .clusters([], nextToken: number < 3 ? "\(number)" : nil)
                : .backups([listed(own(number), of: 1)], nextToken: "\(number)")
        }
        let unread = try await service.refresh().unreadPlaces
        #expect(
            unread == [
                home: UnreadReason(
                    "it took longer than the 120 s there are for a place",
                    onPage: "page 3 of DescribeBackups",
                    next: UnreadReason.retrial
                )
            ]
        )
        #expect(stage.calls(at: home) == 5)
    }

    @Test("does not count the time in which a place waits for others")
    func timeOfOthers() async throws {
        let stage = Stage()
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            limits: PageLimits(readsAtOnce: 1),
            uptime: { stage.uptime }
        ) { call, _ in
            stage.pass(.seconds(50))
            return Self.page(call, token: nil)
        }
        #expect(try await service.refresh().unreadPlaces == [:])
    }

    @Test("leaves a place alone after five failures in a row, and tries it once after a pause")
    func failures() async throws {
        let stage = Stage()
        let isBroken = Mutex(false)
        let groups = (1...100).map { groupID($0) }
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            uptime: { stage.uptime }
        ) { call, place in
            stage.note(place)
            if isBroken.withLock(\.self), place == home { throw Dropped() }
            return Self.page(call, token: nil)
        }
        _ = try await service.refresh()
        isBroken.withLock { $0 = true }
        let before = stage.calls(at: home)
        for group in groups {
            let failure = await #expect(throws: PartlyRead.self) {
                try await service.observe(group)
            }
            #expect(failure?.unreadReason.cause == "the connection was dropped")
            #expect(failure?.unreadReason.next == "look at the network")
        }
        #expect(stage.calls(at: home) - before == 5)
        stage.pass(.seconds(29))
        _ = try? await service.observe(groups[0])
        #expect(stage.calls(at: home) - before == 5)
        stage.pass(.seconds(1))
        _ = try? await service.observe(groups[0])
        #expect(stage.calls(at: home) - before == 6)
        stage.pass(.seconds(30))
        isBroken.withLock { $0 = false }
        // The one that is let through opens the place again, for those that come after it.
        _ = try? await service.observe(groups[0])
        _ = try await service.observe(groups[0])
    }

    @Test("counts each attempt of a transport that tries again, and stops it")
    func attempts() async throws {
        let attempts = Mutex(0)
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            limits: PageLimits(readsAtOnce: 1),
            uptime: still,
            retrying: { _, _, watch in
                while true {
                    try watch.check()
                    attempts.withLock { $0 += 1 }
                    try watch.failed(Dropped())
                }
            }
        )
        let reason = try await service.refresh().unreadPlaces[home]
        #expect(attempts.withLock(\.self) == 5)
        #expect(reason?.cause == "the connection was dropped")
        #expect(reason?.page == nil)
    }

    @Test("does not leave a place alone because of refusals of what it was asked for")
    func refusals() async throws {
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            uptime: still
        ) { call, _ in
            guard case .describeBackups(let request) = call, !request.filters.isEmpty else {
                return Self.page(call, token: nil)
            }
            throw ServiceException.notFound("it")
        }
        _ = try await service.refresh()
        for number in 1...20 {
            _ = try await service.observe(groupID(number))
        }
    }

    @Test("ends with the task, and with nothing but its cancellation")
    func cancellation() async throws {
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            uptime: still
        ) { call, _ in
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch { throw Dropped() }
            return Self.page(call, token: nil)
        }
        let began = ContinuousClock.now
        for work in [
            Task { _ = try await service.refresh() },
            Task { _ = try await service.inventory() },
            Task { _ = try await service.observe(groupID(1)) },
        ] {
            try await Task.sleep(for: .milliseconds(50))
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
        }
        #expect(began.duration(to: .now) < .seconds(60))
    }

    @Test("that others wait for goes on for them when one of them is stopped")
    func stoppedLook() async throws {
        let isOpen = Atomic(false)
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: [virginia],
            uptime: still
        ) { call, _ in
            while !isOpen.load(ordering: .relaxed) {
                try await Task.sleep(for: .milliseconds(5))
            }
            return Self.page(call, token: nil)
        }
        // The first reads, all others wait for the next reading.
        let first = Task { try await service.observe(groupID(1)) }
        try await Task.sleep(for: .milliseconds(50))
        let impatient = Task { try await service.observe(groupID(2)) }
        let patient = Task { try await service.observe(groupID(3)) }
        try await Task.sleep(for: .milliseconds(50))
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        isOpen.store(true, ordering: .relaxed)
        #expect(try await patient.value.id == groupID(3))
    }
}

/// What was not read is named, so that it is not taken for seen.
@Suite("A look")
struct LeftOutTests {
    @Test("names the Regions that were left out, together and apart")
    func leftOut() async throws {
        let ids = (1...12).map { groupID($0) }
        let inner = try simulated(
            ids.enumerated().map { index, id in
                ProtectionGroup(id: id, cluster: cluster(index + 1), backups: [own(index + 1)])
            }
        )
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) { call, place in
            if place == away { throw ServiceException(.internalFailure, "no answer") }
            return try inner.perform(call, at: place, in: nil)
        }
        let seen = try await service.refresh()
        #expect(seen.group(ids[3])?.unreadRegions == [ireland])
        #expect(seen.group(ids[3])?.cluster == cluster(4))
        #expect(seen.group(groupID(99)) == nil)
        #expect(try await service.observe(ids[0]).unreadRegions == [ireland])
        let looks = try await sideBySide(ids, width: ids.count) { try await service.observe($0) }
        #expect(looks.allSatisfy { $0.unreadRegions == [ireland] })
    }

    @Test("names none where all was read")
    func whole() async throws {
        let inner = try simulated([
            ProtectionGroup(id: groupID(1), cluster: cluster(1), backups: [own(1)])
        ])
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        )
        #expect(try await service.refresh().group(groupID(1))?.unreadRegions == [])
        #expect(try await service.observe(groupID(1)).unreadRegions == [])
    }
}

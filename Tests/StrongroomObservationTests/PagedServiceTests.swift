import CloudHSM
import StrongroomModel
import StrongroomObservation
import StrongroomSimulator
import Synchronization
import Testing

/// A service seen through its pages shows what the service shows, or says that it cannot.
@Suite("A service seen through pages")
struct PagedServiceTests {
    private static func group(_ number: Int, backups: Int, copies: Int) -> ProtectionGroup {
        ProtectionGroup(
            id: groupID(number),
            cluster: cluster(number),
            backups: (0..<backups).map { own(1_000 * number + $0, age: .hours(1 + $0)) }
                + (0..<copies).map {
                    copy(1_000 * number + 500 + $0, of: 1_000 * number + 2 * $0)
                }
        )
    }

    private static func inOrder(_ group: ProtectionGroup) -> ProtectionGroup {
        var group = group
        group.backups.sort { ($0.region, $0.id) < ($1.region, $1.id) }
        return group
    }

    @Test("shows the groups of the service, before and after an inventory", arguments: [1, 12])
    func showsTheSame(clusters: Int) async throws {
        let groups = (1...clusters).map { Self.group($0, backups: 3 * $0, copies: $0) }
        let inner = try simulated(groups)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        )
        for group in groups.prefix(2) {
            #expect(try await service.observe(group.id) == Self.inOrder(group))
        }
        let seen = try await service.refresh()
        #expect(seen.inventory == (try inner.inventory()))
        #expect(seen.groups == groups.map(Self.inOrder))
        for group in groups.prefix(5) {
            #expect(try await service.observe(group.id) == Self.inOrder(group))
        }
    }

    @Test("finds a copy whose source is gone, and one made since the inventory")
    func findsCopies() async throws {
        let orphan = copy(700, of: 99)
        var group = Self.group(1, backups: 2, copies: 0)
        group.backups.append(orphan)
        let inner = try simulated([group])
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        )
        _ = try await service.refresh()
        let request = CopyBackup(backup: id(1_000), to: mumbai)
        _ = try inner.perform(.copyBackup(request), at: home, in: group.id)
        let seen = try await service.observe(group.id)
        #expect(seen.backup(orphan.id) == orphan)
        #expect(seen.backups.contains { $0.region == mumbai && $0.copiedFrom == id(1_000) })
    }

    @Test("lists the clusters of one place by reading that place alone")
    func listsClusters() async throws {
        let inner = try simulated((1...3).map { Self.group($0, backups: 1, copies: 0) })
        let calls = Mutex<[String]>([])
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) { call, place in
            calls.withLock { $0.append("\(call.operation) \(place.region)") }
            if place == away { throw ServiceException(.throttling, "slow down") }
            return try inner.perform(call, at: place, in: nil)
        }
        let ids: [ClusterID] = [id(1), id(2), id(3)]
        #expect(try await service.clusters(at: home).map(\.id) == ids)
        #expect(calls.withLock(\.self) == ["DescribeClusters us-east-1"])
        let failure = await #expect(throws: UnreadPlace.self) {
            _ = try await service.clusters(at: away)
        }
        #expect(failure?.unreadReason.page == "page 1 of DescribeClusters")
    }

    @Test("shows nothing of a cluster that is not listed yet, and does not fail")
    func nothingYet() async throws {
        let seen = try await paged(ScriptedPages()).observe(groupID(7))
        #expect(seen == ProtectionGroup(id: groupID(7), cluster: nil))
    }

    @Test("fails a look in which a page is missing, and names it")
    func missingPage() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 2)])
        let isBroken = Mutex(false)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) {
            call,
            place in
            if isBroken.withLock({ $0 }), place == away {
                throw ServiceException(.throttling, "slow down")
            }
            return try inner.perform(call, at: place, in: nil)
        }
        _ = try await service.refresh()
        isBroken.withLock { $0 = true }
        let failure = await #expect(throws: PartlyRead.self) {
            _ = try await service.observe(groupID(1))
        }
        #expect(
            failure?.description
                == "\(away) was not read whole: page 1 of DescribeBackups: "
                + "ThrottlingException: slow down"
        )
        // What was read is shown; that the copies are not in it says nothing.
        #expect(failure?.group.cluster == cluster(1))
        #expect(failure?.group.backups.map(\.region) == [virginia, virginia, virginia])
        #expect(failure?.group.unreadRegions == [ireland])
        let unread = try await service.refresh().unreadPlaces
        #expect(unread.mapValues(\.cause) == [away: "ThrottlingException: slow down"])
    }

    @Test("leaves out what planning began without, until an inventory has read it")
    func leavesOut() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 2)])
        let isBroken = Mutex(true)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) {
            call,
            place in
            if isBroken.withLock({ $0 }), place == away {
                throw ServiceException(.internalFailure, "no answer")
            }
            return try inner.perform(call, at: place, in: nil)
        }
        #expect(try await service.inventory().unreadPlaces.keys.contains(away))
        #expect(try await service.observe(groupID(1)).backups.count == 3)
        isBroken.withLock { $0 = false }
        // Still as planning began: the copies do not come and go within one plan.
        #expect(try await service.observe(groupID(1)).backups.count == 3)
        #expect(try await service.inventory().unreadPlaces == [:])
        #expect(try await service.observe(groupID(1)).backups.count == 5)
        isBroken.withLock { $0 = true }
        _ = try await service.inventory()
        await #expect(throws: PartlyRead.self) { _ = try await service.observe(groupID(1)) }
    }

    @Test("says that nothing is seen of a group whose home does not answer")
    func lostHome() async throws {
        let inner = try simulated([
            Self.group(1, backups: 3, copies: 0), Self.group(2, backups: 3, copies: 2),
        ])
        try inner.loseRegion(virginia)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        )
        let seen = try await service.refresh()
        #expect(seen.groups.map(\.id) == [groupID(2)])
        #expect(seen.inventory.unreadPlaces.keys.sorted() == [home])
        await #expect(throws: Unread.self) { _ = try await service.observe(groupID(1)) }
        var expected = Self.inOrder(try inner.observe(groupID(2)))
        expected.unreadRegions = [virginia]
        #expect(try await service.observe(groupID(2)) == expected)
    }

    @Test("does not believe that a READY backup is gone without a trace")
    func vanishedBackup() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 2)])
        let hidden = Mutex<BackupID?>(nil)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) {
            call,
            place in
            let answer = try inner.perform(call, at: place, in: nil)
            guard case .backups(let items, let token) = answer else { return answer }
            let gone = hidden.withLock { $0 }
            return .backups(items.filter { $0.backup.id != gone }, nextToken: token)
        }
        _ = try await service.refresh()
        hidden.withLock { $0 = id(1_501) }
        await #expect(throws: PartlyRead.self) { _ = try await service.observe(groupID(1)) }
        let unread = try await service.refresh().unreadPlaces
        let name: BackupID = id(1_501)
        #expect(
            unread == [
                away: UnreadReason(
                    Self.unlisted,
                    onPage: "DescribeBackups without \(name), READY at \(noon)",
                    next: "run it again; if the console does not list it either, strongroom "
                        + "resolve \(name) --gone --reason WORDS"
                )
            ]
        )
        try await inner.wait(.days(7))
        #expect(try await service.refresh().unreadPlaces == [:])
    }

    private static let unlisted =
        "a backup that was READY is on no page now, though a deleted one stays listed for 7 days"

    @Test("does not believe that a backup is gone which an earlier run saw READY")
    func vanishedBetweenRuns() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 0)])
        let listed = EarlierGroup.Sight(id(1_001), in: virginia, at: noon)
        let missing = [1_099, 1_098].map { EarlierGroup.Sight(id($0), in: ireland, at: noon) }
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            earlier: [EarlierGroup(groupID(1), isLiving: true, ready: [listed] + missing)],
            uptime: still
        ) { try inner.perform($0, at: $1, in: nil) }
        let (one, other): (BackupID, BackupID) = (id(1_098), id(1_099))
        let unread = try await service.refresh().unreadPlaces
        #expect(
            unread == [
                away: UnreadReason(
                    Self.unlisted,
                    onPage: "DescribeBackups without \(one), READY at \(noon), and 1 other",
                    next: "run it again; if the console does not list it either, strongroom "
                        + "resolve \(one),\(other) --gone --reason WORDS"
                )
            ]
        )
        try await inner.wait(.days(7))
        #expect(try await service.refresh().unreadPlaces == [:])
    }

    @Test("asks by id for a cluster that no page lists")
    func hiddenCluster() async throws {
        let inner = try simulated([Self.group(1, backups: 0, copies: 0)])
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            earlier: [groupID(1), groupID(2)].map { EarlierGroup($0, isLiving: true) },
            uptime: still
        ) { call, place in
            let answer = try inner.perform(call, at: place, in: nil)
            guard case .describeClusters(let request) = call, request.filters.isEmpty else {
                return answer
            }
            return .clusters([], nextToken: nil)
        }
        let name: ClusterID = id(1)
        #expect(
            try await service.refresh().unreadPlaces == [
                home: UnreadReason(
                    "a cluster is on no page, and is there when asked for by its id",
                    onPage: "DescribeClusters without \(name)"
                )
            ]
        )
    }

    @Test("does not miss on its pages what was first seen while they were read")
    func seenMeanwhile() async throws {
        let inner = try simulated([Self.group(1, backups: 2, copies: 0)])
        let looker = Mutex<PagedService?>(nil)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: [virginia],
            uptime: still,
            retrying: { call, place, _ in
                let answer = try inner.perform(call, at: place, in: nil)
                guard case .clusters(_, _) = answer, case .describeClusters(let request) = call,
                    request.filters.isEmpty, let other = looker.withLock(\.self)
                else { return answer }
                // Somebody looks at the cluster after the page on which it is missing was made.
                looker.withLock { $0 = nil }
                _ = try await other.observe(groupID(1))
                return .clusters([], nextToken: nil)
            }
        )
        looker.withLock { $0 = service }
        #expect(try await service.inventory().unreadPlaces == [:])
    }

    @Test("knows whose the backups are of a cluster that is no longer listed")
    func remembersClusters() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 2)])
        let isGone = Mutex(false)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) { call, place in
            let answer = try inner.perform(call, at: place, in: nil)
            guard case .clusters = answer, isGone.withLock(\.self) else { return answer }
            return .clusters([], nextToken: nil)
        }
        let before = try await service.refresh()
        isGone.withLock { $0 = true }
        let after = try await service.refresh()
        #expect(after.group(groupID(1))?.cluster == nil)
        let known = after.remembering { before.group($0)?.cluster }.group(groupID(1))
        #expect(known?.cluster?.state == .deleted)
        #expect(known?.cluster?.hsms == [])
        #expect(known?.cluster?.tags == before.group(groupID(1))?.cluster?.tags)
        #expect(known?.backups == after.group(groupID(1))?.backups)
        let strangers = after.remembering { _ in nil }
        #expect(strangers.group(groupID(1))?.cluster == nil)
    }

    @Test("passes every call on as it is")
    func passesCallsOn() async throws {
        let inner = try simulated([Self.group(1, backups: 3, copies: 0)])
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        )
        let call = Call.deleteBackup(DeleteBackup(backup: id(1_002)))
        _ = try await service.send(service.sign(call, at: home, in: groupID(1)))
        #expect(try inner.observe(groupID(1)).backup(id(1_002))?.state == .pendingDeletion)
        #expect(try await service.observe(groupID(1)).backup(id(1_002))?.isReady == false)
    }
}

/// Looks that are asked for together are one reading, and never show the world before they were.
@Suite("Looks at the same time")
struct JoinedLookTests {
    private static let groups = (1...12).map { number in
        ProtectionGroup(
            id: groupID(number),
            cluster: cluster(number),
            backups: [own(10 * number, age: .hours(2)), copy(10 * number + 1, of: 10 * number)]
        )
    }

    /// Counts the calls that reach the service.
    private final class Counter: Sendable {
        private let calls = Mutex(0)
        var count: Int { calls.withLock(\.self) }
        func add() { calls.withLock { $0 += 1 } }
    }

    private func service(counting counter: Counter) throws -> (PagedService, SimulatedService) {
        let inner = try simulated(Self.groups)
        let paged = PagedService(over: inner, accounts: [account], regions: regions, uptime: still)
        {
            call,
            place in
            counter.add()
            return try inner.perform(call, at: place, in: nil)
        }
        return (paged, inner)
    }

    private func looks(at ids: [GroupID], of service: PagedService) async throws
        -> [GroupID: ProtectionGroup]
    {
        let looks = try await sideBySide(ids, width: ids.count) { try await service.observe($0) }
        return Dictionary(uniqueKeysWithValues: zip(ids, looks))
    }

    @Test("show what looks apart show, by far fewer calls")
    func areJoined() async throws {
        let counter = Counter()
        let (service, _) = try service(counting: counter)
        _ = try await service.refresh()
        let ids = Self.groups.map(\.id)
        let before = counter.count
        let together = try await looks(at: ids, of: service)
        let callsTogether = counter.count - before
        var apart: [GroupID: ProtectionGroup] = [:]
        for id in ids { apart[id] = try await service.observe(id) }
        #expect(together == apart)
        #expect(callsTogether < (counter.count - before - callsTogether) / 2)
    }

    @Test("never show the world before a call that was made first")
    func areFresh() async throws {
        let (service, inner) = try service(counting: Counter())
        _ = try await service.refresh()
        let ids = Self.groups.map(\.id)
        let seen = try await withThrowingTaskGroup(of: Bool.self) { group in
            for (number, id) in zip(1..., ids) {
                group.addTask {
                    let tagging = TagResource(.cluster(id.cluster), tags: ["n": "\(number)"])
                    _ = try inner.perform(.tagResource(tagging), at: home, in: id)
                    return try await service.observe(id).cluster?.tags["n"] == "\(number)"
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(seen == Array(repeating: true, count: ids.count))
    }

    @Test("fail where a page is missing, each for itself")
    func failTogether() async throws {
        let inner = try simulated(Self.groups)
        let isBroken = Mutex(false)
        let service = PagedService(
            over: inner,
            accounts: [account],
            regions: regions,
            uptime: still
        ) {
            call,
            place in
            if isBroken.withLock(\.self), place == away {
                throw ServiceException(.throttling, "slow down")
            }
            return try inner.perform(call, at: place, in: nil)
        }
        _ = try await service.refresh()
        isBroken.withLock { $0 = true }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for id in Self.groups.map(\.id) {
                group.addTask {
                    do {
                        _ = try await service.observe(id)
                        return false
                    } catch { return "\(error)".contains("slow down") }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == Self.groups.count)
    }
}

import CloudHSM
import StrongroomModel
import StrongroomObservation
import Testing

/// Which backups and copies belong together, and where they are at home.
@Suite("A group")
struct GroupingTests {
    private func seen(_ pages: ScriptedPages) async throws -> FleetObservation {
        try await paged(pages).refresh()
    }

    @Test("has its cluster, its own backups and its copies in every Region")
    func isJoined() async throws {
        let pages = ScriptedPages(
            clusters: [home: [[cluster(1), cluster(2)]]],
            backups: [
                home: [[listed(own(1), of: 1), listed(own(2), of: 2)]],
                away: [[listed(copy(3, of: 1), of: 1)]],
            ]
        )
        let seen = try await seen(pages)
        #expect(seen.unreadGroups == [:])
        #expect(seen.groups.map(\.id) == [groupID(1), groupID(2)])
        #expect(seen.groups[0].backups == [copy(3, of: 1), own(1)].sorted(by: inOrder))
        #expect(seen.groups[1].backups == [own(2)])
    }

    @Test("stays at home after its cluster is gone")
    func outlivesItsCluster() async throws {
        let pages = ScriptedPages(
            backups: [
                home: [[listed(own(1), of: 1)]],
                away: [[listed(copy(3, of: 9, from: mumbai), of: 1)]],
            ]
        )
        let seen = try await seen(pages)
        #expect(seen.groups.map(\.id) == [groupID(1)])
        #expect(seen.groups.first?.cluster == nil)
        #expect(seen.groups.first?.backups.count == 2)
    }

    @Test("of copies alone is at home where they were made from")
    func copiesOfTheUnknown() async throws {
        let pages = ScriptedPages(backups: [away: [[listed(copy(3, of: 1), of: 1)]]])
        #expect(try await seen(pages).groups.map(\.id) == [groupID(1)])
    }

    @Test("of copies of copies is at home in the first Region")
    func copiesOfCopies() async throws {
        let india = Place(account: account, region: mumbai)
        let pages = ScriptedPages(backups: [
            away: [[listed(copy(3, of: 1), of: 1)]],
            india: [[listed(copy(4, of: 3, from: ireland, in: mumbai), of: 1)]],
        ])
        #expect(try await seen(pages).groups.map(\.id) == [groupID(1)])
    }

    @Test("is never joined across accounts")
    func accountsAreApart() async throws {
        let other = Place(account: value("444455556666"), region: virginia)
        let pages = ScriptedPages(
            clusters: [home: [[cluster(1)]]],
            backups: [other: [[listed(own(1), of: 1)]]]
        )
        let service = PagedService(
            over: try simulated(),
            accounts: [account, other.account],
            regions: regions,
            uptime: still
        ) { try pages.answer($0, $1) }
        let seen = try await service.refresh()
        #expect(seen.groups.map(\.id) == [groupID(1), groupID(1, at: other)])
        #expect(seen.unreadGroups == [:])
    }

    @Test("keeps what is dated in the future")
    func futureIsKept() async throws {
        let pages = ScriptedPages(backups: [home: [[listed(own(1, age: .hours(-3)), of: 1)]]])
        #expect(try await seen(pages).groups.first?.backups.count == 1)
    }

    @Test("is not read where two claim the same backup")
    func claimedTwice() async throws {
        let pages = ScriptedPages(
            clusters: [home: [[cluster(1), cluster(2)]]],
            backups: [home: [[listed(own(1), of: 1)], [listed(own(1), of: 2)]]]
        )
        let seen = try await seen(pages)
        #expect(Set(seen.unreadGroups.keys) == [groupID(1), groupID(2)])
        let text = try #require(seen.unreadGroups[groupID(2)])
        #expect(text.cause.contains("on page 1 of DescribeBackups"))
        #expect(text.cause.contains("on page 2 of DescribeBackups"))
        #expect(seen.unreadPlaces == [:])
    }

    @Test("is not read where its cluster, or a backup, is in two places")
    func twoPlaces() async throws {
        let pages = ScriptedPages(clusters: [home: [[cluster(1)]], away: [[cluster(1)]]])
        #expect(
            Set(try await seen(pages).unreadGroups.keys) == [groupID(1), groupID(1, at: away)]
        )
        let astray = ScriptedPages(
            clusters: [home: [[cluster(1)]]],
            backups: [away: [[listed(own(1, in: ireland), of: 1)]]]
        )
        #expect(Set(try await seen(astray).unreadGroups.keys) == [groupID(1)])
    }

    @Test("is one thing where the same is listed twice alike")
    func twiceAlike() async throws {
        let pages = ScriptedPages(
            clusters: [home: [[cluster(1)], [cluster(1)]]],
            backups: [home: [[listed(own(1), of: 1)], [listed(own(1), of: 1)]]]
        )
        let seen = try await seen(pages)
        #expect(seen.unreadGroups == [:])
        #expect(seen.groups.first?.backups == [own(1)])
    }

    @Test("is not read where two pages show two states, and the message names both")
    func twoStates() async throws {
        let pages = ScriptedPages(backups: [
            home: [
                [listed(own(1), of: 1), listed(own(2), of: 1)],
                [listed(own(1, .pendingDeletion), of: 1)],
            ]
        ])
        let seen = try await seen(pages)
        let name: BackupID = id(1)
        #expect(
            seen.unreadGroups == [
                groupID(1): UnreadReason(
                    "two pages contradict each other: \(name) is READY on page 1 of "
                        + "DescribeBackups, PENDING_DELETION on page 2 of DescribeBackups"
                )
            ]
        )
        #expect(seen.groups.first?.readyBackups(in: virginia).map(\.id) == [id(2)])
    }

    private func inOrder(_ left: Backup, _ right: Backup) -> Bool {
        (left.region, left.id) < (right.region, right.id)
    }
}

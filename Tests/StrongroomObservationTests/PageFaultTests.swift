import CloudHSM
import StrongroomModel
import StrongroomObservation
import Synchronization
import Testing

/// What makes a place count as not read whole, and what it says.
@Suite("A listing")
struct PageFaultTests {
    private static let three = [
        home: [[listed(own(1), of: 1)], [listed(own(2), of: 1)], [listed(own(3), of: 1)]]
    ]

    private func reason(_ pages: ScriptedPages) async throws -> UnreadReason? {
        try await paged(pages).refresh().unreadPlaces[home]
    }

    @Test("is whole once a page has no token")
    func isWhole() async throws {
        let pages = ScriptedPages(clusters: [home: [[cluster(1)]]], backups: Self.three)
        let seen = try await paged(pages).refresh()
        #expect(seen.unreadPlaces == [:])
        #expect(seen.groups.map(\.id) == [groupID(1)])
        #expect(seen.groups.first?.backups.count == 3)
    }

    @Test("goes on after an empty page with a token, and ends at an empty token")
    func emptyPages() async throws {
        var pages = ScriptedPages(backups: Self.three)
        pages.backups[home]?[1] = .answer(.backups([], nextToken: "2"))
        pages.backups[home]?[2] = .answer(.backups([listed(own(3), of: 1)], nextToken: ""))
        let seen = try await paged(pages).refresh()
        #expect(seen.unreadPlaces == [:])
        #expect(seen.groups.first?.backups.map(\.id) == [id(1), id(3)])
    }

    @Test("is not whole after a page that fails, and keeps what was read")
    func failingPage() async throws {
        var pages = ScriptedPages(backups: Self.three)
        pages.backups[home]?[2] = .failure(ServiceException(.throttling, "slow down"))
        let seen = try await paged(pages).refresh()
        #expect(
            seen.unreadPlaces == [
                home: UnreadReason(
                    "ThrottlingException: slow down",
                    onPage: "page 3 of DescribeBackups"
                )
            ]
        )
        #expect(seen.groups.first?.backups.count == 2)
    }

    @Test("is not whole where a token comes again", arguments: ["1", "2"])
    func repeatedToken(token: String) async throws {
        var pages = ScriptedPages(backups: Self.three)
        pages.backups[home]?[2] = .answer(.backups([], nextToken: token))
        #expect(
            try await reason(pages)
                == UnreadReason(
                    "the listing leads back to a page that was read already",
                    onPage: "page 3 of DescribeBackups",
                    next: UnreadReason.retrial
                )
        )
    }

    @Test("is not whole beyond the limit of pages")
    func tooManyPages() async throws {
        let pages = ScriptedPages(backups: Self.three)
        let seen = try await paged(pages, limits: PageLimits(pages: 2)).refresh()
        #expect(
            seen.unreadPlaces == [
                home: UnreadReason(
                    "the listing leads on after 2 pages, though no place has so many",
                    onPage: "page 2 of DescribeBackups",
                    next: UnreadReason.retrial
                )
            ]
        )
    }

    @Test("is not whole where the answer is one to another call")
    func wrongAnswer() async throws {
        var pages = ScriptedPages(backups: Self.three)
        pages.backups[home]?[1] = .answer(.empty)
        #expect(
            try await reason(pages)
                == UnreadReason(
                    "the answer is one to another call",
                    onPage: "page 2 of DescribeBackups",
                    next: UnreadReason.retrial
                )
        )
    }

    @Test("is not whole where something of another Region stands in it")
    func foreignItem() async throws {
        let pages = ScriptedPages(backups: [home: [[listed(own(1, in: ireland), of: 1)]]])
        let name: BackupID = id(1)
        #expect(
            try await reason(pages)
                == UnreadReason(
                    "something of another Region is listed: \(name) of eu-west-1",
                    onPage: "page 1 of DescribeBackups",
                    next: UnreadReason.retrial
                )
        )
    }

    @Test("names each listing of a place that is not whole")
    func bothListings() async throws {
        var pages = ScriptedPages(clusters: [home: [[]]], backups: Self.three)
        pages.clusters[home] = [.failure(ServiceException(.accessDenied, "no"))]
        pages.backups[home]?[1] = .failure(ServiceException(.internalFailure, "oops"))
        #expect(
            try await reason(pages)
                == UnreadReason(
                    "CloudHsmAccessDeniedException: no; CloudHsmInternalFailureException: oops",
                    onPage: "page 1 of DescribeClusters, page 2 of DescribeBackups"
                )
        )
    }

    @Test("tells one cause that struck both listings once, and what to do next")
    func oneCause() async throws {
        struct Refused: ReadingFailure {
            let unreadReason = UnreadReason("AWS refused them", next: "who am I")
        }
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            uptime: still
        ) { _, _ in throw Refused() }
        let reason = UnreadReason("AWS refused them", next: "who am I")
        let unread = try await service.refresh().unreadPlaces
        #expect(Set(unread.values) == [reason])
        #expect(unread.count == regions.count)
    }

    @Test("is begun anew once when its token is no longer taken", arguments: [0, 1, 2])
    func expiredToken(refusals: Int) async throws {
        let pages = ScriptedPages(backups: Self.three)
        let left = Mutex(refusals)
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            uptime: still
        ) { call, place in
            if case .describeBackups(let request) = call, request.nextToken == "2" {
                let isRefused = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isRefused { throw ServiceException.invalid("the token has expired") }
            }
            return try pages.answer(call, place)
        }
        let seen = try await service.refresh()
        if refusals < 2 {
            #expect(seen.unreadPlaces == [:])
            #expect(seen.groups.first?.backups.count == 3)
        } else {
            let reason = try #require(seen.unreadPlaces[home])
            #expect(reason.page == "page 3 of DescribeBackups")
            #expect(reason.cause.hasPrefix("the token of a page is refused, also of a listing"))
        }
    }

    @Test("is given up with the task, not taken for incomplete")
    func cancellation() async throws {
        let service = PagedService(
            over: try simulated(),
            accounts: [account],
            regions: regions,
            uptime: still
        ) { _, _ in throw CancellationError() }
        await #expect(throws: CancellationError.self) { _ = try await service.refresh() }
    }

    @Test("is read beside others, never more than so many at once")
    func boundedReads() async throws {
        let running = Mutex((now: 0, most: 0))
        let service = PagedService(
            over: try simulated(),
            accounts: [account, value("444455556666")],
            regions: regions,
            limits: PageLimits(readsAtOnce: 3),
            uptime: still
        ) { call, place in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<20 { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return try ScriptedPages().answer(call, place)
        }
        _ = try await service.refresh()
        let most = running.withLock { $0.most }
        #expect((1...3).contains(most))
    }
}

import CloudHSM
import Foundation
import StrongroomModel
import StrongroomSimulator
import Testing

/// An hour in which a third of all requests fail (`execution.md`, section 5, F12).
@Suite("An hour of throttling")
struct ThrottledHourTests {
    private static var seeds: [UInt64] { Storms.seeds(6, full: 60) }

    @Test("keeps nothing from being done, and starves no account")
    func starvesNobody() async throws {
        var requests = (calm: 0, rough: 0)
        var smallestShare = 1.0
        var latest = 1.0
        for seed in Self.seeds {
            let calm = try Storm(seed: seed, .hour(.clear))
            try await calm.spendAnHour()
            let rough = try Storm(seed: seed, .hour(.throttling), isTelling: true)
            try await rough.spendAnHour()
            let story: Comment = "seed \(seed)\n\(rough.outcome.story.joined(separator: "\n"))"
            #expect(calm.ledger.breaches == [], story)
            #expect(rough.ledger.breaches == [], story)
            let counts = (calm.requestCount, rough.requestCount)
            requests = (requests.calm + counts.0, requests.rough + counts.1)
            #expect(Double(counts.1) <= 1.5 * Double(counts.0) + rough.retryBudget, story)

            let answers = rough.shares.values.map { Double($0.answers) }
            let fair = answers.reduce(0, +) / Double(rough.accounts.count)
            smallestShare = min(smallestShare, (answers.min() ?? 0) / fair)
            #expect((answers.min() ?? 0) * 2 >= fair, story)
            let ends = try rough.accounts.map { account in
                try #require(rough.shares[account]?.doneAt, "\(account) is not done; \(story)")
            }
            let spans = ends.map { Double(($0 - rough.began).wholeMilliseconds) }
            let mean = spans.reduce(0, +) / Double(spans.count)
            latest = max(latest, (spans.max() ?? 0) / mean)
        }
        print(
            "torture F12 | hours \(Self.seeds.count) | accounts 4"
                + " | requests \(requests.rough) | fault-free \(requests.calm)"
                + " | smallest share \(percent(smallestShare)) % of fair"
                + " | latest account \(percent(latest)) % of mean | seed \(Self.seeds.first ?? 0)"
        )
    }

    private func percent(_ part: Double) -> Int { Int((part * 100).rounded()) }
}

extension Weather {
    /// An hour over four accounts: 30 % throttled, 5 % failed, 1 % reset, or none of it.
    fileprivate static func hour(_ sky: Sky) -> Weather {
        var weather = Weather()
        weather.shape = StormWorld.Shape(managed: 4, days: 3, accounts: 4)
        weather.runners = 2...2
        weather.outsiders = 0
        weather.mishaps = 0
        weather.failedWrites = 0
        weather.failedLooks = sky == .throttling ? 360 : 0
        weather.failsInventory = false
        weather.repeatsLooks = true
        weather.heals = false
        let isRough = sky == .throttling
        weather.calls = Calls(
            lostRequests: 0,
            lostAnswers: isRough ? 1 : 0,
            late: 0,
            killedAfter: 0,
            killedBefore: 0,
            throttled: isRough ? 30 : 0,
            failedUndone: isRough ? 3 : 0,
            failedDone: isRough ? 2 : 0
        )
        return weather
    }

    fileprivate enum Sky {
        case clear, throttling
    }
}

extension Storm {
    /// The accounts in question.
    fileprivate var accounts: [AccountID] {
        Array(Set(world.residents.map(\.id.home.account))).sorted()
    }

    fileprivate var requestCount: Int { shares.values.reduce(0) { $0 + $1.requests } }

    /// What failing requests make necessary: one more for each.
    fileprivate var retryBudget: Double {
        Double(shares.values.reduce(0) { $0 + $1.requests - $1.answers })
    }

    /// Cron, every five minutes for an hour, with the same work to do in every account.
    fileprivate func spendAnHour() async throws {
        editions = [
            manifests.fleet(
                of: manifests.names.map { name, account in
                    var desired = DesiredCluster(
                        name: .somewhere(name, line: 2),
                        region: .somewhere(StormWorld.home, line: 3),
                        account: DesiredAccount(name: "account", id: account)
                    )
                    desired.hsms = .somewhere(.total(2), line: 8)
                    desired.tags = .somewhere(["cost-center": "7"], line: 9)
                    let region = Located.somewhere(StormWorld.elsewhere, line: 15)
                    desired.copies = [DesiredCopies(region: region)]
                    return desired
                }
            )
        ]
        slots = [Slot(next: now)]
        while now < began + .hours(1) { try await tick() }
        let ofTheHour = shares
        // What was in doubt in the hour is waited for beyond it.
        while now < began + .hours(3), shares.values.contains(where: { $0.doneAt == nil }) {
            try await tick()
        }
        shares = ofTheHour.merging(shares) { hour, later in
            Share(requests: hour.requests, answers: hour.answers, doneAt: later.doneAt)
        }
    }

    private func tick() async throws {
        try await start(0, .reconcile, editions[0])
        while let process = live.first {
            if case .wait(let until)? = turns.point(of: process), until > now { pass(until - now) }
            pass(.milliseconds(200))
            try await turn(of: process)
        }
        try noteDone()
        pass(.minutes(5))
    }

    private func noteDone() throws {
        for resident in world.residents {
            let account = resident.id.home.account
            guard shares[account]?.doneAt == nil else { continue }
            let group = try world.service.truth(resident.id)
            let isDone =
                group.cluster?.healthyHSMs.count == 2
                && group.cluster?.tags["cost-center"] == "7"
                && !group.readyCopies(in: StormWorld.elsewhere).isEmpty
            if isDone { shares[account, default: Share()].doneAt = now }
        }
    }
}

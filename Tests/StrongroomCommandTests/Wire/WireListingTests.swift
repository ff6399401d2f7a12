import Foundation
import Testing

/// The built program against the built emulator, with listings that fail on the wire.
@Suite("Listings on a failing wire", .serialized)
struct WireListingTests {
    /// A listing that fails as long as the first run lasts.
    struct Case: Sendable {
        let story: WireStory
        let operation: String
        let region: String
        let fault: WireFault

        /// Whether the first page comes and only a later one fails.
        var isLaterPage = false

        /// Whether nothing at all may be done without the listing.
        var blocksAll: Bool { region == "us-east-1" }

        func meets(_ request: WireRequest) -> Bool {
            request.operation == operation && request.region == region
                && request.isLaterPage == isLaterPage
        }
    }

    /// What makes something, and what takes something away.
    private static let makes = WireErrand.unrepeatable
    private static let takes = ["DeleteBackup", "DeleteHsm", "DeleteCluster", "ModifyCluster"]

    @Test("that fail for good let nothing be made or deleted, and the run says which page")
    func lastingFaults() async throws {
        let cases = Self.cases()
        let harms = try await inLanes(6, cases) { one in
            let calm = try await CalmErrands.shared.end(of: one.story)
            let errand = WireErrand(story: one.story, healsAfterFirstRun: true)
            let end = try await errand.run({ one.meets($0) ? one.fault : nil }, until: calm)
            Self.hold(end, calm, one)
            let first = one.blocksAll ? end.effectsSoFar.first ?? [:] : [:]
            return Harm(
                faults: end.faults,
                made: Self.excess(of: Self.makes, end, calm) + Self.count(of: Self.makes, first),
                taken: Self.excess(of: Self.takes, end, calm) + Self.count(of: Self.takes, first)
            )
        }
        Self.close(harms, "over sockets, lasting")
    }

    @Test("that fail now and then, in the middle of a run too, end where a calm run ends")
    func passingFaults() async throws {
        let rounds = Torture.isFull ? 100 : 1
        let faults = WireFault.quick.filter { ![.throttled, .tooManyRequests].contains($0) }
        let stories: [WireStory] =
            Torture.isFull
            ? WireStory.told : [.creation, .scaling, .copies, .restoration, .freshness]
        let errands = (0..<rounds).flatMap { round in
            stories.map { (story: $0, seed: Torture.seed &+ UInt64(round)) }
        }
        let harms = try await inLanes(6, errands) { story, seed in
            let calm = try await CalmErrands.shared.end(of: story)
            let weather = WireWeather(
                seed: seed,
                [.init(part: 0.1, faults: faults)],
                throttles: 0
            )
            let end = try await WireErrand(story: story, healsAfterFirstRun: true).run(
                { $0.isReading ? weather.fault(of: $0) : nil },
                until: calm
            )
            WireFaultTests.hold(end, against: calm, "\(story.rawValue), seed \(seed)")
            return Harm(
                faults: end.faults,
                made: Self.excess(of: Self.makes, end, calm),
                taken: Self.excess(of: Self.takes, end, calm)
            )
        }
        #expect(harms.contains { $0.faults > 0 })
        Self.close(harms, "over sockets, passing")
    }

    /// What an errand met, and what came of it that a calm run does not do.
    private struct Harm {
        let faults: Int
        let made: Int
        let taken: Int
    }

    private static func close(_ harms: [Harm], _ way: String) {
        Torture.close(
            "F13",
            [
                ("errands", harms.count),
                ("faults", harms.reduce(0) { $0 + $1.faults }),
                ("over-creations", harms.reduce(0) { $0 + $1.made }),
                ("deletes from an incomplete inventory", harms.reduce(0) { $0 + $1.taken }),
            ],
            way
        )
    }

    private static func count(of operations: [String], _ effects: [String: Int]) -> Int {
        operations.reduce(0) { $0 + effects[$1, default: 0] }
    }

    private static func excess(
        of operations: [String],
        _ end: WireErrand.End,
        _ calm: WireErrand.End
    ) -> Int {
        operations.reduce(0) { sum, operation in
            sum + max(end.effects[operation, default: 0] - calm.effects[operation, default: 0], 0)
        }
    }

    private static func hold(_ end: WireErrand.End, _ calm: WireErrand.End, _ one: Case) {
        let what = "\(one)"
        WireFaultTests.hold(end, against: calm, what)
        #expect(end.faults > 0, "\(what): no listing met it")
        guard let first = end.runs.first, let effects = end.effectsSoFar.first else { return }
        #expect(first.status != 0, "\(what)\n\(first.err)")
        #expect(
            first.err.contains("page \(one.isLaterPage ? 2 : 1) of \(one.operation)"),
            "\(what)\n\(first.err)"
        )
        guard one.blocksAll else { return }
        let done = (makes + takes).filter { effects[$0, default: 0] > 0 }
        #expect(done == [], "\(what)\n\(first.err)")
    }

    private static func cases() -> [Case] {
        let listings: [(WireStory, String, String, Bool)] = [
            (.creation, "DescribeClusters", "us-east-1", false),
            (.retention, "DescribeBackups", "us-east-1", true),
            (.copies, "DescribeBackups", "eu-west-1", false),
            (.scaling, "DescribeClusters", "us-east-1", false),
            (.copies, "DescribeBackups", "us-east-1", false),
            (.freshness, "DescribeBackups", "us-east-1", false),
            (.parking, "DescribeBackups", "us-east-1", false),
            (.creation, "DescribeBackups", "us-east-1", false),
        ]
        let faults = WireFault.quick.filter { $0 != .wrongType }
        guard !Torture.isFull else {
            return listings.flatMap { one in
                faults.map {
                    Case(
                        story: one.0,
                        operation: one.1,
                        region: one.2,
                        fault: $0,
                        isLaterPage: one.3
                    )
                }
            }
        }
        var numbers = SeededNumbers(seed: Torture.seed)
        let shuffled = faults.shuffled(using: &numbers)
        return listings.indices.prefix(5).map { index in
            Case(
                story: listings[index].0,
                operation: listings[index].1,
                region: listings[index].2,
                fault: shuffled[index % shuffled.count],
                isLaterPage: listings[index].3
            )
        }
    }
}

import CloudHSM
import Foundation
import Glibc
import Logging
import StrongroomAWS
import StrongroomModel
import StrongroomObservation
import Synchronization
import Testing

/// The whole way of a reading over real connections: how often others are asked, and how it ends.
@Suite("Readings over the network", .timeLimit(.minutes(2)))
struct BoundedReadingTests {
    private static let account = Stage.place.account
    private static let regions = ["us-east-1", "eu-west-1", "ap-south-1"].map(Region.named)

    private struct Way {
        let service: PagedService
        let sts: LocalServer
        let hsm: LocalServer
    }

    private func way(
        sts: @escaping @Sendable (SeenRequest) -> StandInAnswer,
        hsm: @escaping @Sendable (SeenRequest) -> StandInAnswer
    ) throws -> Way {
        let (sts, hsm) = (try LocalServer(sts), try LocalServer(hsm))
        let exchange = try NetworkExchange.shared.get()
        let endpoints = try EndpointSettings(variables: [
            "AWS_ENDPOINT_URL_STS": sts.address, "AWS_ENDPOINT_URL_CLOUDHSMV2": hsm.address,
        ])
        let now = { @Sendable in
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        let chain = CredentialChain(
            CredentialEnvironment(
                variables: ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": Canary.secret],
                homeDirectory: nil,
                userID: getuid(),
                now: now
            ),
            over: exchange,
            endpoints: endpoints,
            sessionName: "run-1",
            warn: { _ in }
        )
        let credentials = try AccountCredentials(
            account: Self.account,
            region: Self.regions[0],
            role: nil,
            on: CredentialBase(chain),
            of: chain
        )
        let began = ContinuousClock.now
        let aws = AWSService(
            sessions: AccountSessions([Self.account: credentials], of: chain),
            endpoints: endpoints,
            exchange: exchange,
            surroundings: AWSService.Surroundings(
                now: now,
                uptime: { began.duration(to: .now) },
                sleep: { try await Task.sleep(for: $0) },
                jitter: { 0.1 }
            ),
            logger: Logger(label: "bounds") { _ in SwiftLogNoOpLogHandler() }
        )
        let paged = PagedService(
            over: aws,
            accounts: [Self.account],
            regions: Self.regions,
            limits: PageLimits(readsAtOnce: 64),
            uptime: { began.duration(to: .now) },
            retrying: { call, place, watch in
                try await aws.read(
                    call,
                    at: place,
                    within: ListingBounds(
                        timeLeft: watch.timeLeft,
                        check: watch.check,
                        failed: watch.failed
                    )
                )
            }
        )
        return Way(service: paged, sts: sts, hsm: hsm)
    }

    private static func identity(_ request: SeenRequest) -> StandInAnswer {
        .reply(200, TokenServiceText.identity("arn:aws:iam::\(account):user/ana"))
    }

    @Test func refusedCredentialsAreTriedOnceAndToldOnce() async throws {
        let way = try way(
            sts: { _ in .reply(403, TokenServiceText.refusal("SignatureDoesNotMatch")) },
            hsm: { _ in .cut }
        )
        defer { way.sts.stop(); way.hsm.stop() }
        let unread = try await way.service.refresh().unreadPlaces
        #expect(unread.count == Self.regions.count)
        #expect(
            Set(unread.values.map(\.cause)) == [
                "AWS refused the credentials from AWS_ACCESS_KEY_ID (SignatureDoesNotMatch)"
            ]
        )
        #expect(Set(unread.values.map(\.next)) == ["aws sts get-caller-identity"])
        #expect(way.sts.seen.count == 1)
        #expect(way.hsm.seen.isEmpty)
    }

    @Test func aHundredLooksAtAnEndpointThatDropsConnectionsTakeSeconds() async throws {
        let isBroken = Atomic(false)
        let way = try way(sts: Self.identity) { request in
            guard !isBroken.load(ordering: .relaxed) else { return .cut }
            let isClusters = request.headers.values.contains { $0.hasSuffix("DescribeClusters") }
            return .reply(200, isClusters ? #"{"Clusters":[]}"# : #"{"Backups":[]}"#)
        }
        defer { way.sts.stop(); way.hsm.stop() }
        #expect(try await way.service.refresh().unreadPlaces == [:])
        isBroken.store(true, ordering: .relaxed)
        let before = way.hsm.seen.count
        let began = ContinuousClock.now
        let service = way.service
        let home = Place(account: Self.account, region: Self.regions[0])
        let ids = (1...100).map { GroupID(home: home, cluster: ClusterID(bits: UInt64($0))) }
        // In two waves: looks that are under way at the same time, and those that come after.
        for wave in [Array(ids[..<10]), Array(ids[10...])] {
            let looks = await outcomesSideBySide(wave, width: wave.count) { id in
                try await service.observe(id)
            }
            for look in looks {
                guard case .failure(let error) = look else {
                    Issue.record("a look at a dead endpoint showed something")
                    continue
                }
                #expect("\(error)".contains("ended the connection before its answer was whole"))
            }
        }
        #expect(began.duration(to: .now) < .seconds(100))
        // What was under way at once, and five failures of each of three places.
        #expect(way.hsm.seen.count - before < 100)
    }

    @Test func aReadingIsStoppedWhileTheServiceIsSilent() async throws {
        let way = try way(sts: Self.identity, hsm: { _ in .silence })
        defer { way.sts.stop(); way.hsm.stop() }
        let service = way.service
        let reading = Task { _ = try await service.refresh() }
        while way.hsm.seen.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let began = ContinuousClock.now
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        #expect(began.duration(to: .now) < .seconds(25))
    }

    @Test func aReadingIsStoppedWhileSTSIsSilent() async throws {
        let way = try way(sts: { _ in .silence }, hsm: { _ in .silence })
        defer { way.sts.stop(); way.hsm.stop() }
        let service = way.service
        let reading = Task { _ = try await service.refresh() }
        while way.sts.seen.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let began = ContinuousClock.now
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        #expect(began.duration(to: .now) < .seconds(25))
    }

    @Test func aReadingIsStoppedInAPause() async throws {
        let way = try way(sts: Self.identity, hsm: { _ in .reply(503, "") })
        defer { way.sts.stop(); way.hsm.stop() }
        let service = way.service
        let reading = Task { _ = try await service.refresh() }
        while way.hsm.seen.count < 6 { try await Task.sleep(for: .milliseconds(5)) }
        let began = ContinuousClock.now
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        #expect(began.duration(to: .now) < .seconds(25))
    }
}

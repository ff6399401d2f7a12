import CloudHSM
import CloudHSMWire
import Logging
import StrongroomAWS
import StrongroomModel
import Testing

/// Real sockets, and software that is not ours at the other end; for the operations that it has.
@Suite(
    "Against moto",
    .serialized,
    .enabled(
        if: MotoServer.isInstalled,
        "moto's server is not installed (pip install moto[server])"
    )
)
struct MotoTests {
    /// One server, and a client of it.
    private final class Run {
        let server: MotoServer
        let exchange: MotoExchange
        let service: AWSService
        let place: Place

        init() async throws {
            server = try await MotoServer()
            exchange = try MotoExchange()
            let account = try #require(AccountID("123456789012"))
            place = Place(account: account, region: try #require(Region("us-east-1")))
            let signing = SigningCredentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: Secret("kiwi-secret")
            )
            let began = ContinuousClock.now
            service = AWSService(
                sessions: AccountSessions(
                    current: { _ in
                        Credentials(signing: signing, expiresAt: nil, source: "test")
                    },
                    forget: { _, _ in }
                ),
                endpoints: try EndpointSettings(variables: ["AWS_ENDPOINT_URL": server.address]),
                exchange: exchange,
                surroundings: AWSService.Surroundings(
                    now: { Timestamp(milliseconds: 1_795_000_000_000) },
                    uptime: { ContinuousClock.now - began },
                    sleep: { try await Task.sleep(for: $0) },
                    jitter: { 0 }
                ),
                logger: Logger(label: "moto") { _ in SwiftLogNoOpLogHandler() }
            )
        }

        func perform(_ call: Call) async throws -> Answer {
            try await service.send(service.sign(call, at: place, in: nil))
        }
    }

    private static func creation(_ subnet: String, _ tag: String) throws -> Call {
        let zone = try #require(AvailabilityZone("us-east-1a"))
        return .createCluster(
            CreateCluster(
                hsmType: .hsm2mMedium,
                subnets: [zone: try #require(SubnetID(subnet))],
                mode: .fips,
                retention: try #require(RetentionPeriod(days: 30)),
                tags: ["name": tag]
            )
        )
    }

    @Test func aClusterIsMadeListedTaggedAndDeleted() async throws {
        let run = try await Run()
        defer { run.server.stop() }
        let service = run.service
        var made: [Cluster] = []
        for number in 1...3 {
            let call = try Self.creation("subnet-0a1b2c3\(number)", "n\(number)")
            guard case .cluster(let cluster) = try await run.perform(call) else {
                Issue.record("another answer")
                return
            }
            made.append(cluster)
        }
        #expect(made.allSatisfy { $0.mode == .fips && $0.retention == .days(30) })
        #expect(made.map { $0.tags["name"] } == ["n1", "n2", "n3"])

        var listed: [Cluster] = []
        var token: String?
        var pages = 0
        repeat {
            let call = Call.describeClusters(DescribeClusters(maxResults: 1, nextToken: token))
            guard case .clusters(let page, let next) = try await service.read(call, at: run.place)
            else {
                Issue.record("another answer")
                return
            }
            listed += page
            token = next
            pages += 1
        } while token != nil && pages < 9
        #expect(listed.map(\.id) == made.map(\.id))
        #expect(pages == 3)

        let id = made[0].id
        _ = try await run.perform(
            .tagResource(TagResource(.cluster(id), tags: ["a": "b", "c": ""]))
        )
        _ = try await run.perform(.untagResource(UntagResource(.cluster(id), keys: ["a"])))
        let tags = try await service.read(.listTags(ListTags(.cluster(id))), at: run.place)
        #expect(tags == .tags(["c": ""], nextToken: nil))

        _ = try await run.perform(.deleteCluster(DeleteCluster(cluster: id)))
        let filtered = Call.describeClusters(
            DescribeClusters(filters: [.clusterIds: [id.description]])
        )
        #expect(
            try await service.read(filtered, at: run.place) == .clusters([], nextToken: nil)
        )
        try await run.exchange.shutDown()
    }

    @Test func backupsAreListedAndShared() async throws {
        let run = try await Run()
        defer { run.server.stop() }
        guard
            case .cluster(let cluster) = try await run.perform(
                try Self.creation("subnet-0a1b2c3d", "shared")
            ),
            case .backups(let backups, let token) = try await run.service.read(
                .describeBackups(
                    DescribeBackups(filters: [.clusterIds: [cluster.id.description]])
                ),
                at: run.place
            )
        else {
            Issue.record("another answer")
            return
        }
        #expect(token == nil)
        #expect(backups.map(\.cluster) == [cluster.id])
        let backup = try #require(backups.first?.backup)
        #expect(backup.isReady)
        let arn = ResourceARN(
            .backup(backup.id),
            account: run.place.account,
            region: run.place.region
        )
        _ = try await run.perform(.putResourcePolicy(PutResourcePolicy(arn, policy: "{}")))
        let policy = try await run.service.read(
            .getResourcePolicy(GetResourcePolicy(arn)),
            at: run.place
        )
        #expect(policy == .resourcePolicy("{}", of: nil))
        try await run.exchange.shutDown()
    }

    /// moto has no CreateHsm, and says so with a page of HTML and status 500.
    @Test func aPageOfHTMLLeavesACallInDoubt() async throws {
        let run = try await Run()
        defer { run.server.stop() }
        let zone = try #require(AvailabilityZone("us-east-1a"))
        let call = Call.createHSM(CreateHSM(cluster: ClusterID(bits: 1), zone: zone))
        let doubt = await #expect(throws: CallInDoubt.self) { try await run.perform(call) }
        #expect(doubt?.description.contains("HTTP 500") == true, "\(doubt as Any)")
        try await run.exchange.shutDown()
    }

    @Test func aRefusalIsCertainlyNotDone() async throws {
        let run = try await Run()
        defer { run.server.stop() }
        let call = Call.deleteCluster(DeleteCluster(cluster: ClusterID(bits: 1)))
        let error = await #expect(throws: (any Error).self) { try await run.perform(call) }
        #expect(!(error is CallInDoubt), "\(error as Any)")
        try await run.exchange.shutDown()
    }

    @Test func aServerThatIsGoneWasNotSentAnything() async throws {
        let run = try await Run()
        defer { run.server.stop() }
        let signed = try await run.service.sign(Stage.removal, at: run.place, in: nil)
        run.server.stop()
        await #expect(throws: CallNotDone.self) { try await run.service.send(signed) }
        try await run.exchange.shutDown()
    }
}

import CloudHSM
import StrongroomAWS
import StrongroomModel
import Testing

/// Strongroom's own client, over real sockets: what one side writes, the other reads back.
@Suite("Our client, our server")
struct OwnClientTests {
    /// An emulator that does everything at once.
    private static let instant = ["--instant", "--auto-activate"]

    fileprivate struct AnotherAnswer: Error {}

    @Test("a cluster is made, claimed, backed up, copied, parked and deleted")
    func wholeLife() async throws {
        try await OwnClient.with(Self.instant) { try await Self.wholeLife(with: $0) }
    }

    private static func wholeLife(with client: OwnClient) async throws {
        let zone = try #require(AvailabilityZone("us-east-1a"))
        let creation = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [zone: try #require(SubnetID("subnet-0a1b2c3d"))],
            mode: .fips,
            retention: try #require(RetentionPeriod(days: 30)),
            tags: ["env": "prod"]
        )
        guard case .cluster(let made) = try await client.perform(.createCluster(creation)) else {
            throw AnotherAnswer()
        }
        #expect(made.subnets == creation.subnets && made.tags == creation.tags)
        #expect(made.retention == .days(30))

        let first = try await client.perform(.createHSM(CreateHSM(cluster: made.id, zone: zone)))
        guard case .hsm(let hsm) = first else { throw AnotherAnswer() }
        let request = try #require(try await client.cluster(made.id).signingRequest)
        // How simulated worlds sign: the request, framed as a certificate.
        let signed = request.replacing("CERTIFICATE REQUEST", with: "CERTIFICATE")
        let claim = InitializeCluster(
            cluster: made.id,
            signedCertificate: signed,
            trustAnchor: signed
        )
        _ = try await client.perform(.initializeCluster(claim))
        #expect(try await client.cluster(made.id).state == .active)

        let listing = Call.describeBackups(DescribeBackups())
        guard
            case .backups(let backups, nil) = try await client.service.read(
                listing,
                at: client.place
            ),
            let backup = backups.first?.backup
        else { throw AnotherAnswer() }
        #expect(backups.count == 1 && backup.isReady && backups.first?.cluster == made.id)
        let ireland = try #require(Region("eu-west-1"))
        _ = try await client.perform(.copyBackup(CopyBackup(backup: backup.id, to: ireland)))
        let away = Place(account: client.place.account, region: ireland)
        guard case .backups(let copies, nil) = try await client.service.read(listing, at: away)
        else { throw AnotherAnswer() }
        #expect(copies.map { $0.backup.origin?.backup } == [backup.id])
        #expect(copies.map { $0.backup.createdAt } == [backup.createdAt])

        let pin = ModifyBackupAttributes(backup: backup.id, neverExpires: true)
        _ = try await client.perform(.modifyBackupAttributes(pin))
        _ = try await client.perform(.deleteBackup(DeleteBackup(backup: backup.id)))
        guard
            case .backup(let restored) = try await client.perform(
                .restoreBackup(RestoreBackup(backup: backup.id))
            )
        else { throw AnotherAnswer() }
        #expect(restored.backup.isReady && restored.backup.neverExpires)

        _ = try await client.perform(.deleteHSM(DeleteHSM(cluster: made.id, hsm: hsm.id)))
        #expect(try await client.cluster(made.id).hsms.isEmpty)
        _ = try await client.perform(.deleteCluster(DeleteCluster(cluster: made.id)))
        #expect(client.service.skew() == .zero, "one machine has one clock")
    }

    @Test("a refusal comes back as the exception it was")
    func refusal() async throws {
        try await OwnClient.with(Self.instant) { client in
            let unknown = try #require(ClusterID("cluster-aaaaaaaaaaa"))
            let error = await #expect(throws: ServiceException.self) {
                try await client.perform(.deleteCluster(DeleteCluster(cluster: unknown)))
            }
            #expect(error?.kind == .resourceNotFound)
        }
    }
}

extension OwnClient {
    fileprivate func perform(_ call: Call) async throws -> Answer {
        try await service.send(service.sign(call, at: place, in: nil))
    }

    fileprivate func cluster(_ id: ClusterID) async throws -> Cluster {
        let call = Call.describeClusters(
            DescribeClusters(filters: [.clusterIds: [id.description]])
        )
        guard case .clusters(let clusters, _) = try await service.read(call, at: place) else {
            throw OwnClientTests.AnotherAnswer()
        }
        return try #require(clusters.first)
    }
}

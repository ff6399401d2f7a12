import CloudHSM
import CloudHSMWire
import Logging
import StrongroomAWS
import StrongroomModel
import StrongroomObservation
import StrongroomSimulator
import Testing

/// Our client, our server's half of the wire, and the simulated service behind it.
@Suite("Both sides of the wire")
struct WholeWireTests {
    private static let began = Timestamp(milliseconds: 1_795_000_000_123)

    /// A simulated service, and the same seen over the wire.
    private struct Pair {
        let inner: SimulatedService
        let service: AWSService
        let observed: PagedService
        let home: Place
        let zone: AvailabilityZone
        let subnet: SubnetID

        init() throws {
            let account = try #require(AccountID("111122223333"))
            let regions = try ["us-east-1", "eu-west-1"].map { try #require(Region($0)) }
            let zone = try #require(AvailabilityZone("us-east-1a"))
            let subnet = try #require(SubnetID("subnet-0a1b2c3d"))
            let inner = try SimulatedService.begin(
                store: MemoryStore(),
                now: began,
                settings: SimulatorSettings(readLag: .zero)
            )
            let signing = SigningCredentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: Secret("kiwi-secret"),
                sessionToken: Secret("kiwi-token")
            )
            service = AWSService(
                sessions: AccountSessions(
                    current: { _ in
                        Credentials(signing: signing, expiresAt: nil, source: "test")
                    },
                    forget: { _, _ in }
                ),
                endpoints: try EndpointSettings(variables: [:]),
                exchange: SimulatedExchange(
                    service: inner,
                    account: account,
                    credentials: signing,
                    zones: [subnet: zone]
                ),
                surroundings: AWSService.Surroundings(
                    now: { inner.now() },
                    uptime: { inner.now() - began },
                    sleep: { try await inner.wait($0) },
                    jitter: { 0 }
                ),
                logger: Logger(label: "wire") { _ in SwiftLogNoOpLogHandler() }
            )
            observed = PagedService(
                over: service,
                accounts: [account],
                regions: regions,
                uptime: { [inner] in inner.now() - began }
            ) { [service] call, place in try await service.read(call, at: place) }
            home = Place(account: account, region: regions[0])
            (self.inner, self.zone, self.subnet) = (inner, zone, subnet)
        }

        @discardableResult
        func perform(_ call: Call) async throws -> Answer {
            try await observed.send(observed.sign(call, at: home, in: nil))
        }

        /// A cluster in service, with its first backup READY.
        func activated() async throws -> ClusterID {
            let creation = CreateCluster(
                hsmType: .hsm2mMedium,
                subnets: [zone: subnet],
                mode: .fips,
                tags: ["env": "prod", "größe": "ß"]
            )
            guard case .cluster(let made) = try await perform(.createCluster(creation)) else {
                throw Unexpected()
            }
            try await observed.wait(.minutes(10))
            try await perform(.createHSM(CreateHSM(cluster: made.id, zone: zone)))
            try await observed.wait(.minutes(10))
            let group = try await observed.observe(GroupID(home: home, cluster: made.id))
            let request = try #require(group.cluster?.signingRequest)
            try await perform(
                .initializeCluster(
                    InitializeCluster(
                        cluster: made.id,
                        signedCertificate: SimulatedCertificate.signed(request),
                        trustAnchor: SimulatedCertificate.trustAnchor
                    )
                )
            )
            try await observed.wait(.minutes(10))
            try inner.activate(made.id)
            try await observed.wait(.minutes(10))
            return made.id
        }
    }

    private struct Unexpected: Error {}

    /// What is seen over the wire is what is there, to the last field.
    private func requireTheSame(_ pair: Pair, _ id: GroupID) async throws {
        var truth = try pair.inner.observe(id)
        truth.backups.sort { ($0.region, $0.id) < ($1.region, $1.id) }
        #expect(try await pair.observed.observe(id) == truth)
    }

    @Test func aClustersWholeLifeLooksTheSameOverTheWire() async throws {
        let pair = try Pair()
        let cluster = try await pair.activated()
        let id = GroupID(home: pair.home, cluster: cluster)
        try await requireTheSame(pair, id)
        let first = try #require(try pair.inner.observe(id).backups.first)
        let ireland = try #require(Region("eu-west-1"))
        let days = try #require(RetentionPeriod(days: 30))
        let arn = ResourceARN(
            .backup(first.id),
            account: pair.home.account,
            region: pair.home.region
        )
        let calls: [Call] = [
            .tagResource(TagResource(.backup(first.id), tags: ["a": "b", "c": "d"])),
            .untagResource(UntagResource(.backup(first.id), keys: ["a"])),
            .modifyBackupAttributes(ModifyBackupAttributes(backup: first.id, neverExpires: true)),
            .copyBackup(CopyBackup(backup: first.id, to: ireland, tags: ["copy": "1"])),
            .modifyCluster(ModifyCluster(cluster: cluster, change: .retention(days))),
            .createHSM(CreateHSM(cluster: cluster, zone: pair.zone)),
            .putResourcePolicy(PutResourcePolicy(arn, policy: #"{"Statement":[]}"#)),
            .deleteResourcePolicy(DeleteResourcePolicy(arn)),
            .deleteBackup(DeleteBackup(backup: first.id)),
            .restoreBackup(RestoreBackup(backup: first.id)),
        ]
        for call in calls {
            try await pair.perform(call)
            try await requireTheSame(pair, id)
            try await pair.observed.wait(.minutes(20))
            try await requireTheSame(pair, id)
        }
        for hsm in try #require(try pair.inner.observe(id).cluster).hsms {
            try await pair.perform(.deleteHSM(DeleteHSM(cluster: cluster, hsm: hsm.id)))
            try await pair.observed.wait(.minutes(20))
            try await requireTheSame(pair, id)
        }
        try await pair.perform(.deleteCluster(DeleteCluster(cluster: cluster)))
        try await requireTheSame(pair, id)
        let seen = try await pair.observed.refresh()
        #expect(seen.unreadPlaces.isEmpty)
        #expect(seen.groups.map(\.id) == [id])
        #expect(seen.groups.first?.backups.contains(where: \.isCopy) == true)
    }

    @Test func refusalsComeOverTheWireAsTheyAre() async throws {
        let pair = try Pair()
        let cluster = try await pair.activated()
        let calls: [Call] = [
            .deleteCluster(DeleteCluster(cluster: cluster)),
            .deleteCluster(DeleteCluster(cluster: ClusterID(bits: 99))),
            .deleteBackup(DeleteBackup(backup: BackupID(bits: 99))),
            .tagResource(TagResource(.cluster(cluster), tags: ["aws:x": "y"])),
            .modifyCluster(ModifyCluster(cluster: cluster, change: .hsmType(.hsm1Medium))),
        ]
        for call in calls {
            var told: ServiceException?
            do {
                _ = try pair.inner.perform(call, at: pair.home, in: nil)
            } catch let refusal as ServiceException {
                told = refusal
            }
            let refusal = try #require(told)
            await #expect(throws: refusal) { try await pair.perform(call) }
        }
    }

    @Test func anAccountWithoutCredentialsIsNamed() async throws {
        let sessions = AccountSessions(
            [:],
            of: CredentialChain(
                CredentialEnvironment(
                    variables: [:],
                    homeDirectory: nil,
                    userID: 0,
                    now: { Self.began }
                ),
                over: ScriptedExchange([]),
                endpoints: try EndpointSettings(variables: [:]),
                sessionName: "run-1",
                warn: { _ in }
            )
        )
        let pair = try Pair()
        let service = AWSService(
            sessions: sessions,
            endpoints: try EndpointSettings(variables: [:]),
            exchange: ScriptedExchange([.emptyPage]),
            surroundings: AWSService.Surroundings(
                now: { Self.began },
                uptime: { .zero },
                sleep: { _ in },
                jitter: { 0 }
            ),
            logger: Logger(label: "wire") { _ in SwiftLogNoOpLogHandler() }
        )
        await #expect(throws: CallFault.noCredentials(pair.home.account)) {
            try await service.read(Stage.listing, at: pair.home)
        }
    }
}

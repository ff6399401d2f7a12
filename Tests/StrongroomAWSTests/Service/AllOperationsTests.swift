import CloudHSM
import CloudHSMWire
import StrongroomAWS
import StrongroomModel
import Testing

@Suite("All operations")
struct AllOperationsTests {
    private static let cluster = ClusterID(bits: 1)
    private static let backup = BackupID(bits: 2)
    private static let hsm = HSMID(bits: 3)
    private static let moment = Timestamp(milliseconds: 1_795_000_000_123)

    private static var exchanges: [(Call, Answer)] {
        guard
            let zone = AvailabilityZone("us-east-1a"), let subnet = SubnetID("subnet-0a1b2c3d"),
            let period = RetentionPeriod(days: 30), let ireland = Region("eu-west-1")
        else { return [] }
        let resource = ResourceARN(
            .backup(backup),
            account: Stage.place.account,
            region: Stage.place.region
        )
        var made = Cluster(
            id: cluster,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: [zone: subnet],
            retention: .days(30)
        )
        made.tags = ["env": "prod"]
        let listed = ListedBackup(
            cluster: cluster,
            backup: Backup(
                id: backup,
                region: Stage.place.region,
                createdAt: moment,
                state: .ready
            )
        )
        let copy = DestinationBackup(
            createdAt: moment,
            sourceRegion: Stage.place.region,
            sourceBackup: backup,
            sourceCluster: cluster
        )
        let creation = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [zone: subnet],
            mode: .fips
        )
        let claim = InitializeCluster(cluster: cluster, signedCertificate: "a", trustAnchor: "b")
        return [
            (.createCluster(creation), .cluster(made)),
            (.describeClusters(DescribeClusters()), .clusters([made], nextToken: "next")),
            (
                .initializeCluster(claim),
                .initialization(state: .initializeInProgress, message: nil)
            ),
            (
                .modifyCluster(ModifyCluster(cluster: cluster, change: .retention(period))),
                .cluster(made)
            ),
            (.deleteCluster(DeleteCluster(cluster: cluster)), .cluster(made)),
            (
                .createHSM(CreateHSM(cluster: cluster, zone: zone)),
                .hsm(HSM(id: hsm, zone: zone, state: .createInProgress))
            ),
            (.deleteHSM(DeleteHSM(cluster: cluster, hsm: hsm)), .hsmID(hsm)),
            (.describeBackups(DescribeBackups()), .backups([listed], nextToken: nil)),
            (
                .modifyBackupAttributes(
                    ModifyBackupAttributes(backup: backup, neverExpires: true)
                ),
                .backup(listed)
            ),
            (.deleteBackup(DeleteBackup(backup: backup)), .backup(listed)),
            (.restoreBackup(RestoreBackup(backup: backup)), .backup(listed)),
            (
                .copyBackup(CopyBackup(backup: backup, to: ireland)),
                .destinationBackup(copy)
            ),
            (.tagResource(TagResource(.cluster(cluster), tags: ["a": "b"])), .empty),
            (.untagResource(UntagResource(.cluster(cluster), keys: ["a"])), .empty),
            (.listTags(ListTags(.cluster(cluster))), .tags(["a": "b"], nextToken: nil)),
            (
                .putResourcePolicy(PutResourcePolicy(resource, policy: "{}")),
                .resourcePolicy("{}", of: resource)
            ),
            (.getResourcePolicy(GetResourcePolicy(resource)), .resourcePolicy("{}", of: nil)),
            (
                .deleteResourcePolicy(DeleteResourcePolicy(resource)),
                .resourcePolicy(nil, of: resource)
            ),
        ]
    }

    @Test func everyOperationGoesOutAndItsAnswerComesBack() async throws {
        let exchanges = Self.exchanges
        #expect(Set(exchanges.map(\.0.operation)) == Set(CloudHSMEndpoint.operations))
        for (call, answer) in exchanges {
            let body = AnswerCoding.encode(
                answer,
                account: Stage.place.account,
                region: Stage.place.region
            )
            let stage = try Stage([.answer(HTTPMessageResponse(status: 200, body: body))])
            #expect(try await stage.perform(call) == answer)
            let request = try #require(stage.exchange.requests.first)
            #expect(request.header("X-Amz-Target") == "BaldrApiService.\(call.operation)")
            let read = try RequestCoding.decode(
                operation: call.operation,
                body: request.body
            ) { _ in AvailabilityZone("us-east-1a") }
            #expect(read == call)
        }
    }
}

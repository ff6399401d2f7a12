import CloudHSM
import StrongroomModel
import Testing

/// What a plan says of an action's call is true of the call.
@Suite struct ActionCallTests {
    private static let clusterToMake = CreateCluster(
        hsmType: .hsm2mMedium,
        subnets: [zoneA: known(SubnetID("subnet-00000000"))],
        mode: .fips
    )

    private static let actions: [Action] = [
        .createCluster(clusterToMake),
        .addHSM(zone: zoneA, causesBackup: true),
        .removeHSM(.known(hsmID(1)), zone: zoneA, causesBackup: true),
        .setRetention(from: .days(90), to: days(30), losing: []),
        .copyBackup(.known(backupID(1)), to: ireland),
        .deleteBackup(backupID(1), in: home, createdAt: start),
        .restoreBackup(backupID(1), in: home, until: start),
        .pinBackup(.known(backupID(1))),
        .unpinBackup(backupID(1), expiresAt: nil, losing: []),
        .tagBackup(.known(backupID(1)), tags: ["a": "b"]),
        .untagBackup(backupID(1), keys: ["a"]),
        .tagCluster(tags: ["a": "b"], replacing: [:]),
        .changeType(from: .hsm1Medium, to: .hsm2mMedium, causesBackup: true),
        .deleteCluster(clusterID(1)),
    ]

    @Test(arguments: actions) func anActionNamesItsOperationAndWhetherItIsSentAgain(action: Action)
        throws
    {
        let call = try #require(action.call(on: group(), bindings: Bindings())?.call)
        #expect(call.operation == action.operation)
        #expect(call.repetition == action.repetition)
    }
}

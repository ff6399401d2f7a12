import CloudHSM
import Testing

/// Which call is legal when, apart from any service.
@Suite struct LegalityTests {
    typealias Kind = ServiceException.Kind

    static let additions: [(ClusterState, [HSMState], Kind?)] = [
        (.uninitialized, [], nil),
        (.uninitialized, [.deleteInProgress], nil),
        (.uninitialized, [.createInProgress], .invalidRequest),
        (.uninitialized, [.degraded], .invalidRequest),
        (.initialized, [], .invalidRequest),
        (.initialized, [.active], .invalidRequest),
        (.active, [], nil),
        (.active, [.active, .createInProgress], nil),
        (.active, Array(repeating: .active, count: 27), nil),
        (.active, Array(repeating: .active, count: 28), .invalidRequest),
        (.createInProgress, [], .invalidRequest),
        (.modifyInProgress, [.active], .invalidRequest),
        (.rollbackInProgress, [.active], .invalidRequest),
        (.deleteInProgress, [], .invalidRequest),
        (.degraded, [.active], .invalidRequest),
        (.deleted, [], .resourceNotFound),
    ]

    @Test(arguments: additions)
    func anHSMIsAddedWhereTheStateAllows(state: ClusterState, hsms: [HSMState], expected: Kind?) {
        let call = CreateHSM(cluster: cluster, zone: zone)
        #expect(call.refusal(on: cluster(state, hsms: hsms))?.kind == expected)
        #expect(call.refusal(on: nil)?.kind == .resourceNotFound)
    }

    static let removals: [(ClusterState, HSMState, Kind?)] = [
        (.active, .active, nil),
        (.active, .degraded, nil),
        (.uninitialized, .active, nil),
        (.initialized, .active, nil),
        (.active, .createInProgress, .invalidRequest),
        (.active, .deleteInProgress, .invalidRequest),
        (.active, .unrecognised("ODD"), .invalidRequest),
        (.active, .deleted, .resourceNotFound),
        (.modifyInProgress, .active, .invalidRequest),
        (.deleted, .active, .resourceNotFound),
    ]

    @Test(arguments: removals)
    func anHSMIsRemovedWhereItsStateAllows(state: ClusterState, hsm: HSMState, expected: Kind?) {
        let target = cluster(state, hsms: [hsm])
        let call = DeleteHSM(cluster: cluster, hsm: HSMID(bits: 0))
        #expect(call.refusal(on: target)?.kind == expected)
    }

    static let causes: [(ClusterState, [HSMState], add: Bool, remove: Bool)] = [
        (.active, [], false, false),
        (.active, [.active], true, true),
        (.active, [.active, .degraded], true, true),
        (.active, [.degraded], false, false),
        (.active, [.createInProgress], false, false),
        (.initialized, [.active], false, false),
        (.uninitialized, [.active], false, false),
    ]

    @Test(arguments: causes)
    func aBackupFollowsWhereAnHSMOfAnActiveClusterIsActive(
        state: ClusterState,
        hsms: [HSMState],
        add: Bool,
        remove: Bool
    ) {
        let target = cluster(state, hsms: hsms)
        #expect(CreateHSM.causesBackup(on: target) == add)
        #expect(DeleteHSM.causesBackup(on: target) == remove)
    }

    static let deletions: [(ClusterState, [HSMState], Kind?)] = [
        (.active, [], nil),
        (.active, [.deleted], nil),
        (.active, [.deleteInProgress], .invalidRequest),
        (.active, [.active], .invalidRequest),
        (.uninitialized, [], nil),
        (.initialized, [], nil),
        (.createInProgress, [], .invalidRequest),
        (.deleteInProgress, [], .invalidRequest),
        (.degraded, [], .invalidRequest),
        (.deleted, [], .resourceNotFound),
    ]

    @Test(arguments: deletions)
    func aClusterIsDeletedWhenNoHSMIsListed(
        state: ClusterState,
        hsms: [HSMState],
        expected: Kind?
    ) {
        let call = DeleteCluster(cluster: cluster)
        #expect(call.refusal(on: cluster(state, hsms: hsms))?.kind == expected)
    }

    static let changes: [(ClusterState, HSMType, HSMType, Int, Kind?)] = [
        (.active, .hsm1Medium, .hsm2mMedium, 27, nil),
        (.active, .hsm1Medium, .hsm2mMedium, 28, .invalidRequest),
        (.active, .hsm1Medium, .hsm1Medium, 1, .invalidRequest),
        (.active, .hsm2mMedium, .hsm1Medium, 1, .invalidRequest),
        (.active, .hsm2mMedium, .hsm2mMedium, 1, .invalidRequest),
        (.initialized, .hsm1Medium, .hsm2mMedium, 1, .invalidRequest),
        (.modifyInProgress, .hsm1Medium, .hsm2mMedium, 1, .invalidRequest),
    ]

    @Test(arguments: changes)
    func aTypeChangesInOneDirection(
        state: ClusterState,
        from: HSMType,
        to: HSMType,
        hsms: Int,
        expected: Kind?
    ) {
        let target = cluster(state, hsms: Array(repeating: .active, count: hsms), type: from)
        let call = ModifyCluster(cluster: cluster, change: .hsmType(to))
        #expect(call.refusal(on: target, at: noon)?.kind == expected)
    }

    @Test(arguments: [
        (ClusterState.active, 1, true), (.active, 0, false), (.active, -1, false),
        (.modifyInProgress, 1, true), (.rollbackInProgress, 1, false),
    ])
    func aChangeIsTakenBackBeforeItsDeadline(
        state: ClusterState,
        left: Int,
        isAccepted: Bool
    ) {
        var target = cluster(state, hsms: [.active])
        target.typeRollbackExpiration = noon + .milliseconds(left)
        let call = ModifyCluster(cluster: cluster, change: .hsmType(.hsm1Medium))
        #expect(call.refusal(on: target, at: noon)?.kind == (isAccepted ? nil : .invalidRequest))
    }

    @Test func aCertificateIsPEMOfAtMost5000Characters() {
        let frame = ["-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n"]
        let room = 5_000 - frame.joined().count
        func text(_ count: Int) -> String {
            frame[0] + String(repeating: "a", count: count) + frame[1]
        }
        #expect(InitializeCluster.looksLikeCertificate(text(room)))
        #expect(!InitializeCluster.looksLikeCertificate(text(room + 1)))
        #expect(!InitializeCluster.looksLikeCertificate("certificate"))
    }

    @Test func aClusterIsClaimedOnlyWithARequestToSign() {
        let pem = "-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE-----"
        let call = InitializeCluster(cluster: cluster, signedCertificate: pem, trustAnchor: pem)
        var target = cluster(.uninitialized, hsms: [.active])
        #expect(call.refusal(on: target)?.kind == .invalidRequest)
        target.certificates["ClusterCsr"] = "request"
        #expect(call.refusal(on: target) == nil)
        target.state = .initialized
        #expect(call.refusal(on: target)?.kind == .invalidRequest)
        target.state = .deleted
        #expect(call.refusal(on: target)?.kind == .resourceNotFound)
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func aBackupIsRestoredBeforeItsDeadline(milliseconds: Int, isAccepted: Bool) {
        let target = backup(1, ageInDays: 3, state: .pendingDeletion)
        let now = noon + .days(1) + .milliseconds(milliseconds)
        let refusal = RestoreBackup(backup: target.id).refusal(on: target, at: now)
        #expect(refusal?.kind == (isAccepted ? nil : .invalidRequest))
    }

    @Test(
        arguments: [
            ("eu-west-1", nil), ("us-east-1", .invalidRequest), ("us-gov-west-1", .invalidRequest),
            ("cn-north-1", .invalidRequest),
        ] as [(String, Kind?)]
    )
    func aCopyStaysInItsPartitionAndLeavesItsRegion(destination: String, expected: Kind?) {
        let call = CopyBackup(backup: BackupID(bits: 1), to: value(destination))
        #expect(call.refusal(on: backup(1, ageInDays: 1))?.kind == expected)
    }

    @Test(arguments: [(0, false), (1, true), (10, true), (11, false)])
    func aClusterHasOneToTenSubnets(count: Int, isAccepted: Bool) {
        let letters = "abcdefghijk".prefix(count)
        let subnets = letters.map { letter -> (AvailabilityZone, SubnetID) in
            (value("us-east-1\(letter)"), value("subnet-0a1b2c3\(letter == "g" ? "d" : "e")"))
        }
        let call = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Dictionary(subnets) { first, _ in first },
            mode: .fips
        )
        #expect((call.refusal(cloning: nil) == nil) == isAccepted)
    }

    @Test func theSubnetsOfAClusterLieInOneRegion() {
        let call = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [
                zone: value("subnet-0a1b2c3d"), value("eu-west-1a"): value("subnet-0a1b2c3e"),
            ],
            mode: .fips
        )
        #expect(call.refusal(cloning: nil)?.kind == .invalidRequest)
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Which call is accepted in which state, as the service answers it.
@Suite struct WrongStateTests {
    /// What each call needs, by the state of the cluster, in the order of the columns
    /// initialise, retention, type, delete, add, remove.
    static let clusterRows: [(ClusterState, [Bool])] = [
        (.createInProgress, [false, false, false, false, false, false]),
        (.uninitialized, [false, false, false, true, true, false]),
        (.initializeInProgress, [false, false, false, false, false, false]),
        (.initialized, [false, false, false, true, false, false]),
        (.active, [false, true, true, true, true, false]),
        (.updateInProgress, [false, false, false, false, false, false]),
        (.modifyInProgress, [false, false, false, false, false, false]),
        (.rollbackInProgress, [false, false, false, false, false, false]),
        (.deleteInProgress, [false, false, false, false, false, false]),
        (.degraded, [false, false, false, false, false, false]),
        (.unrecognised("PONDERING"), [false, false, false, false, false, false]),
    ]

    @Test(arguments: clusterRows)
    func aClusterWithoutHSMsAcceptsOnlyWhatItsStateAllows(
        state: ClusterState,
        accepted: [Bool]
    ) throws {
        let calls = Self.calls(on: Adopted.cluster)
        for (call, isAccepted) in zip(calls, accepted) {
            var cluster = Adopted.emptyCluster(type: .hsm1Medium)
            cluster.state = state
            var stage = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
            let expected: ServiceException.Kind? =
                isAccepted
                ? nil
                : Self.isRemoval(call) && !state.isBusy
                    ? .resourceNotFound : .invalidRequest
            #expect(stage.refusal(of: call) == expected, "\(call.operation) in \(state)")
        }
    }

    @Test func aDeletedOrUnknownClusterIsNotFound() throws {
        for call in Self.calls(on: Adopted.cluster) {
            var cluster = Adopted.emptyCluster(type: .hsm1Medium)
            cluster.state = .deleted
            var deleted = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
            #expect(deleted.refusal(of: call) == .resourceNotFound, "\(call.operation)")
            var unknown = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: nil))
            #expect(unknown.refusal(of: call) == .resourceNotFound, "\(call.operation)")
            cluster.state = .active
            var elsewhere = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
            #expect(elsewhere.refusal(of: call, at: ireland) == .resourceNotFound)
        }
    }

    /// Fact sheet, section 6: accepted states of delete, restore, pin, copy, clone.
    static let backupRows: [(BackupState, [Bool])] = [
        (.createInProgress, [false, false, false, false, false]),
        (.ready, [true, false, true, true, true]),
        (.pendingDeletion, [false, true, false, false, false]),
        (.deleted, [false, false, false, false, false]),
        (.unrecognised("PONDERING"), [false, false, false, false, false]),
    ]

    @Test(arguments: backupRows)
    func aBackupAcceptsOnlyWhatItsStateAllows(state: BackupState, accepted: [Bool]) {
        let id = BackupID(bits: 7)
        let calls: [Call] = [
            .deleteBackup(DeleteBackup(backup: id)),
            .restoreBackup(RestoreBackup(backup: id)),
            .modifyBackupAttributes(ModifyBackupAttributes(backup: id, neverExpires: true)),
            .copyBackup(CopyBackup(backup: id, to: ireland.region)),
            .createCluster(.plain(from: id)),
        ]
        for (call, isAccepted) in zip(calls, accepted) {
            let backup = Backup(
                id: id,
                region: virginia.region,
                createdAt: morning - .hours(1),
                state: state,
                mode: .fips
            )
            var stage = Stage(adopting: Adopted.group(backups: [backup]))
            #expect(
                stage.refusal(of: call) == (isAccepted ? nil : .invalidRequest),
                "\(call.operation) on \(state)"
            )
            #expect(stage.refusal(of: call, at: ireland) != nil, "lies in another Region")
        }
    }

    @Test func anUnknownBackupIsNotFound() {
        let id = BackupID(bits: 9)
        for call: Call in [
            .deleteBackup(DeleteBackup(backup: id)), .restoreBackup(RestoreBackup(backup: id)),
            .modifyBackupAttributes(ModifyBackupAttributes(backup: id, neverExpires: true)),
            .copyBackup(CopyBackup(backup: id, to: ireland.region)),
            .createCluster(.plain(from: id)),
        ] {
            var stage = Stage(adopting: Adopted.group())
            #expect(stage.refusal(of: call) == .resourceNotFound, "\(call.operation)")
        }
    }

    @Test func aRefusedCallChangesNothing() {
        for call in Self.calls(on: Adopted.cluster) {
            var cluster = Adopted.emptyCluster(type: .hsm2mMedium)
            cluster.state = .degraded
            var stage = Stage(adopting: ProtectionGroup(id: Adopted.id, cluster: cluster))
            let before = stage.world
            #expect(stage.refusal(of: call) == .invalidRequest)
            #expect(stage.world == before, "\(call.operation)")
        }
    }

    private static func calls(on cluster: ClusterID) -> [Call] {
        [
            .initializeCluster(
                InitializeCluster(
                    cluster: cluster,
                    signedCertificate: SimulatedCertificate.trustAnchor,
                    trustAnchor: SimulatedCertificate.trustAnchor
                )
            ),
            .modifyCluster(ModifyCluster(cluster: cluster, change: .retention(.serviceDefault))),
            .modifyCluster(ModifyCluster(cluster: cluster, change: .hsmType(.hsm2mMedium))),
            .deleteCluster(DeleteCluster(cluster: cluster)),
            .createHSM(CreateHSM(cluster: cluster, zone: zoneA)),
            .deleteHSM(DeleteHSM(cluster: cluster, hsm: HSMID(bits: 1))),
        ]
    }

    private static func isRemoval(_ call: Call) -> Bool {
        if case .deleteHSM = call { return true }
        return false
    }
}

/// Groups that were not made by the simulated service.
enum Adopted {
    static let cluster = ClusterID(bits: 77)
    static let id = GroupID(home: virginia, cluster: cluster)

    static func emptyCluster(type: HSMType = .hsm2mMedium) -> Cluster {
        var cluster = Cluster(
            id: cluster,
            state: .active,
            hsmType: type,
            subnets: [zoneA: value("subnet-0a1b2c3d"), zoneB: value("subnet-1a2b3c4d")],
            retention: .days(90)
        )
        cluster.mode = .fips
        cluster.networkType = .ipv4
        return cluster
    }

    static func group(
        type: HSMType = .hsm2mMedium,
        hsms: Int = 0,
        backups: [Backup] = []
    ) -> ProtectionGroup {
        var cluster = emptyCluster(type: type)
        cluster.hsms = (0..<hsms).map { index in
            HSM(
                id: HSMID(bits: UInt64(index + 1)),
                zone: index % 2 == 0 ? zoneA : zoneB,
                eni: ENIID("eni-0000000\(index)"),
                address: "10.0.0.\(index + 4)",
                type: type,
                state: .active
            )
        }
        return ProtectionGroup(id: id, cluster: cluster, backups: backups)
    }

    /// A READY backup of an age.
    static func backup(
        _ number: UInt64,
        age: Duration,
        neverExpires: Bool = false
    ) -> Backup {
        Backup(
            id: BackupID(bits: number),
            region: virginia.region,
            createdAt: morning - age,
            state: .ready,
            mode: .fips,
            neverExpires: neverExpires
        )
    }
}

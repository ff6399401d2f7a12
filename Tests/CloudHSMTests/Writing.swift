import CloudHSM

/// A value written down; a wrong one stops the test.
func value<Value: LosslessStringConvertible>(_ text: String) -> Value {
    guard let value = Value(text) else { preconditionFailure("\(text) is none") }
    return value
}

let noon: Timestamp = value("2026-11-20T12:00:00Z")
let virginia: Region = value("us-east-1")
let ireland: Region = value("eu-west-1")
let zone: AvailabilityZone = value("us-east-1a")
let cluster = ClusterID(bits: 1)

/// A backup of an age at noon.
func backup(
    _ number: UInt64,
    ageInDays: Int,
    state: BackupState = .ready,
    pinned: Bool = false,
    isCopy: Bool = false
) -> Backup {
    Backup(
        id: BackupID(bits: number),
        region: isCopy ? ireland : virginia,
        createdAt: noon - .days(ageInDays),
        state: state,
        deletesAt: state == .pendingDeletion ? noon + .days(1) : nil,
        origin: isCopy
            ? CopyOrigin(backup: BackupID(bits: 99), region: virginia, copiedAt: noon) : nil,
        neverExpires: pinned
    )
}

/// A cluster in a state with HSMs in states.
func cluster(
    _ state: ClusterState,
    hsms: [HSMState] = [],
    type: HSMType = .hsm2mMedium
) -> Cluster {
    var cluster = Cluster(
        id: cluster,
        state: state,
        hsmType: type,
        subnets: [zone: value("subnet-0a1b2c3d")],
        retention: .days(90)
    )
    cluster.hsms = hsms.enumerated().map { index, state in
        HSM(id: HSMID(bits: UInt64(index)), zone: zone, state: state)
    }
    return cluster
}

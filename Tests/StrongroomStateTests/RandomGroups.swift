import CloudHSM
import StrongroomModel

/// Groups of any shape the service could show, the same for the same seed.
struct RandomGroups {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func record() -> GroupRecord {
        let cluster = chance(90) ? self.cluster() : nil
        let backups = (0..<number(0...40)).map { _ in backup() }
        let group = ProtectionGroup(id: Sample.id, cluster: cluster, backups: backups)
        return GroupRecord(group: group, simulator: chance(50) ? value(depth: 4) : nil)
    }

    private mutating func cluster() -> Cluster {
        let zones = ["us-east-1a", "us-east-1b"].compactMap { AvailabilityZone($0) }
        let subnet = SubnetID("subnet-0a1b2c3d")
        var cluster = Cluster(
            id: Sample.id.cluster,
            state: pick(ClusterState.known + [.unrecognised(text())]),
            hsmType: pick([.hsm1Medium, .hsm2mMedium]),
            subnets: Dictionary(
                uniqueKeysWithValues: zones.compactMap { zone in subnet.map { (zone, $0) } }
            ),
            retention: pick([.unmanaged, .days(number(1...500))])
        )
        cluster.stateMessage = maybe { $0.text() }
        cluster.typeRollbackExpiration = maybe { $0.moment() }
        cluster.mode = maybe { $0.pick(ClusterMode.allCases) }
        cluster.networkType = maybe { $0.pick(NetworkType.allCases) }
        cluster.vpc = maybe { $0.text() }
        cluster.sourceBackup = maybe { BackupID(bits: $0.generator.next()) }
        cluster.createdAt = maybe { $0.moment() }
        cluster.certificates = chance(50) ? ["ClusterCsr": text()] : [:]
        cluster.tags = tags()
        cluster.unknownFields = unknownFields()
        cluster.hsms = (0..<number(0...3)).map { _ in
            HSM(
                id: HSMID(bits: generator.next()),
                zone: maybe { $0.pick(zones) },
                subnet: maybe { _ in subnet } ?? nil,
                eni: maybe { _ in ENIID("eni-0a1b2c3d") } ?? nil,
                address: maybe { $0.text() },
                state: pick(HSMState.known + [.unrecognised(text())]),
                stateMessage: maybe { $0.text() },
                unknownFields: unknownFields()
            )
        }
        return cluster
    }

    private mutating func backup() -> Backup {
        let regions = ["us-east-1", "eu-west-1", "us-gov-west-1"].compactMap { Region($0) }
        let origin = maybe {
            CopyOrigin(
                backup: BackupID(bits: $0.generator.next()),
                region: $0.pick(regions),
                copiedAt: $0.moment()
            )
        }
        let details = BackupDetails(
            tags: tags(),
            hsmType: maybe { _ in .hsm2mMedium },
            unusualARN: chance(10) ? text() : nil,
            copyNamesCluster: origin != nil && chance(30),
            unknownFields: unknownFields()
        )
        return Backup(
            id: BackupID(bits: generator.next()),
            region: pick(regions),
            createdAt: moment(),
            state: pick(BackupState.known + [.unrecognised(text())]),
            deletesAt: maybe { $0.moment() },
            origin: origin,
            mode: maybe { $0.pick(ClusterMode.allCases) },
            neverExpires: chance(20),
            details: details == BackupDetails() ? nil : details
        )
    }

    private mutating func tags() -> [String: String] {
        chance(50) ? ["env": pick(["prod", "test"]), text(): text()] : [:]
    }

    private mutating func unknownFields() -> [String: JSONValue] {
        chance(20) ? ["Unknown\(number(0...9))": value(depth: 3)] : [:]
    }

    private mutating func value(depth: Int) -> JSONValue {
        switch number(0...(depth > 0 ? 6 : 4)) {
        case 0: .null
        case 1: .bool(chance(50))
        case 2: .integer(Int64(bitPattern: generator.next()))
        case 3: .number(Double(number(-999...999)) + 0.5)
        case 4: .string(text())
        case 5: .array((0..<number(0...4)).map { _ in value(depth: depth - 1) })
        default:
            .object(
                Dictionary(
                    (0..<number(0...4)).map { _ in (text(), value(depth: depth - 1)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    private mutating func moment() -> Timestamp {
        let second = Int64(number(1_500_000_000...1_900_000_000))
        return Timestamp(milliseconds: second * 1000 + Int64(chance(50) ? 0 : number(1...999)))
    }

    private mutating func text() -> String {
        let letters = [
            "a", "Z", "0", " ", "\"", "\\", "/", "\n", "\u{1}", "é", "日", "\u{1F510}", "\u{0}",
        ]
        return (0...number(0...12)).map { _ in pick(letters) }.joined()
    }

    private mutating func maybe<Value>(_ make: (inout RandomGroups) -> Value) -> Value? {
        chance(50) ? make(&self) : nil
    }

    private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[number(0...(values.count - 1))]
    }
}

import CloudHSM
import Foundation
import StrongroomModel
import StrongroomSimulator
import StrongroomState

/// Writes the state of a seeded fleet through the real writer: everything as its manifests ask, and
/// nothing under way.
struct SeededState {
    let fleet: SeededFleet

    /// A text that is no id or name although it was made for one.
    struct Unfit: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes the state directory.
    ///
    /// - Parameter path: Where; there must be nothing yet.
    /// - Throws: What the state directory and the simulated service throw.
    func write(to path: String) async throws {
        var bits = SeededBits(seed: fleet.seed)
        let lineage = LineageID(using: &bits)
        try StateDirectory.create(at: path, service: .simulator, lineage: lineage)
        let request = LockRequest(for: "strongroom-bench make", since: fleet.now)
        let state = try StateDirectory.open(at: path, for: .writing(request))
        _ = try SimulatedService.begin(store: state, now: fleet.now, settings: fleet.settings)
        let chunk = 500
        try await inParallel(Array(stride(from: 0, to: fleet.groups, by: chunk))) { first in
            let numbers = first..<min(first + chunk, fleet.groups)
            var records: [GroupRecord] = []
            for number in numbers { records.append(try await record(of: fleet.cluster(number))) }
            try state.save(records)
        }
    }

    /// One group as the simulated service keeps it once it has settled.
    private func record(of cluster: SeededCluster) async throws -> GroupRecord {
        var bits = cluster.bits
        let group = try group(of: cluster, from: &bits)
        let store = MemoryStore([group])
        let service = try SimulatedService.begin(
            store: store,
            now: fleet.now - .hours(1),
            settings: fleet.settings
        )
        var tags = Dictionary(uniqueKeysWithValues: cluster.tags.map { ($0.key, $0.value) })
        tags[OwnershipTag.cluster] = cluster.name
        tags[OwnershipTag.fleet] = SeededFleet.name
        let call = Call.tagResource(TagResource(.cluster(group.id.cluster), tags: tags))
        _ = try service.perform(call, at: group.id.home, in: group.id)
        try await service.wait(.hours(1))
        try service.flush()
        return try store.record(of: group.id)
    }

    private func group(
        of seeded: SeededCluster,
        from bits: inout SeededBits
    ) throws -> ProtectionGroup {
        let id = GroupID(
            home: Place(account: try value(seeded.account.id), region: seeded.region),
            cluster: ClusterID(bits: bits.next())
        )
        var subnets: [AvailabilityZone: SubnetID] = [:]
        for (zone, subnet) in seeded.subnets { subnets[try value(zone)] = try value(subnet) }
        var cluster = Cluster(
            id: id.cluster,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: subnets,
            retention: .days(SeededFleet.retentionDays)
        )
        cluster.mode = .fips
        cluster.networkType = .ipv4
        cluster.vpc = "vpc-0a1b2c3d4e5f60718"
        cluster.securityGroup = "sg-0a1b2c3d4e5f60718"
        cluster.createdAt = fleet.now - .days(400)
        cluster.certificates = ["ClusterCertificate": certificate(from: &bits)]
        for (index, entry) in seeded.subnets.enumerated() {
            cluster.hsms.append(
                HSM(
                    id: HSMID(bits: bits.next()),
                    zone: try value(entry.zone),
                    subnet: try value(entry.subnet),
                    eni: try value("eni-0" + hexadecimal(bits.next())),
                    address: "10.0.\(index).\(4 + bits.next() % 250)",
                    type: .hsm2mMedium,
                    state: .active
                )
            )
        }
        let backups = SeededBackups(fleet: fleet, cluster: seeded)
        return ProtectionGroup(id: id, cluster: cluster, backups: backups.backups(from: &bits))
    }

    /// As long as a certificate is.
    private func certificate(from bits: inout SeededBits) -> String {
        let lines = (0..<16).map { _ in
            (0..<4).map { _ in hexadecimal(bits.next()) }.joined()
        }
        return "-----BEGIN CERTIFICATE-----\n" + lines.joined(separator: "\n")
            + "\n-----END CERTIFICATE-----\n"
    }

    private func hexadecimal(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value {
        guard let value = Value(text) else {
            throw Unfit(description: "\(text) is no \(Value.self)")
        }
        return value
    }
}

internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// What bits are made for.
    enum Making: UInt64 {
        case hsm = 1
        case interface
        case backup
        case lag
    }

    /// Bits no other thing of the group was made from.
    mutating func newBits(_ making: Making, under settings: SimulatorSettings) -> UInt64 {
        newFingerprint(making, under: settings).bits
    }

    private mutating func newFingerprint(
        _ making: Making,
        under settings: SimulatorSettings
    ) -> Fingerprint {
        memory.idsMade += 1
        var fingerprint = Fingerprint(seed: settings.seed, group: group.id)
        fingerprint.mix(making.rawValue)
        fingerprint.mix(memory.idsMade)
        return fingerprint
    }

    private mutating func newBackupID(under settings: SimulatorSettings) -> BackupID {
        while true {
            let id = BackupID(bits: newBits(.backup, under: settings))
            if group.backup(id) == nil { return id }
        }
    }

    /// Begins a backup of the cluster as it is now.
    @discardableResult
    mutating func beginBackup(under settings: SimulatorSettings) -> BackupID {
        let id = newBackupID(under: settings)
        group.backups.append(
            Backup(
                id: id,
                region: group.id.home.region,
                createdAt: asOf,
                state: .createInProgress,
                mode: group.cluster?.mode,
                details: detailsOfNewBackup
            )
        )
        memory.schedule(.backupReady(id), at: asOf + settings.latencies.backup)
        return id
    }

    /// The last backup's details where they fit, so that many backups share one object.
    ///
    /// Whether automatic backups inherit tags is unknown; here they have none (section 20, row 16).
    private var detailsOfNewBackup: BackupDetails {
        let type = group.cluster?.hsmType
        let fitting = BackupDetails(hsmType: type)
        if let last = group.backups.last?.details, last == fitting { return last }
        return fitting
    }

    /// Begins a copy of a backup in another Region.
    mutating func beginCopy(
        of source: Backup,
        to region: Region,
        tags: [String: String],
        under settings: SimulatorSettings
    ) {
        let id = newBackupID(under: settings)
        group.backups.append(
            Backup(
                id: id,
                region: region,
                createdAt: source.createdAt,
                state: .createInProgress,
                origin: CopyOrigin(backup: source.id, region: source.region, copiedAt: asOf),
                mode: source.mode,
                details: BackupDetails(tags: tags, hsmType: source.hsmType)
            )
        )
        for index in memory.materials.indices
        where memory.materials[index].notYetIn.contains(source.id) {
            memory.materials[index].notYetIn.append(id)
        }
        memory.schedule(.backupReady(id), at: asOf + settings.latencies.copy)
    }

    /// Makes an HSM that is being created, on a new interface with a new address.
    mutating func newHSM(
        in zone: AvailabilityZone,
        of cluster: Cluster,
        address: String?,
        under settings: SimulatorSettings
    ) -> HSM {
        let id = HSMID(bits: newBits(.hsm, under: settings))
        let interface = newFingerprint(.interface, under: settings)
        var subnet = Fingerprint(seed: settings.seed)
        subnet.mix(cluster.subnets[zone]?.description ?? "")
        let net = Addresses(subnet: subnet.bits)
        let host = net.freeHost(from: memory.idsMade, apartFrom: cluster.hsms)
        return HSM(
            id: id,
            zone: zone,
            subnet: cluster.subnets[zone],
            eni: ENIID("eni-\(interface.hexadecimal)"),
            address: address ?? net.address(of: host),
            address6: cluster.networkType == .dualStack ? net.address6(of: host) : nil,
            type: cluster.hsmType,
            state: .createInProgress
        )
    }
}

/// The addresses of a simulated subnet.
private struct Addresses {
    let subnet: UInt64

    func address(of host: UInt64) -> String {
        "10.\(subnet >> 8 & 255).\(subnet & 255).\(host)"
    }

    func address6(of host: UInt64) -> String {
        "fd00:\(String(subnet & 0xFFFF, radix: 16))::\(String(host, radix: 16))"
    }

    /// A host no HSM has; EC2 keeps the first four and the last of a subnet for itself.
    func freeHost(from count: UInt64, apartFrom hsms: [HSM]) -> UInt64 {
        let taken = Set(hsms.compactMap(\.address))
        for step in 0..<UInt64(251) {
            let host = 4 + (count + step) % 251
            if !taken.contains(address(of: host)) { return host }
        }
        return 4
    }
}

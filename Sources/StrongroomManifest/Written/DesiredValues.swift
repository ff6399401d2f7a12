import CloudHSM
import StrongroomModel

extension WrittenFleet {
    /// The state directory's path, resolved against the manifest.
    var stateDirectory: String? {
        guard let state else { return nil }
        let file = findings.source.file
        return join(
            state.value,
            to: file == ManifestReader.standardInput ? "" : directory(of: file)
        )
    }

    /// The fleet as the other rooms know it; nil if something is missing, which has been noted.
    func desired(clusters: [DesiredCluster]) -> DesiredFleet? {
        guard let name, let service, let stateDirectory else { return nil }
        return DesiredFleet(
            name: findings.source.located(name),
            service: service.value,
            stateDirectory: stateDirectory,
            accounts: accounts?.compactMap(\.desired) ?? [.standard],
            regions: regions.map(\.value),
            safety: safety.desired(in: findings.source),
            quotas: quotas,
            clusters: clusters
        )
    }
}

extension AllManifests {
    /// The clusters as the other rooms know them, without those that something has been noted about.
    ///
    /// - Parameter certificates: Where certificates may lie.
    /// - Returns: The clusters, in the order read.
    func desiredClusters(certificates: CertificateFiles) -> [DesiredCluster] {
        clusters.compactMap { cluster in
            let initialization = cluster.initialization.flatMap {
                $0.read(from: certificates, notingIn: cluster.findings)
            }
            guard let fleet else { return nil }
            return cluster.desired(in: fleet, initialization: initialization)
        }
    }
}

extension WrittenCluster {
    fileprivate func desired(
        in fleet: WrittenFleet,
        initialization desiredInitialization: DesiredInitialization?
    ) -> DesiredCluster? {
        let source = findings.source
        guard let name, let region else { return nil }
        let account = fleet.accounts == nil ? .standard : fleet.account(of: self)?.desired
        guard let account else { return nil }
        var desired = DesiredCluster(
            name: source.located(name),
            labels: labels,
            region: source.located(region),
            account: account
        )
        desired.clusterID = clusterID.map(source.located)
        desired.hsmType = hardware.type.map(source.located)
        desired.mode = hardware.mode.map(source.located)
        desired.networkType = hardware.network.map(source.located)
        desired.subnets = hardware.subnetMap.map(source.located)
        desired.tags = tags.map(source.located)
        desired.hsms = hsms.map { source.located(Spanned($0.desired, at: $0.span)) }
        desired.backups = desiredBackups(in: fleet)
        desired.copies = copies.compactMap { $0.desired(in: source) }
        desired.recoveryPoints = recoveryPoints.compactMap { $0.desired(in: source) }
        desired.purge = purge.map(source.located)
        desired.restoreFrom = restoreFrom.map { source.located($0.desired) }
        desired.resumeFrom = resumeFrom.map(source.located)
        if let initialization, let desiredInitialization {
            desired.initialization = source.located(
                Spanned(desiredInitialization, at: initialization.span)
            )
        }
        desired.freeze = freeze?.desired(in: source)
        desired.ensure = source.located(Spanned(ensure.desired, at: ensure.span))
        return desired
    }

    private func desiredBackups(in fleet: WrittenFleet) -> DesiredBackups {
        let effective = EffectiveBackups(backups, defaults: fleet.defaults)
        func located<Value>(_ inherited: Inherited<Value>?) -> Located<Value>? {
            inherited.map { value in
                let source = value.isDefault ? fleet.findings.source : findings.source
                return source.located(value.spanned)
            }
        }
        var desired = DesiredBackups()
        desired.retention = located(effective.retention)
        desired.maxAge = located(effective.maxAge)
        desired.whenStale = effective.whenStale?.value ?? desired.whenStale
        desired.keepAtLeast = located(effective.keepAtLeast)
        return desired
    }
}

extension WrittenCopies {
    fileprivate func desired(in source: SourceText) -> DesiredCopies? {
        guard let region else { return nil }
        var desired = DesiredCopies(region: source.located(region))
        desired.maxAge = maxAge.map(source.located)
        desired.retentionDays = retentionDays.map(source.located)
        desired.keepAtLeast = keepAtLeast.map(source.located)
        return desired
    }
}

extension WrittenRecoveryPoint {
    fileprivate func desired(in source: SourceText) -> DesiredRecoveryPoint? {
        guard let name, let selector else { return nil }
        return DesiredRecoveryPoint(
            name: source.located(name),
            selector: selector.value,
            regions: regions.map(source.located)
        )
    }
}

extension WrittenSource {
    fileprivate var desired: Spanned<DesiredSource> {
        Spanned(
            DesiredSource(
                cluster: cluster.value,
                recoveryPoint: recoveryPoint?.value,
                whenRegionLost: whenRegionLost?.value ?? .hold
            ),
            at: span
        )
    }
}

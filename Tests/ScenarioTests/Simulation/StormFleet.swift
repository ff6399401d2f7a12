import CloudHSM
import StrongroomModel

/// The manifests of a simulation: they are edited in the middle, and may contradict what is there.
struct StormFleet {
    /// Decides what is asked for.
    var chance: Chance

    /// What every edit has in common: whose clusters, and which budgets.
    let names: [(name: String, account: AccountID)]
    let safety: Safety

    /// Whether a cluster that is not there may be asked for.
    var asksForNew = true

    /// The manifests as somebody writes them next.
    mutating func edition() -> DesiredFleet {
        var clusters = names.map { cluster(named: $0.name, in: $0.account) }
        if asksForNew, chance.happens(15) { clusters.append(.new) }
        return fleet(of: clusters)
    }

    /// A fleet of these clusters.
    func fleet(of clusters: [DesiredCluster]) -> DesiredFleet {
        var accounts: [DesiredAccount] = []
        for (_, account) in names where !accounts.contains(where: { $0.id == account }) {
            accounts.append(DesiredAccount(name: "account-\(accounts.count)", id: account))
        }
        return DesiredFleet(
            name: .somewhere(StormWorld.fleet),
            service: .simulator,
            stateDirectory: "state",
            accounts: accounts,
            regions: Array(Geography.regions.prefix(2)),
            safety: safety,
            quotas: Quotas(clusters: 20, hsms: 60),
            clusters: clusters
        )
    }

    private mutating func cluster(named name: String, in account: AccountID) -> DesiredCluster {
        var desired = DesiredCluster(
            name: .somewhere(name, line: 2),
            region: .somewhere(StormWorld.home, line: 3),
            account: DesiredAccount(name: "account", id: account)
        )
        if chance.happens(80) { desired.hsms = .somewhere(hsms(), line: 8) }
        if chance.happens(40) {
            desired.tags = .somewhere(["cost-center": "\(chance.number(1...3))"], line: 9)
        }
        if chance.happens(60) {
            let days = chance.one(7, 7, 10, 30)
            desired.backups.retention = RetentionPeriod(days: days).map { .somewhere($0, line: 11) }
        }
        if chance.happens(60) {
            desired.backups.maxAge = .somewhere(.hours(chance.one(6, 13, 26)), line: 12)
            desired.backups.whenStale = .force
        }
        if chance.happens(60) {
            desired.backups.keepAtLeast = .somewhere(chance.number(1...4), line: 13)
        }
        if chance.happens(45) { desired.copies = [copies()] }
        if chance.happens(15) { desired.recoveryPoints = [recoveryPoint()] }
        if chance.happens(6) { desired.purge = purge() }
        return desired
    }

    private mutating func hsms() -> DesiredHSMs {
        let zones = Geography.zones(of: StormWorld.home)
        guard chance.happens(20) else { return .total(chance.number(1...3)) }
        return .perZone([zones[0]: 1, zones[1]: chance.number(0...2)])
    }

    private mutating func copies() -> DesiredCopies {
        var copies = DesiredCopies(region: .somewhere(StormWorld.elsewhere, line: 15))
        if chance.happens(70) { copies.maxAge = .somewhere(.hours(chance.one(26, 48)), line: 16) }
        if chance.happens(60) { copies.retentionDays = .somewhere(chance.one(1, 3, 8), line: 17) }
        if chance.happens(50) { copies.keepAtLeast = .somewhere(chance.number(1...2), line: 18) }
        return copies
    }

    private mutating func recoveryPoint() -> DesiredRecoveryPoint {
        DesiredRecoveryPoint(
            name: .somewhere("kept", line: 25),
            selector: chance.one(.newest, .takenBefore(beginning + .days(2)))
        )
    }

    private mutating func purge() -> Located<DesiredPurge> {
        .somewhere(
            DesiredPurge(
                materialRemovedAt: beginning + .hours(chance.number(20...60)),
                reason: "expired keys"
            ),
            line: 28
        )
    }
}

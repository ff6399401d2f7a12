import CloudHSM
import StrongroomModel

/// Random plans about HSMs, and about clusters that go.
extension Dice {
    /// A plan that adds, removes, parks or deletes, its guards now and then wrong or missing.
    mutating func hsmCase() -> Case {
        let states: [HSMState] = [.active, .active, .active, .active, .degraded]
        let hsms = (0..<roll(4)).map { hsm(1 + $0, zone: $0 % 2, pick(states)) }
        let backups = (0..<(1 + roll(2))).map { own($0, age: 1 + $0, pinned: happens(40)) }
        var wanted = desired()
        if happens(80) { wanted.hsms = at(.total(pick([0, 1, 2, 3]))) }
        if happens(30) {
            wanted.ensure = at(.absent(reason: "not needed", finalBackup: .keep))
        }
        let world = group(hsms: hsms, backups: backups, retention: .days(90))
        return Case(desired: wanted, group: world, steps: hsmSteps(world, wanted))
    }

    private mutating func hsmSteps(_ world: ProtectionGroup, _ wanted: DesiredCluster) -> [Step] {
        let hsms = world.cluster?.hsms ?? []
        let healthy = hsms.count { $0.state == .active }
        var isAbsent = false
        if case .absent = wanted.ensure.value { isAbsent = true }
        let bar = isAbsent ? 0 : min(healthy, wanted.hsms?.value.count ?? healthy)
        var steps: [Step] = []
        var present = hsms.count
        for _ in 0..<(isAbsent || healthy == 0 ? 0 : pick([0, 1, 1, 2])) {
            steps.append(addition(steps.count + 1, present, healthy))
            present += 1
        }
        var left = hsms.shuffled(using: &self)
        if isAbsent || wanted.hsms?.value.count == 0 {
            // Everything goes, one after the other.
        } else {
            left = Array(left.prefix(roll(3)))
        }
        for hsm in left {
            steps.append(removal(steps.count + 1, .known(hsm.id), hsm.zone, present, bar))
            present -= 1
        }
        if let first = steps.first, case .addHSM = first.action, happens(40) {
            let added = HSMReference.added(by: first.id)
            var step = removal(steps.count + 1, added, zones[2], present, bar)
            if happens(80) {
                step = StrongroomProofTests.step(
                    step.id.number,
                    step.action,
                    when: step.preconditions + [.freshBackup(causedBy: first.id)],
                    until: step.postcondition,
                    after: Array(Set(step.after.map(\.number) + [1])).sorted()
                )
            }
            steps.append(step)
        }
        if isAbsent { appendDeletion(&steps, world) }
        return steps
    }

    private mutating func addition(_ number: Int, _ present: Int, _ healthy: Int) -> Step {
        let zone = zones[2]
        return step(
            number,
            .addHSM(zone: zone, causesBackup: true),
            when: happens(85) ? [.clusterState(.active), .presentHSMs(present)] : [],
            until: .healthyHSMs(in: zone, atLeast: number),
            after: number > 1 && happens(80) ? [number - 1] : []
        )
    }

    private mutating func removal(
        _ number: Int,
        _ hsm: HSMReference,
        _ zone: AvailabilityZone?,
        _ present: Int,
        _ bar: Int
    ) -> Step {
        var facts: [Fact] = happens(90) ? [.clusterState(.active)] : []
        let isChained = happens(90)
        if bar == 0 || happens(90) { facts.append(.presentHSMs(present)) }
        if happens(85) {
            facts.append(.healthyHSMsApart(from: hsm, atLeast: happens(90) ? bar : max(bar - 1, 0)))
        }
        if present == 1, happens(70), let zone {
            facts.append(.healthyHSMs(in: zone, atLeast: 1))
        }
        return step(
            number,
            .removeHSM(hsm, zone: zone, causesBackup: happens(95)),
            when: facts,
            until: .hsmGone(hsm),
            after: number > 1 && isChained ? [number - 1] : []
        )
    }

    private mutating func appendDeletion(_ steps: inout [Step], _ world: ProtectionGroup) {
        let last = steps.last
        let ready = world.backups.filter(\.isReady)
        let kept: BackupReference
        if let last, happens(90) || ready.isEmpty {
            kept = .caused(by: last.id)
        } else {
            guard !ready.isEmpty else { return }
            kept = .known(pick(ready).id)
        }
        let isSeenPinned = happens(95)
        if happens(70) {
            steps.append(
                step(
                    steps.count + 1,
                    .pinBackup(kept),
                    when: [.backupReady(kept)],
                    until: isSeenPinned ? .backupPinned(kept) : .backupReady(kept),
                    after: last.map { [$0.id.number] } ?? []
                )
            )
        }
        var facts: [Fact] = [.noHSMsListed]
        let isPinned = isSeenPinned && steps.count > (last?.id.number ?? 0)
        if isPinned, happens(70) { facts.append(.backupPinned(kept)) }
        if case .known(backupID(0)) = kept, happens(40) { facts.append(.newestBackup(backupID(0))) }
        steps.append(
            step(
                steps.count + 1,
                .deleteCluster(clusterID(1)),
                when: facts,
                until: .clusterGone,
                after: happens(95) ? steps.map(\.id.number) : []
            )
        )
    }
}

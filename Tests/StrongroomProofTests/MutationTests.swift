import CloudHSM
import StrongroomModel
import StrongroomProof
import Testing

/// Whatever goes wrong with a real plan on its way is caught, or does no harm.
@Suite struct MutationTests {
    @Test func realPlansAreProved() {
        for (name, given) in RealPlans.all {
            #expect(given.proof.findings.isEmpty, "\(name)")
            #expect(given.bruteForce == nil, "\(name)")
        }
    }

    @Test func everyMutationIsCaughtOrHarmless() {
        var caught = 0
        for (name, given) in RealPlans.all {
            for (change, mutant) in given.mutants {
                guard mutant.proof.holds else {
                    caught += 1
                    continue
                }
                let breach = mutant.bruteForce
                #expect(breach == nil, "\(name), \(change): \(breach ?? "")")
            }
        }
        #expect(caught >= 40, "only \(caught) were caught")
    }
}

extension Case {
    /// The first breach that brute force finds.
    var bruteForce: String? { staticBreach ?? Explorer(SmallWorld(self)).breach }

    /// The plan with one thing wrong, and what.
    fileprivate var mutants: [(String, Case)] {
        var found: [(String, [Step])] = []
        for (index, step) in steps.enumerated() {
            found.append(("step \(step.id) left out", steps.filter { $0.id != step.id }))
            found.append(("order of \(step.id) left out", replacing(index, after: [])))
            for (number, fact) in step.preconditions.enumerated() {
                var facts = step.preconditions
                facts.remove(at: number)
                found.append(("step \(step.id) without: \(fact)", replacing(index, when: facts)))
            }
            found.append(
                ("step \(step.id) done too early", replacing(index, until: .clusterExists))
            )
            if index > 0 { found.append(("step \(step.id) first", swapped(index))) }
            for action in wrong(step.action) {
                found.append(("step \(step.id): \(action)", replacing(index, action: action)))
            }
        }
        return found.map { change, steps in
            var mutant = self
            mutant.steps = steps
            return (change, mutant)
        }
    }

    private func replacing(
        _ index: Int,
        action: Action? = nil,
        when: [Fact]? = nil,
        until: Fact? = nil,
        after: [StepID]? = nil
    ) -> [Step] {
        var changed = steps
        let old = steps[index]
        changed[index] = Step(
            id: old.id,
            action: action ?? old.action,
            reason: old.reason,
            preconditions: when ?? old.preconditions,
            postcondition: until ?? old.postcondition,
            after: after ?? old.after
        )
        return changed
    }

    /// The step and the one before it, each in the place and with the order of the other.
    private func swapped(_ index: Int) -> [Step] {
        var changed = steps
        for (place, other) in [(index - 1, index), (index, index - 1)] {
            changed[place] = Step(
                id: steps[place].id,
                action: steps[other].action,
                reason: steps[other].reason,
                preconditions: steps[other].preconditions,
                postcondition: steps[other].postcondition,
                after: steps[place].after
            )
        }
        return changed
    }

    /// The same change aimed elsewhere, or its opposite.
    private func wrong(_ action: Action) -> [Action] {
        switch action {
        case .deleteBackup(let id, let region, let createdAt):
            [
                .deleteBackup(id, in: region == tokyo ? ireland : tokyo, createdAt: createdAt),
                .deleteBackup(id, in: region, createdAt: now - .days(1)),
            ]
                + (group?.backups ?? []).filter { $0.id != id }.map {
                    .deleteBackup($0.id, in: $0.region, createdAt: $0.createdAt)
                }
        case .copyBackup(let source, let region):
            [.copyBackup(source, to: region == tokyo ? ireland : tokyo)] + deletions(of: source)
        case .pinBackup(let source): deletions(of: source) + unpinnings(of: source)
        case .setRetention(let old, let new, let losing):
            [
                .setRetention(from: old, to: days(7), losing: losing),
                .setRetention(from: old, to: new, losing: []),
            ]
        case .restoreBackup(let id, let region, _):
            [.deleteBackup(id, in: region, createdAt: now - .days(100))]
        case .removeHSM(let hsm, let zone, _):
            [.removeHSM(hsm, zone: zone, causesBackup: false), .deleteCluster(clusterID(1))]
        case .addHSM, .createCluster, .initializeCluster, .unpinBackup, .tagBackup,
            .untagBackup, .tagCluster, .changeType, .deleteCluster:
            []
        }
    }

    private func deletions(of source: BackupReference) -> [Action] {
        guard case .known(let id) = source, let backup = group?.backup(id) else { return [] }
        return [.deleteBackup(id, in: backup.region, createdAt: backup.createdAt)]
    }

    private func unpinnings(of source: BackupReference) -> [Action] {
        guard case .known(let id) = source else { return [] }
        return [.unpinBackup(id, expiresAt: nil, losing: [])]
    }
}

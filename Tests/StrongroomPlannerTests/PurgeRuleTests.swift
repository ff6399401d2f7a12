import CloudHSM
import StrongroomModel
import Testing

@Suite struct PurgeRuleTests {
    @Test func aPurgeIsHeldAndNothingIsDeletedForIt() {
        let wanted = desired {
            $0.purge = at(
                Line.purge,
                DesiredPurge(materialRemovedAt: now - .days(2), reason: "expired keys")
            )
        }
        let plan = plan(
            wanted,
            group(backups: [backup(1, age: .days(9)), backup(2, age: .days(1))])
        )
        #expect(plan.steps.isEmpty)
        #expect(plan.noteLines == ["held purge (purge:13)"])
    }
}

import CloudHSM
import StrongroomModel
import StrongroomObservation
import Testing

/// Two readings of one thing: what they give together does no harm.
@Suite("Of two readings")
struct ProtectiveReadingTests {
    private static let states: [BackupState] =
        BackupState.known + [.unrecognised("ODD")]

    @Test("of a backup in two states neither is believed", arguments: states, states)
    func backupStates(one: BackupState, other: BackupState) {
        let joined = own(1, one).joined(with: own(1, other))
        #expect(joined == own(1, other).joined(with: own(1, one)))
        #expect(joined.joined(with: own(1, one)) == joined)
        guard one != other else { return #expect(joined == own(1, one)) }
        #expect(!joined.isReady)
        let group = ProtectionGroup(id: groupID(1), cluster: nil, backups: [joined])
        // Not done, not deletable, not restorable: no step follows from it.
        for fact in [
            Fact.backupGone(id(1)), .backupPendingDeletion(id(1)), .backupReady(.known(id(1))),
        ] { #expect(!fact.holds(in: group, bindings: Bindings())) }
    }

    @Test("the pin, the marks, the later content and the earlier end stand")
    func backupFields() {
        var one = own(1, .pendingDeletion, age: .hours(9))
        one.neverExpires = true
        one.details = BackupDetails(tags: ["a": "1", "strongroom:pin": "parked"])
        var other = own(1, .pendingDeletion, age: .hours(5))
        other.deletesAt = noon + .hours(1)
        other.details = BackupDetails(tags: ["a": "0"])
        let joined = one.joined(with: other)
        #expect(joined == other.joined(with: one))
        #expect(joined.neverExpires)
        #expect(joined.createdAt == noon - .hours(5))
        #expect(joined.deletesAt == noon + .hours(1))
        #expect(joined.tags == ["a": "0", "strongroom:pin": "parked"])
    }

    @Test("of a cluster in two states it exists, and nothing may be asked of it")
    func clusterStates() {
        for one in ClusterState.known {
            for other in ClusterState.known where other != one {
                let joined = cluster(1) { $0.state = one }
                    .joined(with: cluster(1) { $0.state = other })
                #expect(joined.exists)
                #expect(joined.state.isBusy)
                #expect(!joined.isActivated)
            }
        }
    }

    @Test("of a cluster's HSMs all are there, and none counts as healthy that is not in both")
    func hsms() {
        let one = cluster(1) {
            $0.hsms = [
                HSM(id: id(1), zone: nil, state: .active),
                HSM(id: id(2), zone: nil, state: .active),
            ]
            $0.retention = .days(90)
        }
        let other = cluster(1) {
            $0.hsms = [
                HSM(id: id(1), zone: value("us-east-1a"), state: .active),
                HSM(id: id(2), zone: nil, state: .deleteInProgress),
                HSM(id: id(3), zone: nil, state: .createInProgress),
            ]
            $0.retention = .days(30)
        }
        let joined = one.joined(with: other)
        #expect(joined == other.joined(with: one))
        #expect(joined.presentHSMs.map(\.id) == [id(1), id(2), id(3)])
        #expect(joined.healthyHSMs.map(\.id) == [id(1)])
        #expect(joined.retention == .days(30))
    }

    @Test("a third changes nothing that the first two decided", arguments: states)
    func isAssociative(third: BackupState) {
        let all = [own(1, .ready), own(1, .pendingDeletion), own(1, third)]
        let left = all[0].joined(with: all[1]).joined(with: all[2])
        let right = all[0].joined(with: all[1].joined(with: all[2]))
        #expect(left == right)
    }
}

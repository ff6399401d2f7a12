import CloudHSM
import Testing

@Suite struct StateTests {
    @Test func everyKnownStateComesBack() {
        #expect(ClusterState.known.count == 11)
        for state in ClusterState.known { #expect(ClusterState(state.description) == state) }
        for state in HSMState.known { #expect(HSMState(state.description) == state) }
        for state in BackupState.known { #expect(BackupState(state.description) == state) }
    }

    @Test func anUnknownStateIsKeptAndCountsAsBusy() {
        #expect(ClusterState("PONDERING")?.description == "PONDERING")
        #expect(ClusterState("PONDERING")?.isBusy == true)
        #expect(HSMState("PONDERING")?.isBusy == true)
        #expect(HSMState("PONDERING")?.isPresent == true)
        #expect(BackupState("PONDERING") == .unrecognised("PONDERING"))
    }

    @Test(arguments: [
        (HSMState.createInProgress, true, true), (.active, true, false), (.degraded, true, false),
        (.deleteInProgress, false, true), (.deleted, false, false),
    ])
    func anHSMCountsWhileItBills(state: HSMState, isPresent: Bool, isBusy: Bool) {
        #expect(state.isPresent == isPresent)
        #expect(state.isBusy == isBusy)
    }

    @Test func healthyIsActiveOnly() {
        let target = cluster(
            .active,
            hsms: [.active, .degraded, .createInProgress, .deleteInProgress, .deleted]
        )
        #expect(target.presentHSMs.count == 3)
        #expect(target.healthyHSMs.count == 1)
    }

    @Test func aReplacedHSMIsTheSameByItsInterface() {
        let eni: ENIID = value("eni-0a1b2c3d")
        let old = HSM(id: HSMID(bits: 1), zone: zone, eni: eni, state: .active)
        let new = HSM(id: HSMID(bits: 2), zone: zone, eni: eni, state: .active)
        let other = HSM(id: HSMID(bits: 1), zone: zone, eni: value("eni-ffffffff"), state: .active)
        let unknown = HSM(id: HSMID(bits: 1), zone: zone, state: .active)
        #expect(old.isSameHSM(as: new))
        #expect(!old.isSameHSM(as: other))
        #expect(old.isSameHSM(as: unknown))
    }
}

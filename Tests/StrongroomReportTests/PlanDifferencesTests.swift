import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanDifferencesTests {
    private let copy = Action.copyBackup(
        .known(Sample.backup("ro5c4er4aa2")),
        to: Sample.ireland
    )

    @Test func reasonsAgesNotesAndOrderDoNotCount() {
        let add = Action.addHSM(zone: Sample.zone("us-east-1b"), causesBackup: true)
        let old = Sample.plan([Sample.step(1, add), Sample.step(2, copy)])
        let other = Reason(rule: "other", "other words", at: Sample.place(99))
        let new = Plan(
            fleet: "acme",
            now: Sample.now + .hours(5),
            groups: Sample.plan(
                [Sample.step(1, copy, other), Sample.step(2, add, other)],
                notes: [Note(.held, "HSMs", other)],
                unchanged: 7
            ).groups
        )
        #expect(PlanDocument(new).differences(from: PlanDocument(old)).isEmpty)
    }

    @Test func whatWentAndWhatCameIsNamed() {
        let backups = [Sample.backup("aaaaaaaaaa2"), Sample.backup("aaaaaaaaaa3")]
        let retention = { (losing: [BackupID]) in
            Action.setRetention(from: .days(90), to: Sample.days(30), losing: losing)
        }
        let old = Sample.plan([
            Sample.step(1, copy), Sample.step(2, retention(Array(backups.prefix(1)))),
        ])
        let new = Sample.plan([
            Sample.step(1, retention(backups)),
            Sample.step(2, .tagCluster(tags: ["env": "prod"], replacing: [:])),
        ])
        #expect(
            PlanDocument(new).differences(from: PlanDocument(old)) == [
                "no longer planned: payments: copy backup-ro5c4er4aa2 → eu-west-1",
                "no longer planned: payments: retention 90 days → 30 days, losing backup-aaaaaaaaaa2",
                "newly planned: payments: retention 90 days → 30 days,"
                    + " losing backup-aaaaaaaaaa2, backup-aaaaaaaaaa3",
                "newly planned: payments: tag env=prod",
            ]
        )
    }

    @Test func theSameChangeTwiceIsADifference() {
        let once = PlanDocument(Sample.plan([Sample.step(1, copy)]))
        let twice = PlanDocument(Sample.plan([Sample.step(1, copy), Sample.step(2, copy)]))
        #expect(
            twice.differences(from: once) == [
                "newly planned: payments: copy backup-ro5c4er4aa2 → eu-west-1"
            ]
        )
    }

    @Test func anotherFleetIsAnotherPlan() {
        let other = Plan(fleet: "beta", now: Sample.now, groups: [])
        #expect(
            PlanDocument(Sample.plan([])).differences(from: PlanDocument(other)) == [
                "the saved plan is for the fleet beta, not acme"
            ]
        )
    }

    @Test func anotherCertificateIsAnotherChange() {
        let plans = ["old", "new"].map { content in
            let file = CertificateFile(path: "a.crt", content: content)
            let files = DesiredInitialization(certificate: file, trustAnchor: file)
            return PlanDocument(Sample.plan([Sample.step(1, .initializeCluster(files))]))
        }
        #expect(plans[1].differences(from: plans[0]).count == 2)
    }
}

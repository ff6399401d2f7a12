import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

/// What `plan --verbose` says of retries.
@Suite struct RetriesTests {
    @Test func everyClassOfCallsOfAPlanSaysHowOftenItIsSent() {
        #expect(
            RetriesText.lines(of: RichPlan.plan) == [
                "reads: up to 5 times, after pauses of up to 1 s, 2 s, 4 s, 8 s",
                "DeleteBackup, DeleteHsm, InitializeCluster, ModifyCluster, TagResource: up to 4 "
                    + "times, again only after an answer that says throttled or failed, after pauses of "
                    + "up to 1 s, 2 s, 4 s",
                "CopyBackupToRegion, CreateCluster, CreateHsm: once, never again by itself; "
                    + "without an answer it is looked for, and after 18 min it is certain whether "
                    + "it was done",
            ]
        )
    }

    @Test func aPlanWithoutCallsOnlyReads() {
        #expect(
            RetriesText.lines(of: Plan(fleet: "acme", now: Sample.now, groups: [])) == [
                "reads: up to 5 times, after pauses of up to 1 s, 2 s, 4 s, 8 s"
            ]
        )
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 7: what makes a backup, and what does not.
@Suite struct BackupTriggerTests {
    @Test func nothingBeforeActivationMakesABackup() throws {
        var stage = try Stage()
        try stage.initialize()
        stage.pass(.days(5))
        #expect(stage.group.backups.isEmpty)
    }

    @Test func addingBesideAnActiveHSMMakesABackupOfThatMoment() throws {
        var stage = try Stage.active()
        let before = Set(stage.own.map(\.id))
        let asked = stage.world.now
        try stage.add()
        let new = stage.own.filter { !before.contains($0.id) }
        #expect(new.map(\.createdAt) == [asked])
        #expect(new.map(\.state) == [.createInProgress])
        stage.pass(.minutes(5) - .milliseconds(1))
        #expect(stage.own.last?.state == .createInProgress)
        stage.pass(.milliseconds(1))
        #expect(stage.own.last?.state == .ready)
    }

    @Test func removingFromAnActiveClusterMakesABackup() throws {
        var stage = try Stage.active()
        let asked = stage.world.now
        try stage.remove(stage.hsms[0].id)
        #expect(stage.own.last?.createdAt == asked)
        stage.pass(.minutes(5))
        #expect(stage.own.last?.state == .ready, "also without an HSM left")
    }

    @Test func resumingRestoresAndMakesNoBackup() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.days(3))
        let before = stage.own
        try stage.add()
        stage.pass(.minutes(8))
        #expect(stage.hsms.map(\.state) == [.active])
        #expect(stage.own == before)
    }

    @Test func removingTheLastDegradedHSMMakesNoBackup() throws {
        var stage = try Stage.active()
        try stage.world.degradeHSM(stage.hsms[0].id)
        let before = stage.own.count
        try stage.remove(stage.hsms[0].id)
        #expect(stage.own.count == before)
    }

    @Test func aBackupComesADayAfterTheNewestToTheMillisecond() throws {
        var stage = try Stage.active()
        let newest = try #require(stage.own.map(\.createdAt).max())
        stage.world.advance(to: newest + .hours(24) - .milliseconds(1))
        #expect(stage.own.count == 1)
        stage.world.advance(to: newest + .hours(24))
        #expect(stage.own.map(\.createdAt) == [newest, newest + .hours(24)])
    }

    @Test func aForcedBackupPutsTheDailyOneOff() throws {
        var stage = try Stage.active()
        stage.pass(.hours(12))
        let forced = stage.world.now
        try stage.add()
        stage.world.advance(to: forced + .hours(24) - .milliseconds(1))
        #expect(stage.own.count == 2)
        stage.pass(.milliseconds(1))
        #expect(stage.own.count == 3)
    }

    @Test func aParkedClusterHasNoDailyBackups() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.minutes(10))
        let before = stage.own.count
        stage.pass(.days(30))
        #expect(stage.own.count == before)
    }

    @Test func afterResumingADayInServiceComesBeforeTheNextDailyBackup() throws {
        var stage = try Stage.active()
        try stage.remove(stage.hsms[0].id)
        stage.pass(.days(10))
        try stage.add()
        stage.pass(.minutes(8))
        let back = stage.world.now
        let before = stage.own.count
        stage.world.advance(to: back + .hours(24) - .milliseconds(1))
        #expect(stage.own.count == before)
        stage.pass(.milliseconds(1))
        #expect(stage.own.count == before + 1)
    }

    @Test func aYearOfAHealthyClusterHasABackupADayAndKeepsThoseOfItsRetention() throws {
        var stage = try Stage.active(hsms: 2, creating: .plain(retention: 30))
        let begin = stage.world.now
        let events = stage.pass(.days(365))
        let daily = events.count { if case .dailyBackup = $0.kind { true } else { false } }
        #expect(daily == 365 || daily == 364)
        let ready = stage.own.filter { $0.isReady }
        #expect(ready.count == 30)
        #expect(ready.allSatisfy { $0.createdAt > begin + .days(365 - 31) })
        let pending = stage.own.filter { $0.state == .pendingDeletion }
        #expect(pending.count == 7)
        #expect(stage.own.count { $0.state == .deleted } == 1)
        #expect(stage.hsms.count == 2)
    }
}

import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

@Suite struct StandInTests {
    private func problem(_ body: () throws -> Void) -> StandInError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StandInError
        }
    }

    @Test func onlyAnInitializedClusterWithAnActiveHSMIsActivated() throws {
        var stage = try Stage()
        #expect(
            problem { try stage.world.activate(stage.cluster) }
                == .notInitialized(stage.cluster, .createInProgress)
        )
        try stage.initialize()
        try stage.world.degradeHSM(stage.hsms[0].id)
        #expect(problem { try stage.world.activate(stage.cluster) } == .noActiveHSM(stage.cluster))
        stage.pass(.minutes(10))
        #expect(problem { try stage.world.activate(stage.cluster) } == nil)
        #expect(
            problem { try stage.world.activate(stage.cluster) }
                == .notInitialized(stage.cluster, .active)
        )
    }

    @Test func anUnknownClusterIsAnsweredWithThoseNearIt() throws {
        var stage = Stage(adopting: Adopted.group())
        var text = Adopted.cluster.description
        text.removeLast()
        let wrong: ClusterID = value(
            text + (Adopted.cluster.description.hasSuffix("b") ? "c" : "b")
        )
        let error = problem { try stage.world.activate(wrong) }
        #expect(error == .unknownCluster(wrong, near: [Adopted.cluster]))
        #expect(error?.description == "there is no \(wrong); did you mean \(Adopted.cluster)?")
    }

    @Test func anUnknownHSMOrBackupIsAnsweredWithThoseNearIt() throws {
        let backup = Adopted.backup(1, age: .hours(1))
        var stage = Stage(adopting: Adopted.group(hsms: 1, backups: [backup]))
        let hsm = HSMID(bits: 1 + 32)
        #expect(
            problem { try stage.world.replaceHSM(hsm) } == .unknownHSM(hsm, near: [HSMID(bits: 1)])
        )
        let wrong = BackupID(bits: 1 + 32)
        #expect(
            problem { try stage.world.failBackup(wrong) }
                == .unknownBackup(wrong, near: [backup.id])
        )
        #expect(
            problem { try stage.world.failBackup(backup.id) }
                == .wrongBackupState(backup.id, .ready)
        )
    }

    @Test func anHSMOnItsWayOutIsNeitherReplacedNorDegraded() throws {
        var stage = try Stage.active(hsms: 2)
        let hsm = stage.hsms[1].id
        try stage.remove(hsm)
        let expected = StandInError.wrongHSMState(hsm, .deleteInProgress)
        #expect(problem { try stage.world.replaceHSM(hsm) } == expected)
        #expect(problem { try stage.world.degradeHSM(hsm) } == expected)
    }

    @Test func materialChangesOnlyWhereThereIsAnHSMInService() throws {
        var stage = try Stage()
        #expect(
            problem { try stage.world.changeMaterial(of: stage.cluster) }
                == .notActivated(stage.cluster, .createInProgress)
        )
        stage = try Stage.active()
        #expect(try stage.world.changeMaterial(of: stage.cluster).number == 2)
        #expect(try stage.world.changeMaterial(of: stage.cluster).number == 3)
        try stage.remove(stage.hsms[0].id)
        #expect(
            problem { try stage.world.changeMaterial(of: stage.cluster) }
                == .noActiveHSM(stage.cluster)
        )
    }
}

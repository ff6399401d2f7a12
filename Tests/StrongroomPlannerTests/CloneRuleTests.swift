import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

/// A clone of payments is made from what its manifest names, and from nothing else.
@Suite struct CloneRuleTests {
    private static let origin = desired()

    /// The same, with the recovery point that some clones are made from.
    private static let nominating = desired {
        $0.recoveryPoints = [
            DesiredRecoveryPoint(
                name: at(Line.recoveryPoint, "before-rotation"),
                selector: .takenBefore(now - .hours(20))
            )
        ]
    }

    /// The manifest of the clone; in Ireland unless said otherwise.
    private static func clone(
        in region: Region = ireland,
        from point: String? = nil,
        whenLost: LostRegionResponse = .hold,
        _ change: (inout DesiredCluster) -> Void = { _ in }
    ) -> DesiredCluster {
        var clone = DesiredCluster(
            name: at(Line.name, "payments-dr"),
            region: at(Line.region, region),
            account: .standard
        )
        let zones = ["a", "b"].map { known(AvailabilityZone("\(region)\($0)")) }
        clone.hsmType = at(Line.hsmType, .hsm2mMedium)
        clone.mode = at(Line.mode, .fips)
        clone.subnets = at(Line.subnets, subnets(zones))
        clone.hsms = at(Line.hsms, .total(2))
        clone.backups.retention = at(Line.retention, days(90))
        let source = DesiredSource(
            cluster: "payments",
            recoveryPoint: point,
            whenRegionLost: whenLost
        )
        clone.restoreFrom = at(Line.restoreFrom, source)
        change(&clone)
        return clone
    }

    private func plan(
        _ clone: DesiredCluster,
        from groups: [ProtectionGroup],
        lost: [Place: UnreadReason] = [:]
    ) -> (clone: GroupPlan, source: GroupPlan?) {
        let point = clone.restoreFrom?.value.recoveryPoint
        let planner = Planner(
            fleet: fleet([point == nil ? Self.origin : Self.nominating, clone]),
            context: PlanContext(now: now, unreadPlaces: lost)
        )
        let plan = planner.plan(for: groups)
        let own = plan.groups.first { $0.subject.name == "payments-dr" }
        return (
            known(own, "the clone's plan"), plan.groups.first { $0.subject.name == "payments" }
        )
    }

    private static let silent: [Place: UnreadReason] = [homePlace: "it does not answer"]

    /// What the other Regions still show of payments once its home is lost.
    private static func remains(_ copies: [Backup]) -> ProtectionGroup {
        let tagged = copies.map { copy in
            var copy = copy
            copy.details = BackupDetails(tags: ownership())
            return copy
        }
        return ProtectionGroup(id: groupID(1), cluster: nil, backups: tagged)
    }

    private static let madeInHome = [
        "1 + create (clone:14)", "2 + add us-east-1a after 1 (clone:9)",
        "3 + add us-east-1b, backed up after 2 (clone:9)",
    ]
    private static let madeInIreland = [
        "1 + create (clone:14)", "2 + add eu-west-1a after 1 (clone:9)",
        "3 + add eu-west-1b, backed up after 2 (clone:9)",
    ]

    @Test func isMadeFromTheNewestBackupInItsRegionAndNeverInitialised() {
        let group = group(backups: [backup(1, age: .hours(30)), backup(2, age: .hours(6))])
        let plan = plan(Self.clone(in: home), from: [group])
        #expect(plan.clone.stepLines == Self.madeInHome)
        #expect(plan.clone.notes.isEmpty)
        guard case .createCluster(let request) = plan.clone.steps.first?.action else {
            Issue.record("nothing is created")
            return
        }
        #expect(request.sourceBackup == backupID(2))
        #expect(plan.clone.steps.first?.postcondition == .clusterState(.active))
    }

    @Test func elsewhereTheBackupIsCopiedFirstAndTheCloneWaits() {
        let group = group(backups: [backup(1, age: .hours(30)), backup(2, age: .hours(6))])
        let plan = plan(Self.clone(), from: [group])
        #expect(plan.clone.stepLines.isEmpty)
        #expect(plan.clone.noteLines == ["waiting create cluster (clone:14)"])
        #expect(plan.source?.stepLines == ["1 > copy \(backupID(2)) to eu-west-1 (clone:14)"])
    }

    @Test func aCopyOnItsWayIsWaitedForAndNotMadeAgain() {
        let copy = copy(5, of: 2, age: .hours(6), .createInProgress)
        let group = group(backups: [backup(2, age: .hours(6)), copy])
        let plan = plan(Self.clone(), from: [group])
        #expect(plan.clone.stepLines.isEmpty)
        #expect(plan.clone.noteLines == ["waiting create cluster (clone:14)"])
        #expect(plan.source?.stepLines == [])
    }

    @Test func aReadyCopyIsUsed() {
        let group = group(backups: [
            backup(2, age: .hours(6)), copy(5, of: 2, age: .hours(6)),
            copy(4, of: 2, age: .hours(6), .deleted),
        ])
        let plan = plan(Self.clone(), from: [group])
        #expect(plan.clone.stepLines == Self.madeInIreland)
        #expect(
            plan.clone.steps.first?.reason.text.contains(
                "\(backupID(5)), the copy of \(backupID(2)), the newest backup of payments"
            ) == true
        )
    }

    @Test func copiesThatKeepFailingAreNotTriedForEver() {
        let failed = (5...7).map { copy($0, of: 2, age: .hours(6), .deleted) }
        let plan = plan(Self.clone(), from: [group(backups: [backup(2, age: .hours(6))] + failed)])
        #expect(plan.clone.noteLines == ["held create cluster (clone:14)"])
        #expect(plan.source?.stepLines == [])
    }

    @Test func aRecoveryPointIsTheBackupThatWasRecorded() {
        var recorded = backup(1, age: .hours(30))
        recorded.details = BackupDetails(
            tags: [OwnershipTag.recoveryPoint + "before-rotation": "2026-11-23T00:00:00Z"]
        )
        recorded.neverExpires = true
        let group = group(backups: [recorded, backup(2, age: .hours(6))])
        let made = plan(Self.clone(in: home, from: "before-rotation"), from: [group])
        #expect(made.clone.stepLines == Self.madeInHome)
        guard case .createCluster(let request) = made.clone.steps.first?.action else { return }
        #expect(request.sourceBackup == backupID(1))

        let unrecorded = ProtectionGroup(
            id: group.id,
            cluster: group.cluster,
            backups: [backup(1, age: .hours(30)), backup(2, age: .hours(6))]
        )
        let waits = plan(Self.clone(in: home, from: "before-rotation"), from: [unrecorded])
        #expect(waits.clone.noteLines == ["waiting create cluster (clone:14)"])
    }

    @Test func aLostHomeHoldsTheCloneUnlessTheManifestAllowsIt() {
        let remains = Self.remains([
            copy(4, of: 1, age: .hours(50)), copy(5, of: 2, age: .hours(26)),
        ])
        let held = plan(Self.clone(), from: [remains], lost: Self.silent)
        #expect(held.clone.stepLines.isEmpty)
        #expect(held.clone.texts.first?.contains("write whenRegionLost: useNewestCopy") == true)

        let made = plan(
            Self.clone(whenLost: .useNewestCopy),
            from: [remains],
            lost: Self.silent
        )
        #expect(made.clone.stepLines == Self.madeInIreland)
        let text = made.clone.steps.first?.reason.text ?? ""
        #expect(text.contains("\(backupID(5)), the newest copy in eu-west-1"))
        #expect(text.contains("26 h old"))
        #expect(text.contains("what came after that content is lost"))
        #expect(made.source?.stepLines == [])
    }

    @Test func aCloneOfALostRegionNeedsAReadyCopyWhereItIsToBe() {
        let frankfurt = region("eu-central-1")
        let elsewhere = Self.remains([copy(5, of: 2, age: .hours(26), in: frankfurt)])
        let held = plan(
            Self.clone(whenLost: .useNewestCopy),
            from: [elsewhere],
            lost: Self.silent
        )
        #expect(held.clone.noteLines == ["held create cluster (clone:14)"])
        #expect(held.clone.texts.first?.contains("make the cluster there") == true)

        let nothing = plan(Self.clone(whenLost: .useNewestCopy), from: [], lost: Self.silent)
        #expect(nothing.clone.noteLines == ["held create cluster (clone:14)"])
    }

    @Test func modeAndTypeHaveToFit() {
        var other = backup(2, age: .hours(6))
        other = Backup(
            id: other.id,
            region: home,
            createdAt: other.createdAt,
            state: .ready,
            mode: .nonFIPS
        )
        let plan = plan(Self.clone(in: home), from: [group(backups: [other])])
        #expect(plan.clone.noteLines == ["held create cluster (clone:14)"])
        #expect(plan.clone.texts.first?.contains("another mode") == true)
    }

    @Test func whatACloneIsMadeFromIsNotDeletedInTheSameRun() {
        var origin = Self.origin
        origin.copies = [copies(maxAge: .hours(48), retentionDays: 1)]
        let there = group(backups: [
            backup(2, age: .hours(30)), copy(5, of: 2, age: .hours(30)),
            copy(6, of: 3, age: .hours(31)),
        ])
        let planner = Planner(
            fleet: fleet([origin, Self.clone()]),
            context: PlanContext(now: now)
        )
        let plans = planner.plan(for: [there]).groups
        let lost = plans.flatMap(\.steps).flatMap(\.action.lostBackups)
        #expect(!lost.contains(backupID(5)))
        #expect(lost == [backupID(6)])
    }

    @Test func aCloneThatIsThereIsNeverMadeAgain() {
        let made = group(2, name: "payments-dr", hsms: [], in: ireland) {
            $0.sourceBackup = backupID(4)
            $0.subnets = [:]
        }
        let source = group(backups: [
            backup(1, age: .hours(30)), backup(2, age: .hours(6)),
            copy(4, of: 1, age: .hours(30)),
        ])
        var recorded = source
        recorded.backups[1].details = BackupDetails(
            tags: [OwnershipTag.recoveryPoint + "before-rotation": "2026-11-23T00:00:00Z"]
        )
        let plan = plan(
            Self.clone(from: "before-rotation") {
                $0.subnets = nil
                $0.hsms = nil
            },
            from: [recorded, made]
        )
        #expect(plan.clone.stepLines.isEmpty)
        #expect(plan.clone.noteLines == ["held source (immutable:14)"])
        #expect(plan.clone.notes.first?.suggestion?.contains("name: payments-dr-2") == true)
    }
}

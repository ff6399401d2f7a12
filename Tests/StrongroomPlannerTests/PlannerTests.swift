import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

@Suite struct PlannerTests {
    private func planner(
        _ clusters: [DesiredCluster],
        detail: Planner.Detail = .differences
    ) -> Planner {
        Planner(fleet: fleet(clusters), context: PlanContext(now: now), detail: detail)
    }

    @Test func aManifestMeansTheClusterWithItsNameInOurTag() {
        let plan = planner([desired()]).plan(for: [group()])
        #expect(plan.groups.map(\.standing) == [.managed])
        #expect(
            plan.groups.map(\.subject)
                == [PlanSubject(name: "payments", home: homePlace, cluster: clusterID(1))]
        )
        #expect(plan.isSettled)
    }

    @Test func aClusterIDGoesBeforeAnyTag() {
        let adopted = desired("ledger") { $0.clusterID = at(Line.clusterID, clusterID(1)) }
        let plan = planner([adopted]).plan(for: [group(name: "payments")])
        #expect(plan.groups.map(\.subject.name) == ["ledger"])
        #expect(plan.groups.map(\.standing) == [.managed])
    }

    @Test func aManifestThatNamesAClusterIDMeansNoOther() {
        let adopted = desired { $0.clusterID = at(Line.clusterID, clusterID(2)) }
        let plan = planner([adopted]).plan(for: [group(1)])
        #expect(plan.groups.map(\.standing) == [.orphan, .managed])
        #expect(plan.groups.map(\.subject.cluster) == [clusterID(1), clusterID(2)])
        #expect(plan.groups.flatMap(\.steps).isEmpty)
    }

    @Test func orphansAndForeignClustersAreShownAndNeverTouched() {
        let damaged = [hsm(1, zoneA, .degraded)]
        let orphan = group(1, name: "forgotten", hsms: damaged)
        let foreign = group(2, hsms: damaged) { $0.tags = [:] }
        let anotherFleets = group(3, hsms: damaged) { $0.tags = ownership(fleet: "umbrella") }
        let remains = ProtectionGroup(
            id: groupID(4),
            cluster: nil,
            backups: [copy(1, of: 2, age: .days(900))]
        )
        let plan = planner([]).plan(for: [foreign, remains, orphan, anotherFleets])
        #expect(plan.groups.map(\.standing) == [.orphan, .foreign, .foreign, .foreign])
        #expect(plan.groups.allSatisfy { $0.steps.isEmpty && $0.notes.isEmpty })
        #expect(plan.totals.orphans == 1)
        #expect(plan.totals.foreign == 3)
    }

    @Test func nobodyIsCalledForeignWhoseHomeWasNotRead() {
        let remains = ProtectionGroup(
            id: groupID(4),
            cluster: nil,
            backups: [copy(1, of: 2, age: .days(900))]
        )
        let gap = [remains.id.home: UnreadReason("the Region does not answer")]
        let context = PlanContext(now: now, unreadPlaces: gap)
        let plan = Planner(fleet: fleet([]), context: context).plan(for: [remains])
        #expect(plan.groups.isEmpty && plan.totals.foreign == 0)
        #expect(plan.totals.unreadPlaces == 1)
    }

    @Test func anotherFleetsClusterOfThatNameIsNotOurs() {
        let theirs = group { $0.tags = ownership(fleet: "umbrella") }
        let plan = planner([desired()]).plan(for: [theirs])
        #expect(plan.groups.map(\.standing) == [.managed, .foreign])
        #expect(plan.groups.first?.steps.first?.short == "1 + create (creation:1)")
    }

    @Test func whatIsAsItShouldBeIsCountedAndListedOnlyOnRequest() {
        let wanted = desired {
            $0.tags = at(Line.tags, [:])
            $0.backups.maxAge = at(Line.maxAge, .hours(26))
            $0.copies = [copies(maxAge: .hours(48), retentionDays: 30)]
        }
        let there = group(backups: [backup(1, age: .hours(2)), copy(2, of: 1, age: .hours(2))])
        let short = planner([wanted]).plan(for: [there])
        let long = planner([wanted], detail: .everything).plan(for: [there])
        #expect(short.groups.first?.notes.isEmpty == true)
        #expect(short.totals.unchanged == 6)
        #expect(
            long.groups.first?.noteLines == [
                "unchanged HSMs (hsm-count:9)", "unchanged tags (tags:8)",
                "unchanged retention (retention:10)",
                "unchanged backup freshness (freshness:11)",
                "unchanged copy in eu-west-1 (copy:21)",
                "unchanged old copies in eu-west-1 (copy-cleanup:22)",
            ]
        )
        #expect(long.isSettled)
    }

    @Test func aGroupThatCouldNotBeReadIsNotMadeAnewAtAssembly() {
        let plan = planner([desired()]).assemble([], unread: [groupID(1): "broken JSON"])
        #expect(plan.groups.map(\.noteLines) == [["unread cluster (presence:1)"]])
    }
}

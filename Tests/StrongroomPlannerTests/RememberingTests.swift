import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

@Suite("What a run remembers")
struct RememberingTests {
    private let two = group(backups: [backup(1, age: .hours(2))])

    private func wanting(hsms count: Int) -> DesiredCluster {
        desired { $0.hsms = at(Line.hsms, .total(count)) }
    }

    @Test("is what the manifest wanted and the world showed")
    func content() {
        var cluster = desired()
        cluster.tags = at(Line.tags, ["env": "prod"])
        let seen = remembered(cluster, group { $0.tags["env"] = "prod" })
        #expect(seen.at == now - .hours(1))
        #expect(seen.wanted["hsm-count"] == "2" && seen.wanted["retention"] == "90")
        #expect(seen.wanted["tags"]?.hasPrefix("1 tags ") == true)
        #expect(seen.open == [:])
        #expect(seen.hsms == ["eni-00000001": hsmID(1), "eni-00000002": hsmID(2)])
        #expect(seen.hsmType == .hsm2mMedium && seen.retention == .days(90))
    }

    @Test("is nothing where no manifest means the cluster")
    func strangers() {
        let planner = Planner(fleet: fleet([]), context: PlanContext(now: now))
        #expect(planner.seen(two) == nil)
    }

    @Test("an edit stays an edit until its last call was accepted, and while it comes about")
    func editOverSeveralRuns() {
        let before = remembered(desired(), two)
        let four = wanting(hsms: 4)
        let first = remembered(four, two, before: before, accepted: [StepID(1)])
        #expect(first.wanted["hsm-count"] == "2", "the second addition was not asked for yet")
        #expect(first.open == ["hsm-count": .manifest])

        let three = group(
            hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA)],
            backups: two.backups
        )
        let second = remembered(four, three, before: first, accepted: [StepID(1)])
        #expect(second.wanted["hsm-count"] == "4")
        #expect(second.open == ["hsm-count": .manifest])

        let creating = group(
            hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA), hsm(4, zoneB, .createInProgress)],
            backups: two.backups
        )
        let journal = [
            entry("CreateHsm", "\(zoneB)", rule: "hsm-count", made: "\(hsmID(4))")
        ]
        let waiting = plan(four, creating, journal: journal, seen: [groupID(1): second])
        #expect(waiting.causeLines == ["waiting HSMs: manifest"])

        let whole = group(
            hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA), hsm(4, zoneB)],
            backups: two.backups
        )
        let last = remembered(four, whole, before: second, journal: journal)
        #expect(last.open == [:] && last.wanted["hsm-count"] == "4")
    }

    @Test("an edit that is taken back stays an edit")
    func editTakenBack() {
        let first = remembered(
            wanting(hsms: 3),
            two,
            before: remembered(desired(), two),
            accepted: [StepID(1)]
        )
        let three = group(
            hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA)],
            backups: two.backups
        )
        let journal = [
            entry("CreateHsm", "\(zoneA)", rule: "hsm-count", made: "\(hsmID(3))")
        ]
        let back = plan(desired(), three, journal: journal, seen: [groupID(1): first])
        #expect(back.causeLines == ["- remove \(hsmID(3)): manifest"])
    }

    @Test("drift stays drift until it is undone, though the world is remembered as it became")
    func driftOverSeveralRuns() {
        let one = group(hsms: [hsm(1, zoneA)], backups: two.backups)
        let first = remembered(desired(), one, before: remembered(desired(), two))
        #expect(first.open == ["hsm-count": .drift])
        #expect(first.hsms.count == 1)
        let again = plan(desired(), one, seen: [groupID(1): first])
        #expect(again.causeLines == ["+ add us-east-1b, backed up: drift"])
    }

    @Test("what a person did before it was asked for elsewhere touches no other aspect")
    func otherAspects() {
        var edited = desired()
        edited.backups.retention = at(Line.retention, days(120))
        let one = group(hsms: [hsm(1, zoneA)], backups: two.backups)
        let plan = plan(edited, one, seen: [groupID(1): remembered(desired(), two)])
        #expect(
            plan.causeLines == [
                "~ retention 90 days to 120, losing 0: manifest",
                "+ add us-east-1b, backed up: drift",
            ]
        )
    }

    @Test("a cluster that is gone is missed until there is another of its name")
    func missedCluster() {
        let old = [groupID(1): remembered(desired(), two)]
        let planner = Planner(fleet: fleet([desired()]), context: PlanContext(now: now, seen: old))
        let plan = planner.plan(for: [])
        #expect(plan.groups.first?.causeLines.first == "+ create: drift")
        #expect(old.after(plan, found: [:], report: nil) { _ in false } == old)
        #expect(
            Planner(fleet: fleet([desired("ledger")]), context: PlanContext(now: now, seen: old))
                .plan(for: []).groups.first?.causeLines.first == "+ create: manifest"
        )
    }

    @Test("nothing is taken for done while a line is about the whole cluster")
    func wholeCluster() {
        let before = remembered(desired(), two)
        let open = [entry("CreateHsm", "\(zoneA)", ago: .hours(1), outcome: nil)]
        let seen = remembered(wanting(hsms: 3), two, before: before, journal: open)
        #expect(seen.wanted == before.wanted)
    }

    @Test("an HSM is DEGRADED since the first run that saw it, and another in its place anew")
    func degradedSince() {
        let broken = group(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)])
        let first = remembered(desired(), broken, ago: .hours(3))
        #expect(first.degradedSince == ["eni-00000002": now - .hours(3)])
        let second = remembered(desired(), broken, before: first, ago: .hours(2))
        #expect(second.degradedSince == first.degradedSince)
        let other = group(hsms: [hsm(1, zoneA), hsm(9, zoneB, .degraded, interface: 2)])
        let third = remembered(desired(), other, before: second)
        #expect(third.degradedSince == ["eni-00000002": now - .hours(1)])
        #expect(remembered(desired(), two, before: third).degradedSince == [:])
        #expect(
            PlanContext(now: now, seen: [groupID(1): first]).degradedSince == first.degradedSince
        )
    }

    @Test("a group that could not be read is kept, and one that no manifest means is dropped")
    func wholeFleet() {
        let old = [
            groupID(1): remembered(desired(), two), groupID(2): SeenGroup(at: now),
            groupID(3): SeenGroup(at: now),
        ]
        let planner = Planner(fleet: fleet([desired()]), context: PlanContext(now: now, seen: old))
        let plan = planner.plan(for: [two])
        let found = [groupID(1): known(planner.seen(two))]
        let new = old.after(plan, found: found, report: nil) { $0 == groupID(2) }
        #expect(new.keys.sorted() == [groupID(1), groupID(2)])
        #expect(new.isSame(as: new, at: now))
        #expect(!new.isSame(as: old, at: now))
        var later = new
        later[groupID(1)]?.at = now + .minutes(15)
        #expect(later.isSame(as: new, at: now + .minutes(15)))
        #expect(!later.isSame(as: new, at: now + .hours(24)), "the moment is kept once a day")
    }
}

import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

@Suite("What changed since the last run")
struct NoticedTests {
    private static let unmanaged = desired {
        $0.hsms = nil
        $0.hsmType = nil
        $0.backups.retention = nil
    }

    /// The lines about what changed, with their words.
    private func news(
        _ desired: DesiredCluster = unmanaged,
        was: ProtectionGroup,
        isNow: ProtectionGroup,
        journal: [JournalEntry] = []
    ) -> [String] {
        let memory = remembered(desired, was)
        let plan = plan(desired, isNow, journal: journal, seen: [groupID(1): memory])
        return plan.notes.filter { $0.kind == .noticed }.map {
            "\($0.subject): \($0.reason.text) [\($0.reason.cause?.rawValue ?? "")]"
        }
    }

    private let two = [hsm(1, zoneA), hsm(2, zoneB)]

    @Test("names HSMs that the service replaced")
    func replaced() {
        let isNow = group(hsms: [hsm(1, zoneA), hsm(7, zoneB, interface: 2)])
        #expect(
            news(was: group(hsms: two), isNow: isNow) == [
                "HSM in us-east-1b: \(hsmID(2)) was replaced by the service: it is \(hsmID(7)) "
                    + "now [service]"
            ]
        )
    }

    @Test("takes an HSM whose interface became known for the same one")
    func interfaceBecameKnown() {
        let nameless = HSM(id: hsmID(2), zone: zoneB, state: .createInProgress)
        let was = group(hsms: [hsm(1, zoneA), nameless])
        #expect(news(was: was, isNow: group(hsms: two)) == [])
    }

    @Test("names HSMs that a person added or removed where the number is not managed")
    func byHand() {
        let isNow = group(hsms: [hsm(1, zoneA), hsm(5, zoneB)])
        #expect(
            news(was: group(hsms: two), isNow: isNow) == [
                "HSM in us-east-1b: \(hsmID(5)) was added by a person [drift]",
                "HSM: \(hsmID(2)) was removed by a person [drift]",
            ]
        )
        #expect(news(desired(), was: group(hsms: two), isNow: isNow).count == 2)
        let one = group(hsms: [hsm(1, zoneA)])
        #expect(news(desired(), was: group(hsms: two), isNow: one) == [], "a step says it")
    }

    @Test("does not name what the journal knows")
    func ours() {
        let isNow = group(hsms: [hsm(1, zoneA), hsm(5, zoneB)])
        let journal = [
            entry("CreateHsm", "\(zoneB)", made: "\(hsmID(5))"),
            entry("DeleteHsm", "\(hsmID(2))"),
        ]
        #expect(news(was: group(hsms: two), isNow: isNow, journal: journal) == [])
    }

    @Test("names a type that was moved and a retention that nobody manages")
    func settings() {
        let isNow = group {
            $0.hsmType = .hsm2mMedium
            $0.retention = .days(7)
        }
        #expect(
            news(was: group { $0.hsmType = .hsm1Medium }, isNow: isNow) == [
                "HSM type: it was moved from hsm1.medium to hsm2m.medium by the service [service]",
                "retention: it was changed from 90 days to 7 days by a person [drift]",
            ]
        )
    }

    @Test("names backups that a person deleted, once, and restored")
    func deleted() {
        let was = group(backups: [backup(1, age: .hours(2)), backup(2, age: .days(3))])
        let gone = leaving(2, age: .days(3), deleted: .minutes(20))
        let isNow = group(backups: [backup(1, age: .hours(2)), gone])
        let end = now - .minutes(20) + .days(7)
        #expect(
            news(was: was, isNow: isNow) == [
                "backup: deleted by a person: \(backupID(2)) in us-east-1, restorable until \(end)"
                    + " [drift]"
            ]
        )
        let early = remembered(Self.unmanaged, was, ago: .hours(2))
        let next = remembered(Self.unmanaged, isNow, before: early, ago: .minutes(10))
        #expect(next.deletedByPeople == [backupID(2)])
        #expect(plan(Self.unmanaged, isNow, seen: [groupID(1): next]).causeLines == [])
        let back = plan(Self.unmanaged, was, seen: [groupID(1): next])
        #expect(
            back.notes.map(\.reason.text) == ["restored by a person: \(backupID(2)) in us-east-1"]
        )
        let undone = [entry("RestoreBackup", "\(backupID(2))")]
        #expect(
            plan(Self.unmanaged, was, journal: undone, seen: [groupID(1): next]).causeLines == []
        )
    }

    @Test("names the first five of many")
    func many() {
        let was = group(backups: (0..<9).map { backup($0, age: .days(2 + $0)) })
        let gone = (1..<9).map { leaving($0, age: .days(2 + $0), deleted: .minutes(20)) }
        let lines = news(was: was, isNow: group(backups: [backup(0, age: .days(2))] + gone))
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("8 backups: deleted by a person: \(backupID(8)) ") == true)
        #expect(lines.first?.hasSuffix("; and 3 more [drift]") == true)
    }

    @Test("is silent about daily backups, the retention sweep and our own deletions")
    func silence() {
        let was = group(
            backups: [
                backup(1, age: .hours(26)), backup(2, age: .days(90) + .minutes(20)),
                copy(4, of: 9, age: .days(40)), backup(5, age: .days(3)),
            ]
        )
        let isNow = group(
            backups: [
                backup(3, age: .minutes(30)), backup(1, age: .hours(26)),
                leaving(2, age: .days(90) + .minutes(20), deleted: .minutes(20)),
                leaving(4, age: .days(40), deleted: .minutes(20), copyOf: 9),
                leaving(5, age: .days(3), deleted: .minutes(20)),
            ]
        )
        let journal = [
            entry("DeleteBackup", "\(backupID(4))", ago: .minutes(20), losing: [backupID(4)]),
            entry(
                "ModifyCluster",
                "x",
                rule: "retention",
                ago: .minutes(20),
                losing: [backupID(5)]
            ),
        ]
        #expect(news(was: was, isNow: isNow, journal: journal) == [])
    }

    @Test("judges a deletion by the policy of its time")
    func policyOfThatTime() {
        let swept = group(
            backups: [
                backup(1, age: .hours(2)),
                leaving(2, age: .days(30) + .minutes(30), deleted: .minutes(30)),
            ]
        ) { $0.retention = .days(30) }
        // Swept under 30 days; then the manifest asked for 90, and a run carried that out.
        let before = remembered(Self.unmanaged, swept, ago: .minutes(20))
        #expect(before.deletedByPeople == [])
        var longer = swept
        longer.cluster?.retention = .days(90)
        let after = remembered(Self.unmanaged, longer, before: before, ago: .minutes(10))
        #expect(after.deletedByPeople == [])
        #expect(plan(Self.unmanaged, longer, seen: [groupID(1): after]).causeLines == [])
    }

    @Test("a pinned backup is never swept")
    func pinned() {
        var gone = leaving(2, age: .days(100), deleted: .minutes(20))
        gone.neverExpires = true
        let was = group(
            backups: [backup(1, age: .hours(2)), backup(2, age: .days(100), pinned: true)]
        )
        let lines = news(was: was, isNow: group(backups: [backup(1, age: .hours(2)), gone]))
        #expect(lines.count == 1)
    }
}

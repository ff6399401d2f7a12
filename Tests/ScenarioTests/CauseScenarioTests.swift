import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Who did what, over a whole year and from run to run.
@Suite("Causes")
struct CauseScenarioTests {
    @Test("a healthy fleet left alone for a year shows no drift")
    func healthyYear() async throws {
        let fleet = try await SteadyFleet()
        let hsmsBefore = try fleet.hsmPlaces()
        var replaced = 0
        var told = 0
        var copied = 0
        var cleaned = 0
        for day in 1...365 {
            let isEventful = day % 23 == 0
            if isEventful {
                try fleet.failHardware(on: day)
                replaced += 1
            }
            let plan = try await fleet.tick()
            for line in plan.causes { #expect(line.cause == .service, "\(line) \(plan.shown)") }
            for step in plan.groups.flatMap(\.steps) {
                switch step.action {
                case .copyBackup: copied += 1
                case .deleteBackup: cleaned += 1
                case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
                    .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
                    .tagCluster, .changeType, .deleteCluster:
                    Issue.record("\(step.action) \(plan.shown)")
                }
            }
            told += plan.groups.flatMap(\.notes).count { $0.kind == .noticed }
            try await fleet.pass(.hours(24))
        }
        #expect(told == replaced, "each replacement is told once, and nothing else")
        #expect(copied > 200 && cleaned > 200, "\(copied) copies, \(cleaned) clean-ups")
        #expect(try fleet.hsmPlaces() == hsmsBefore)
    }

    /// Something a person does beside the manifests.
    struct Deed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let act: @Sendable (SteadyFleet) throws -> Void
        let first: String

        init(
            _ name: String,
            shows first: String,
            _ act: @escaping @Sendable (SteadyFleet) throws -> Void
        ) {
            testDescription = name
            self.first = first
            self.act = act
        }
    }

    private static let deeds: [Deed] = [
        Deed("an HSM removed", shows: "hsm-count") { fleet in
            let group = try fleet.group()
            let hsm = try #require(group.cluster?.hsms.first)
            try fleet.perform(
                .deleteHSM(DeleteHSM(cluster: group.id.cluster, hsm: hsm.id)),
                group.id
            )
        },
        Deed("an HSM added", shows: "waiting hsm-count") { fleet in
            let group = try fleet.group("spread")
            let zone = Geography.zones(of: SteadyFleet.region)[0]
            let request = CreateHSM(cluster: group.id.cluster, zone: zone)
            try fleet.perform(.createHSM(request), group.id)
        },
        Deed("an HSM added where the number is nobody's", shows: "noticed last-run") { fleet in
            let group = try fleet.group("unmanaged")
            let zone = Geography.zones(of: SteadyFleet.region)[0]
            let request = CreateHSM(cluster: group.id.cluster, zone: zone)
            try fleet.perform(.createHSM(request), group.id)
        },
        Deed("the retention lengthened", shows: "retention") { fleet in
            let group = try fleet.group()
            let period = try #require(RetentionPeriod(days: 60))
            let request = ModifyCluster(cluster: group.id.cluster, change: .retention(period))
            try fleet.perform(.modifyCluster(request), group.id)
        },
        Deed("the retention changed where it is nobody's", shows: "noticed last-run") { fleet in
            let group = try fleet.group("unmanaged")
            let period = try #require(RetentionPeriod(days: 60))
            let request = ModifyCluster(cluster: group.id.cluster, change: .retention(period))
            try fleet.perform(.modifyCluster(request), group.id)
        },
        Deed("a tag changed", shows: "tags") { fleet in
            let group = try fleet.group()
            let request = TagResource(.cluster(group.id.cluster), tags: ["env": "test"])
            try fleet.perform(.tagResource(request), group.id)
        },
        Deed("a backup deleted that nothing needs", shows: "noticed last-run") { fleet in
            let group = try fleet.group("unmanaged")
            let backup = try #require(group.readyBackups(in: SteadyFleet.region).first)
            try fleet.perform(.deleteBackup(DeleteBackup(backup: backup.id)), group.id)
        },
        Deed("every copy deleted", shows: "copy") { fleet in
            let group = try fleet.group()
            for copy in group.readyCopies(in: SteadyFleet.elsewhere) {
                try fleet.perform(
                    .deleteBackup(DeleteBackup(backup: copy.id)),
                    group.id,
                    in: SteadyFleet.elsewhere
                )
            }
        },
        Deed("every backup deleted", shows: "freshness") { fleet in
            let group = try fleet.group()
            for backup in group.readyBackups(in: SteadyFleet.region) {
                try fleet.perform(.deleteBackup(DeleteBackup(backup: backup.id)), group.id)
            }
        },
        Deed("every HSM removed where the number is nobody's", shows: "noticed last-run") { fleet in
            let group = try fleet.group("unmanaged")
            for hsm in group.cluster?.hsms ?? [] {
                let request = DeleteHSM(cluster: group.id.cluster, hsm: hsm.id)
                try fleet.perform(.deleteHSM(request), group.id)
            }
        },
    ]

    @Test("what a person does beside the manifests is drift until it is undone", arguments: deeds)
    func deed(_ deed: Deed) async throws {
        let fleet = try await SteadyFleet()
        try deed.act(fleet)
        try await fleet.pass(.minutes(3))
        let first = try fleet.plan()
        #expect(first.causes.contains { $0.line == deed.first }, "\(first.shown)")
        let plans = try await fleet.settle()
        for plan in plans {
            for line in plan.causes { #expect(line.cause == .drift, "\(line) \(plan.shown)") }
        }
        #expect(plans.last?.causes.isEmpty == true)
    }

    @Test("a cluster that a person deletes is drift for good")
    func deletedCluster() async throws {
        let fleet = try await SteadyFleet()
        let group = try fleet.group("unmanaged")
        for hsm in group.cluster?.hsms ?? [] {
            let request = DeleteHSM(cluster: group.id.cluster, hsm: hsm.id)
            try fleet.perform(.deleteHSM(request), group.id)
        }
        try await fleet.pass(.minutes(30))
        try await fleet.tick()
        let request = DeleteCluster(cluster: group.id.cluster)
        try fleet.perform(.deleteCluster(request), group.id)
        try await fleet.pass(.minutes(3))
        for _ in 0..<8 {
            let plan = try await fleet.tick()
            let state = try fleet.group("unmanaged").cluster?.state
            #expect(!plan.causes.isEmpty, "\(String(describing: state)) \(plan.shown)")
            for line in plan.causes { #expect(line.cause == .drift, "\(line) \(plan.shown)") }
            try await fleet.pass(.minutes(15))
        }
    }

    /// An edit of a manifest.
    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout DesiredCluster) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout DesiredCluster) -> Void) {
            testDescription = name
            self.change = change
        }
    }

    private static let edits: [Edit] = [
        Edit("more HSMs") { $0.hsms = .somewhere(.total(4), line: 9) },
        Edit("fewer HSMs") { $0.hsms = .somewhere(.total(1), line: 9) },
        Edit("a longer retention") {
            $0.backups.retention = RetentionPeriod(days: 60).map { .somewhere($0, line: 11) }
        },
        Edit("another tag") { $0.tags = .somewhere(["env": "test", "team": "core"], line: 8) },
        Edit("copies in another Region") {
            $0.copies.append(DesiredCopies(region: .somewhere(Geography.regions[2], line: 20)))
        },
        Edit("a younger backup") { $0.backups.maxAge = .somewhere(.hours(5), line: 12) },
    ]

    @Test(
        "an edit is called that until it is carried out, however many runs it takes",
        arguments: edits
    )
    func edit(_ edit: Edit) async throws {
        let fleet = try await SteadyFleet()
        try await fleet.pass(.hours(6))
        fleet.edit(edit.change)
        let first = try await fleet.tick()
        #expect(!first.groups.flatMap(\.steps).isEmpty, "\(first.shown)")
        for line in first.causes { #expect(line.cause == .manifest, "\(line) \(first.shown)") }
        var isCarriedOut = false
        for _ in 0..<20 where !isCarriedOut {
            try await fleet.pass(.minutes(15))
            let plan = try await fleet.tick()
            for line in plan.causes {
                #expect(line.cause == .manifest, "\(line) \(plan.shown)")
            }
            isCarriedOut = plan.isSettled
        }
        #expect(isCarriedOut)
    }
}

extension SteadyFleet {
    /// The places of every cluster's HSMs.
    fileprivate func hsmPlaces() throws -> [String: [String]] {
        try ids.mapValues {
            try service.observe($0).cluster?.presentHSMs.map(\.place).sorted() ?? []
        }
    }

    /// Lets an HSM fail, or has it replaced before anybody sees it.
    fileprivate func failHardware(on day: Int) throws {
        let names = ids.keys.sorted()
        let hsms = try group(names[day % names.count]).cluster?.healthyHSMs ?? []
        guard let hsm = hsms.first else { throw Unexpected() }
        if day % 2 == 0 {
            _ = try service.replaceHSM(hsm.id)
        } else {
            try service.degradeHSM(hsm.id)
        }
    }
}

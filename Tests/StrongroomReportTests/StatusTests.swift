import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct StatusTests {
    private let report = StatusReport(
        fleet: "acme",
        now: Sample.now,
        clusters: RichFleet.clusters
    )

    @Test func anOperatorSeesHowEachClusterStands() throws {
        let text = StatusText(width: 100, colour: .never).text(of: report)
        try Golden.expect(text, is: "status-100.txt")
    }

    @Test func aLogHasOneLinePerAspect() throws {
        let text = StatusText(width: nil, colour: .always).text(of: report)
        try Golden.expect(text, is: "status-colour.txt")
    }

    @Test func aDocumentHoldsTheSameFacts() throws {
        try Golden.expect(String(decoding: report.json(), as: UTF8.self), is: "status.json")
        let violations = try SchemaCheck.violations(
            in: report.json(),
            against: "status.schema.json"
        )
        #expect(violations == "")
    }

    @Test(
        arguments: [
            (nil, [40], .unmanaged),
            (26, [25], .fresh),
            (26, [26], .fresh),
            (26, [27], .stale),
            (26, [90, 3], .fresh),
            (26, [], .stale),
        ] as [(Int?, [Int], RegionStatus.Freshness)]
    )
    func freshnessIsTheAgeOfTheNewestReadyContent(
        maxAge: Int?,
        ages: [Int],
        freshness: RegionStatus.Freshness
    ) {
        var desired = RichFleet.desired("payments")
        desired.backups.maxAge = maxAge.map { Located(.hours($0), at: Sample.place(1)) }
        let backups = ages.enumerated().map { index, hours in
            RichFleet.backup(index, taken: Sample.now - .hours(hours))
        }
        let status = RichFleet.status(of: backups, desired)
        #expect(status.regions[0].freshness == freshness)
        #expect(status.isStale == (freshness == .stale))
    }

    @Test func aFailedOrLeavingBackupIsNotReady() {
        let states: [BackupState] = [.deleted, .pendingDeletion, .createInProgress, .ready]
        let backups = states.enumerated().map { index, state in
            RichFleet.backup(index, taken: Sample.now - .hours(index), state: state)
        }
        let region = RichFleet.status(of: backups, RichFleet.desired("payments")).regions[0]
        #expect(region.ready == 1 && region.inProgress == 1 && region.pendingDeletion == 1)
        #expect(region.newest == Sample.now - .hours(3))
    }

    private static let removed = Sample.now - .days(3)

    private static func purging(_ removed: Timestamp = removed) -> DesiredCluster {
        var desired = RichFleet.desired("payments")
        let purge = DesiredPurge(materialRemovedAt: removed, reason: "expired keys")
        desired.purge = Located(purge, at: Sample.place(1))
        return desired
    }

    @Test func aPurgeIsPendingUntilTheLastDeadlineAndThenComplete() {
        let cut = Self.removed + PurgeCut.margin
        let young = RichFleet.backup(1, taken: cut)
        let old = RichFleet.backup(2, taken: cut - .milliseconds(1))
        let gone = RichFleet.backup(3, taken: Self.removed, state: .deleted)
        let leaving = RichFleet.backup(
            4,
            taken: Self.removed,
            state: .pendingDeletion,
            deletesAt: Sample.now + .days(2)
        )
        let cases: [([Backup], PurgeStatus.Progress, Int, Int)] = [
            ([young, gone], .complete, 0, 0), ([young, leaving], .pending, 0, 1),
            ([young, old, gone, leaving], .deleting, 1, 1),
        ]
        for (backups, progress, left, pending) in cases {
            let purge = RichFleet.status(of: backups, Self.purging()).purge
            #expect(purge?.progress == progress)
            #expect(purge?.left == left && purge?.pendingDeletion == pending)
            #expect(purge?.lastDeadline == (pending > 0 ? Sample.now + .days(2) : nil))
        }
    }

    @Test func aPurgeWhoseCutIsToComeIsNotComplete() {
        let status = RichFleet.status(of: [], Self.purging(Sample.now - .minutes(59)))
        #expect(status.purge?.progress == .deleting)
    }

    @Test func aPurgeIsNotProvenWhereNobodyLooked() {
        let subject = PlanSubject(name: "payments", home: Sample.prod, cluster: nil)
        let status = ClusterStatus(
            of: nil,
            desired: Self.purging(),
            plan: GroupPlan(
                subject: subject,
                standing: .managed,
                steps: [],
                notes: [],
                unchangedCount: 0
            ),
            unreadPlaces: [
                Place(account: Sample.prod.account, region: Sample.ireland): "throttled"
            ],
            now: Sample.now
        )
        #expect(status.purge?.progress == .unproven)
        #expect(status.purge?.unprovenRegions == [Sample.ireland])
    }

    private static func emptyPlan(_ notes: [Note] = []) -> GroupPlan {
        GroupPlan(
            subject: PlanSubject(name: "payments", home: Sample.prod, cluster: nil),
            standing: .managed,
            steps: [],
            notes: notes,
            unchangedCount: 0
        )
    }

    /// A cluster that asks for a recovery point in Ireland, where nobody could look.
    private func pointStatus(
        of backups: [Backup],
        unread region: Region
    ) -> RecoveryPointStatus? {
        var desired = RichFleet.desired("payments")
        desired.recoveryPoints = [
            DesiredRecoveryPoint(
                name: Located("mid-2026", at: Sample.place(1)),
                selector: .newest,
                regions: [Located(Sample.ireland, at: Sample.place(2))]
            )
        ]
        return ClusterStatus(
            of: ProtectionGroup(id: RichFleet.groupID, cluster: nil, backups: backups),
            desired: desired,
            plan: Self.emptyPlan(),
            unreadPlaces: [Place(account: Sample.prod.account, region: region): "silent"],
            now: Sample.now
        ).recoveryPoints.first
    }

    @Test func aRecoveryPointIsNotMissingWhereNobodyLooked() {
        let backup = RichFleet.backup(1, taken: Sample.now - .days(9), isPinned: true)
        let held = pointStatus(of: [backup], unread: Sample.ireland)?.regions.first
        #expect(held?.isRead == false && held?.isHeld == false)
        let read = pointStatus(of: [backup], unread: Sample.frankfurt)?.regions.first
        #expect(read?.isRead == true && read?.isHeld == false)
    }

    @Test func aRecoveryPointIsNotDecidedWhereItsHomeWasNotRead() {
        let copy = RichFleet.backup(
            2,
            taken: Sample.now - .days(9),
            in: Sample.ireland,
            copyOf: RichFleet.backup(1, taken: Sample.now - .days(9)).id
        )
        let point = pointStatus(of: [copy], unread: Sample.virginia)
        #expect(point?.backup == nil)
        #expect(point?.openReason?.contains("was not read") == true)
    }

    @Test func nothingIsMissingOrProvenOfAClusterThatCouldNotBeRead() {
        let note = Note(
            .unread,
            "cluster",
            Reason(rule: "unread", "it may be what could not be read", at: nil)
        )
        let status = ClusterStatus(
            of: nil,
            desired: Self.purging(),
            plan: Self.emptyPlan([note]),
            now: Sample.now
        )
        #expect(status.isReadInPart)
        let report = StatusReport(fleet: "acme", now: Sample.now, clusters: [status])
        let text = StatusText(width: nil, colour: .never).text(of: report)
        #expect(text.contains("1 cluster not read whole"), "\(text)")
        #expect(status.regions.allSatisfy { !$0.isRead && $0.freshness != .stale })
        #expect(status.purge?.progress == .unproven)
        #expect(status.purge?.unprovenRegions == [Sample.virginia])
    }

    @Test func aRecoveryPointMeansWhatIsRecordedAndNothingElse() {
        var desired = RichFleet.desired("payments")
        desired.recoveryPoints = [
            DesiredRecoveryPoint(
                name: Located("mid-2026", at: Sample.place(1)),
                selector: .newest
            )
        ]
        var old = RichFleet.backup(1, taken: Sample.now - .days(9), isPinned: true)
        let young = RichFleet.backup(2, taken: Sample.now - .days(1))
        let undecided = RichFleet.status(of: [old, young], desired).recoveryPoints.first
        #expect(undecided?.backup == young.id && undecided?.isRecorded == false)
        old.details = BackupDetails(tags: ["strongroom:recovery-point:mid-2026": "then"])
        let decided = RichFleet.status(of: [old, young], desired).recoveryPoints.first
        #expect(decided?.backup == old.id && decided?.isRecorded == true)
        let none = RichFleet.status(of: [], desired).recoveryPoints.first
        #expect(none?.backup == nil && none?.openReason == "there is no READY backup yet")
    }

    @Test func copiesInRegionsThatAreNotListedAreOrphaned() {
        var desired = RichFleet.desired("payments")
        desired.copies = [DesiredCopies(region: Located(Sample.ireland, at: Sample.place(1)))]
        let own = RichFleet.backup(1, taken: Sample.now - .days(9))
        let copies = [Sample.ireland, Sample.frankfurt].enumerated().map { index, region in
            RichFleet.backup(2 + index, taken: own.createdAt, in: region, copyOf: own.id)
        }
        let regions = RichFleet.status(of: [own] + copies, desired).regions
        #expect(regions.filter(\.isOrphaned).map(\.region) == [Sample.frankfurt])
    }

    @Test func aRequestWaitsUntilBothCertificatesAreThere() {
        var desired = RichFleet.desired("payments")
        let group = RichFleet.unclaimedGroup
        #expect(RichFleet.status(of: group, desired).signing?.certificate == nil)
        for (certificate, anchor, waits) in [
            (nil, nil, true), (nil, "PEM", true), ("PEM", nil, true), ("PEM", "PEM", false),
        ] {
            let files = DesiredInitialization(
                certificate: CertificateFile(path: "certs/payments.crt", content: certificate),
                trustAnchor: CertificateFile(path: "certs/root.crt", content: anchor)
            )
            desired.initialization = Located(files, at: Sample.place(1))
            #expect((RichFleet.status(of: group, desired).signing != nil) == waits)
        }
    }
}

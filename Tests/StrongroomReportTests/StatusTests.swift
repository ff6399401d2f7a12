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

    @Test func aPurgeIsOverOnceNothingListedHoldsTheMaterial() {
        var desired = RichFleet.desired("payments")
        let removed = Sample.now - .days(3)
        let purge = DesiredPurge(materialRemovedAt: removed, reason: "expired keys")
        desired.purge = Located(purge, at: Sample.place(1))
        let young = RichFleet.backup(1, taken: removed + .milliseconds(1))
        let old = RichFleet.backup(2, taken: removed)
        let gone = RichFleet.backup(3, taken: removed, state: .deleted)
        let leaving = RichFleet.backup(4, taken: removed, state: .pendingDeletion)
        #expect(RichFleet.status(of: [young, gone], desired).purge?.left == 0)
        #expect(RichFleet.status(of: [young, old, gone, leaving], desired).purge?.left == 1)
        #expect(RichFleet.status(of: [young, leaving], desired).purge?.pendingDeletion == 1)
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

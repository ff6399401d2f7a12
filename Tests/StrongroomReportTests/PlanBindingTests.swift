import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanBindingTests {
    private let saved = SampleBinding.binding()

    @Test func aPlanIsForTheHouseItWasMadeIn() {
        #expect(saved.differences(from: SampleBinding.binding(at: Sample.now + .hours(3))) == [])
    }

    @Test(
        arguments: [
            ("manifests", SampleBinding.binding(SampleBinding.fleet(floor: 3))),
            ("state", SampleBinding.binding(lineage: "ffeeddcc-bbaa-9988-7766-554433221100")),
            ("put back", SampleBinding.binding(timeline: "t2")),
            ("put back", SampleBinding.binding(epoch: 6)),
            ("usual one", SampleBinding.binding(endpoint: "https://hsm.example")),
            ("strongroom 0.2.0", SampleBinding.binding(tool: "0.2.0")),
        ]
    )
    func whatDiffersIsNamed(word: String, now: PlanBinding) throws {
        let differences = saved.differences(from: now)
        try #require(differences.count == 1)
        #expect(differences[0].contains(word), "\(differences)")
        let document = PlanDocument(Sample.plan([]), boundBy: saved)
        #expect(throws: PlanDocumentError.elsewhere(differences)) {
            try document.requireBinding(now)
        }
    }

    @Test func anotherAccountAndServiceAreNamedBesideTheManifests() {
        let other = SampleBinding.fleet(account: "999999999999", service: .aws)
        let words = saved.differences(from: SampleBinding.binding(other)).joined(separator: "; ")
        #expect(words.contains("account 111122223333, and this is for account 999999999999"))
        #expect(words.contains("the service simulator, not aws"))
    }

    @Test func moreRunsSinceDoNotMatter() {
        #expect(saved.differences(from: SampleBinding.binding(epoch: 99)) == [])
    }

    @Test func aPlanWithoutABindingIsForNowhere() {
        #expect(throws: PlanDocumentError.unbound) {
            try PlanDocument(Sample.plan([])).requireBinding(saved)
        }
    }

    @Test func whereManifestsLieDoesNotMatterAndWhatTheySayDoes() {
        let place = SourceLocation(file: "/elsewhere/x.yaml", line: 40, column: 2)
        let home = DesiredAccount(name: "prod", id: Sample.account("111122223333"))
        let fleet = { (change: (inout DesiredCluster) -> Void) in
            var cluster = DesiredCluster(
                name: Located("payments", at: place),
                region: Located(Sample.virginia, at: place),
                account: home
            )
            cluster.backups.keepAtLeast = Located(2, at: place)
            change(&cluster)
            return DesiredFleet(
                name: Located("acme", at: place),
                service: .simulator,
                stateDirectory: "/elsewhere/state",
                accounts: [home],
                regions: [Sample.virginia],
                clusters: [cluster]
            )
        }
        let meaning = ManifestMeaning(SampleBinding.fleet()).sha256
        #expect(ManifestMeaning(fleet { _ in }).sha256 == meaning)
        let file = { CertificateFile(path: $0, content: $1) }
        let changes: [(String, (inout DesiredCluster) -> Void)] = [
            ("clusterID", { $0.clusterID = Located(Sample.cluster("2ndsmpk7w52"), at: place) }),
            ("hsmType", { $0.hsmType = Located(.hsm2mMedium, at: place) }),
            ("mode", { $0.mode = Located(.fips, at: place) }),
            ("networkType", { $0.networkType = Located(.dualStack, at: place) }),
            (
                "subnets",
                {
                    let subnets = [Sample.zone("us-east-1a"): Sample.subnet("0a1b2c3d")]
                    $0.subnets = Located(subnets, at: place)
                }
            ),
            ("tags", { $0.tags = Located(["a": "b"], at: place) }),
            ("hsms", { $0.hsms = Located(.total(2), at: place) }),
            ("hsms by zone", { $0.hsms = Located(.perZone([:]), at: place) }),
            ("retention", { $0.backups.retention = Located(Sample.days(30), at: place) }),
            ("maxAge", { $0.backups.maxAge = Located(.hours(4), at: place) }),
            ("whenStale", { $0.backups.whenStale = .force }),
            ("copies", { $0.copies = [DesiredCopies(region: Located(Sample.ireland, at: place))] }),
            (
                "recoveryPoints",
                {
                    let name = Located("q3", at: place)
                    $0.recoveryPoints = [DesiredRecoveryPoint(name: name, selector: .newest)]
                }
            ),
            (
                "purge",
                {
                    let purge = DesiredPurge(materialRemovedAt: Sample.now, reason: "keys")
                    $0.purge = Located(purge, at: place)
                }
            ),
            (
                "restoreFrom",
                {
                    let source = DesiredSource(cluster: "other", recoveryPoint: nil)
                    $0.restoreFrom = Located(source, at: place)
                }
            ),
            ("resumeFrom", { $0.resumeFrom = Located(Sample.backup("ro5c4er4aa2"), at: place) }),
            (
                "initialization",
                {
                    let files = DesiredInitialization(
                        certificate: file("a", "A"),
                        trustAnchor: file("b", nil)
                    )
                    $0.initialization = Located(files, at: place)
                }
            ),
            (
                "ensure",
                { $0.ensure = Located(.absent(reason: "x", finalBackup: .keep), at: place) }
            ),
        ]
        var seen: Set<String> = [meaning]
        for (name, change) in changes {
            #expect(seen.insert(ManifestMeaning(fleet(change)).sha256).inserted, "\(name)")
        }
    }

    /// A field that is added to the manifests has to be looked at: it may change their meaning.
    @Test func everyFieldOfTheManifestsIsKnown() {
        let fleet = SampleBinding.fleet()
        #expect(
            labels(of: fleet) == [
                "accounts", "clusters", "name", "quotas", "regions", "safety", "service",
                "stateDirectory",
            ]
        )
        #expect(
            fleet.clusters.first.map(labels) == [
                "account", "backups", "clusterID", "copies", "ensure", "freeze", "hsmType", "hsms",
                "initialization", "labels", "mode", "name", "networkType", "purge",
                "recoveryPoints", "region", "restoreFrom", "resumeFrom", "subnets", "tags",
            ]
        )
        #expect(
            labels(of: DesiredBackups()) == ["keepAtLeast", "maxAge", "retention", "whenStale"]
        )
        #expect(
            labels(of: Safety.standard) == [
                "creationsPerHour", "deletionRatio", "deletionsPerDay", "deletionsPerRun",
                "freeze",
            ]
        )
        #expect(
            labels(of: DesiredCopies(region: Located(Sample.ireland, at: Sample.place(1)))) == [
                "keepAtLeast", "maxAge", "region", "retentionDays",
            ]
        )
        #expect(
            labels(of: DesiredPurge(materialRemovedAt: Sample.now, reason: "")) == [
                "includePinned", "materialRemovedAt", "reason",
            ]
        )
        #expect(
            labels(of: DesiredSource(cluster: "", recoveryPoint: nil)) == [
                "cluster", "recoveryPoint", "whenRegionLost",
            ]
        )
    }

    private func labels(of value: some Any) -> [String] {
        Mirror(reflecting: value).children.compactMap(\.label).sorted()
    }
}

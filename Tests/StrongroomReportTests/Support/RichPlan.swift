import CloudHSM
import StrongroomModel

/// A plan with every kind of change, note and standing, as a fleet on a busy night has it.
enum RichPlan {
    static let plan = Plan(
        fleet: "acme",
        now: Sample.now,
        groups: [payments, ledger, vault, orphan, foreign]
    )

    static let paymentsSubject = PlanSubject(
        name: "payments",
        home: Sample.prod,
        cluster: Sample.cluster("2ndsmpk7w52")
    )

    static let ledgerSubject = PlanSubject(
        name: "ledger",
        home: Place(account: .simulated, region: Sample.ireland),
        cluster: nil
    )

    static let paymentsSteps = [
        Sample.step(
            1,
            .tagCluster(
                tags: ["cost-center": "12345", "env": "prod"],
                replacing: ["env": "staging"]
            ),
            Reason(rule: "tags", "2 of 3 tags differ", at: Sample.place(12)),
            before: [.clusterState(.active)]
        ),
        Sample.step(
            2,
            .addHSM(zone: Sample.zone("us-east-1b"), causesBackup: true),
            Reason(
                rule: "freshness",
                "the newest backup is 41 h old, at most 26 h asked for; adding an HSM makes one",
                at: Sample.place(21)
            ),
            before: [.clusterState(.active), .hsmsSettled, .presentHSMs(2)]
        ),
        Sample.step(
            3,
            .copyBackup(.caused(by: StepID(2)), to: Sample.ireland),
            Reason(
                rule: "copy",
                "the newest copy is 3 days old, at most 48 h asked for",
                at: Sample.place(24)
            ),
            before: [.freshBackup(causedBy: StepID(2))],
            after: [2]
        ),
        Sample.step(
            4,
            .removeHSM(
                .added(by: StepID(2)),
                zone: Sample.zone("us-east-1b"),
                causesBackup: true
            ),
            Reason(
                rule: "freshness",
                "it was only needed for the backup",
                at: Sample.place(21)
            ),
            before: [
                .healthyHSMsApart(from: .added(by: StepID(2)), atLeast: 2),
                .freshBackup(causedBy: StepID(2)),
            ],
            after: [2, 3]
        ),
        Sample.step(
            5,
            .setRetention(
                from: .days(90),
                to: Sample.days(30),
                losing: [Sample.backup("aaaaaaaaaa2"), Sample.backup("aaaaaaaaaa3")]
            ),
            Reason(rule: "retention", "90 days now, 30 asked for", at: Sample.place(19)),
            before: [
                .retention(.days(90)),
                .readyContent(
                    in: Sample.virginia,
                    since: Sample.moment("2026-10-25T21:00:00Z"),
                    atLeast: 2
                ),
            ],
            after: [3]
        ),
        Sample.step(
            6,
            .deleteBackup(
                Sample.backup("ro5c4er4aa2"),
                in: Sample.ireland,
                createdAt: Sample.moment("2026-10-13T20:15:00Z")
            ),
            Reason(
                rule: "copy-cleanup",
                "its content is 41 days old, at most 30 days asked for; 2 or more are left",
                at: Sample.place(24)
            ),
            before: [
                .readyBackupsApart(
                    from: Sample.backup("ro5c4er4aa2"),
                    in: Sample.ireland,
                    atLeast: 2
                )
            ],
            after: [3]
        ),
    ]

    private static let payments = GroupPlan(
        subject: paymentsSubject,
        standing: .managed,
        steps: paymentsSteps,
        notes: [
            Note(
                .held,
                "copies in eu-central-1",
                Reason(
                    rule: "copy",
                    "eu-central-1 could not be read whole: throttled",
                    at: Sample.place(26)
                )
            ),
            Note(
                .waiting,
                "backup freshness",
                Reason(rule: "freshness", "a backup is being made since 20:58", at: nil)
            ),
            Note(
                .unchanged,
                "HSMs",
                Reason(rule: "hsm-count", "2 present, 2 asked for", at: Sample.place(17))
            ),
        ],
        unchangedCount: 5
    )

    static let ledgerSteps = [
        Sample.step(
            1,
            .createCluster(
                CreateCluster(
                    hsmType: .hsm2mMedium,
                    subnets: [
                        Sample.zone("eu-west-1a"): Sample.subnet("0a1b2c3d"),
                        Sample.zone("eu-west-1b"): Sample.subnet("1a2b3c4d"),
                    ],
                    mode: .fips,
                    tags: [OwnershipTag.cluster: "ledger", OwnershipTag.fleet: "acme"]
                )
            ),
            Reason(
                rule: "creation",
                "no cluster of that name exists in eu-west-1",
                at: Sample.place(4, in: "fleet/ledger.yaml")
            )
        ),
        Sample.step(
            2,
            .addHSM(zone: Sample.zone("eu-west-1a"), causesBackup: false),
            Reason(
                rule: "hsm-count",
                "0 of 2 present; the first makes the signing request",
                at: Sample.place(12, in: "fleet/ledger.yaml")
            ),
            before: [.clusterState(.uninitialized)],
            after: [1]
        ),
        Sample.step(
            3,
            .initializeCluster(
                DesiredInitialization(
                    certificate: CertificateFile(path: "certs/ledger.crt", content: nil),
                    trustAnchor: CertificateFile(path: "certs/root.crt", content: "PEM")
                )
            ),
            Reason(
                rule: "initialization",
                "the certificates are there; afterwards an officer has to activate it",
                at: Sample.place(20, in: "fleet/ledger.yaml")
            ),
            before: [.signingRequestShown],
            after: [2]
        ),
    ]

    private static let ledger = GroupPlan(
        subject: ledgerSubject,
        standing: .managed,
        steps: ledgerSteps,
        notes: [],
        unchangedCount: 0
    )

    private static let vault = GroupPlan(
        subject: PlanSubject(
            name: "vault",
            home: Sample.prod,
            cluster: Sample.cluster("vau7tvau7t2")
        ),
        standing: .managed,
        steps: [],
        notes: [
            Note(
                .unchanged,
                "retention",
                Reason(
                    rule: "retention",
                    "365 days",
                    at: Sample.place(9, in: "fleet/vault.yaml")
                )
            )
        ],
        unchangedCount: 9
    )

    private static let orphan = GroupPlan(
        subject: PlanSubject(
            name: "old\u{1B}[31m\n::error::name",
            home: Sample.prod,
            cluster: Sample.cluster("orphanorph2")
        ),
        standing: .orphan,
        steps: [],
        notes: [
            Note(
                .held,
                "cluster",
                Reason(
                    rule: "orphan",
                    "no manifest names it; to delete it, write ensure: absent",
                    at: nil
                )
            )
        ],
        unchangedCount: 0
    )

    private static let foreign = GroupPlan(
        subject: PlanSubject(
            name: nil,
            home: Place(account: Sample.account("111122223333"), region: Sample.frankfurt),
            cluster: Sample.cluster("fqreignfqr2")
        ),
        standing: .foreign,
        steps: [],
        notes: [],
        unchangedCount: 0
    )
}

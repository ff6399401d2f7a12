import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

@Suite struct MemoryFormatTests {
    private static let whole = SimulatorMemory(
        asOf: morning,
        idsMade: 7,
        callsDone: 3,
        pending: [
            PendingChange(due: morning + .minutes(1), change: .clusterCreated),
            PendingChange(due: morning + .minutes(2), change: .clusterInitialized),
            PendingChange(due: morning + .minutes(3), change: .clusterDeleted),
            PendingChange(due: morning + .minutes(3), change: .clusterUnlisted),
            PendingChange(due: morning + .minutes(3), change: .typeChanged),
            PendingChange(due: morning + .minutes(3), change: .typeRolledBack),
            PendingChange(due: morning + .minutes(4), change: .hsmReady(HSMID(bits: 1))),
            PendingChange(due: morning + .minutes(4), change: .hsmFailed(HSMID(bits: 2))),
            PendingChange(due: morning + .minutes(4), change: .hsmGone(HSMID(bits: 3))),
            PendingChange(due: morning + .minutes(4), change: .hsmReplaced(HSMID(bits: 4))),
            PendingChange(due: morning + .minutes(4), change: .hsmTypeChanged(HSMID(bits: 5))),
            PendingChange(due: morning + .minutes(5), change: .backupReady(BackupID(bits: 6))),
            PendingChange(due: morning + .minutes(5), change: .backupUnlisted(BackupID(bits: 7))),
        ],
        unseen: [
            UnseenCall(
                until: morning + .seconds(9),
                undo: [
                    .noCluster, .clusterState(.active), .retention(.days(455)),
                    .retention(.unmanaged), .rollbackExpiration(nil),
                    .rollbackExpiration(morning + .milliseconds(1)),
                    .certificate("ClusterCsr", "text"), .certificate("ClusterCsr", nil),
                    .clusterTags(["a": "b"]), .noHSM(HSMID(bits: 1)),
                    .hsmState(HSMID(bits: 1), .unrecognised("ODD")), .noBackup(BackupID(bits: 1)),
                    .backupState(BackupID(bits: 1), .ready, deletesAt: nil),
                    .backupState(BackupID(bits: 1), .pendingDeletion, deletesAt: morning),
                    .neverExpires(BackupID(bits: 1), true),
                    .backupTags(BackupID(bits: 1), [:]),
                ]
            )
        ],
        materials: [
            MaterialChange(
                material: Material(cluster: Adopted.cluster, number: 1),
                since: Timestamp(milliseconds: .min)
            ),
            MaterialChange(
                material: Material(cluster: Adopted.cluster, number: 2),
                since: morning,
                notYetIn: [BackupID(bits: 1)]
            ),
        ],
        inServiceSince: morning - .days(1),
        policies: [BackupID(bits: 1): #"{"Statement":[]}"#],
        source: Adopted.id,
        legacy: SimulatorMemory.Legacy(retention: .days(30), certificates: ["a": "b"])
    )

    @Test func everyFieldComesBack() throws {
        #expect(try SimulatorMemory(json: Self.whole.json) == Self.whole)
    }

    @Test func aSettledGroupNeedsLittle() {
        let group = SimulatedGroup(adopting: Adopted.group(), at: morning, under: .calm)
        #expect(
            group.memory.json
                == .object([
                    "asOf": .string("2026-11-20T09:00:00Z"),
                    "materials": .array([
                        .object([
                            "cluster": .string(Adopted.cluster.description), "number": .integer(1),
                        ])
                    ]),
                ])
        )
    }

    private static let settled: [String: JSONValue] = [
        "asOf": .string("2026-11-20T09:00:00Z"), "materials": .array([]),
    ]

    @Test(
        arguments: [
            ("asOf", nil, "is missing"),
            ("asOf", .integer(1), "is not a string"),
            ("asOf", .string("yesterday"), "is \"yesterday\", which is none"),
            ("idsMade", .integer(-1), "is negative"),
            ("idsMade", .string("7"), "is not a whole number"),
            ("pending", .object([:]), "is not an array"),
            ("pending[0].due", .array([.object([:])]), "is missing"),
            (
                "pending[0].change",
                .array([
                    .object(["due": .string("2026-11-20T09:00:00Z"), "change": .string("magic")])
                ]), "is \"magic\", which is none"
            ),
            ("policies", .array([]), "is not an object"),
            ("policies.mine", .object(["mine": .string("{}")]), "is no backup's id"),
            ("source.account", .object([:]), "is missing"),
            ("novelty", .null, "is not known to this version"),
        ] as [(String, JSONValue?, String)]
    )
    func aMistakeIsNamedByItsKey(key: String, value: JSONValue?, problem: String) {
        var object = Self.settled
        let member = key.prefix { $0 != "." && $0 != "[" }
        object[String(member)] = value
        #expect(throws: SimulatorFormatError(key: key, problem: problem)) {
            try SimulatorMemory(json: .object(object))
        }
    }

    @Test func theWorldComesBack() throws {
        var settings = SimulatorSettings.calm
        settings.seed = .max
        settings.readLag = .milliseconds(1_500)
        let record = WorldRecord(began: morning, now: morning + .days(1), settings: settings)
        #expect(try WorldRecord(json: record.json) == record)
    }

    @Test func aClockBeforeTheBeginningIsAMistake() {
        let record = WorldRecord(began: morning, now: morning - .days(1), settings: .calm)
        #expect(throws: SimulatorFormatError.self) { try WorldRecord(json: record.json) }
    }
}

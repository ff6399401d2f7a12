import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

@Suite struct ResourcePolicyTests {
    private static let backup = Adopted.backup(1, age: .hours(1))
    private static let policy = #"{"Version":"2012-10-17","Statement":[]}"#

    private static func arn(
        _ resource: ResourceARN.Resource = .backup(backup.id),
        _ place: Place = virginia
    ) -> ResourceARN {
        ResourceARN(resource, account: place.account, region: place.region)
    }

    private static func stage() -> Stage { Stage(adopting: Adopted.group(backups: [backup])) }

    private func policy(_ stage: inout Stage) throws -> String? {
        let call = Call.getResourcePolicy(GetResourcePolicy(Self.arn()))
        guard case .resourcePolicy(let policy, of: nil) = try stage.call(call) else {
            preconditionFailure("GetResourcePolicy answers with a policy")
        }
        return policy
    }

    @Test func aPolicyIsPutReplacedReadAndDeleted() throws {
        var stage = Self.stage()
        #expect(try policy(&stage) == nil)
        for text in ["first", Self.policy] {
            let put = PutResourcePolicy(Self.arn(), policy: text)
            #expect(
                try stage.call(.putResourcePolicy(put)) == .resourcePolicy(text, of: Self.arn())
            )
            #expect(try policy(&stage) == text)
        }
        let deletion = Call.deleteResourcePolicy(DeleteResourcePolicy(Self.arn()))
        #expect(try stage.call(deletion) == .resourcePolicy(Self.policy, of: Self.arn()))
        #expect(try policy(&stage) == nil)
        #expect(try stage.call(deletion) == .resourcePolicy(nil, of: Self.arn()))
    }

    @Test func onlyAReadyBackupOfOnesOwnIsShared() throws {
        let others = try #require(AccountID("999999999999"))
        let elsewhere = Place(account: others, region: virginia.region)
        let cases: [(ResourceARN, ServiceException.Kind)] = [
            (Self.arn(.cluster(Adopted.cluster)), .invalidRequest),
            (Self.arn(.hsm(HSMID(bits: 1))), .invalidRequest),
            (Self.arn(.backup(BackupID(bits: 99))), .resourceNotFound),
            (Self.arn(.backup(Self.backup.id), ireland), .resourceNotFound),
            (Self.arn(.backup(Self.backup.id), elsewhere), .accessDenied),
        ]
        for (arn, kind) in cases {
            var stage = Self.stage()
            let put = PutResourcePolicy(arn, policy: Self.policy)
            #expect(stage.refusal(of: .putResourcePolicy(put)) == kind, "\(arn)")
        }
        var stage = Self.stage()
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.backup.id)))
        let put = PutResourcePolicy(Self.arn(), policy: Self.policy)
        #expect(stage.refusal(of: .putResourcePolicy(put)) == .invalidRequest)
    }

    @Test(arguments: [(0, true), (1, false), (20_000, false), (20_001, true)])
    func aPolicyHasOneToTwentyThousandCharacters(length: Int, isRefused: Bool) {
        var stage = Self.stage()
        let text = String(repeating: "ß", count: length)
        let put = PutResourcePolicy(Self.arn(), policy: text)
        #expect((stage.refusal(of: .putResourcePolicy(put)) == .invalidRequest) == isRefused)
    }

    @Test func aPolicyEndsWithItsBackup() throws {
        var stage = Self.stage()
        try stage.call(.putResourcePolicy(PutResourcePolicy(Self.arn(), policy: Self.policy)))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.backup.id)))
        #expect(try policy(&stage) == Self.policy)
        stage.pass(.days(60))
        #expect(stage.backup(Self.backup.id) == nil)
        let read = Call.getResourcePolicy(GetResourcePolicy(Self.arn()))
        #expect(stage.refusal(of: read) == .resourceNotFound)
    }

    /// What the simulated service knows beside what it shows outlives the program.
    @Test func aPolicyOutlivesTheProgram() throws {
        let store = MemoryStore([Adopted.group(backups: [Self.backup])])
        let first = try SimulatedService.begin(store: store, now: morning)
        _ = try first.perform(
            .putResourcePolicy(PutResourcePolicy(Self.arn(), policy: Self.policy)),
            at: virginia,
            in: nil
        )
        let second = try SimulatedService.open(store: store)
        let read = Call.getResourcePolicy(GetResourcePolicy(Self.arn()))
        #expect(
            try second.perform(read, at: virginia, in: nil)
                == .resourcePolicy(Self.policy, of: nil)
        )
    }
}

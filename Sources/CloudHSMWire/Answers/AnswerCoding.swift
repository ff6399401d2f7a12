public import CloudHSM

/// The bodies of answers, in both directions.
///
/// Source: `API`, the output shapes of the 18 operations.
public enum AnswerCoding {
    /// Writes the body of an answer.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - account: The account that asked; ARNs name it.
    ///   - region: The Region that answers.
    /// - Returns: JSON with sorted keys; moments are epoch seconds with fractional milliseconds, and
    ///   there is never a `PreCoPassword`.
    public static func encode(
        _ answer: Answer,
        account: AccountID,
        region: Region
    ) -> [UInt8] {
        let writer = AnswerWriter(arns: BackupARN(region: region, account: account))
        // Only a number that is not finite has no form in JSON, and no field can hold one.
        return (try? JSONText.bytes(writer.fields(of: answer))) ?? Array("{}".utf8)
    }

    /// Reads the body of an answer of success.
    ///
    /// Moments may be numbers or ISO 8601 text, a retention period text or a number. Unknown
    /// members are kept where a type can keep them; `PreCoPassword` is never read.
    ///
    /// - Parameters:
    ///   - body: The body; empty counts as an empty object.
    ///   - call: The call that is answered.
    ///   - region: The Region that answers.
    ///   - account: The account that asked, by which an unusual ARN is told; `nil` takes any.
    /// - Returns: The answer.
    /// - Throws: ``WireError`` if it is no answer to the call.
    public static func decode(
        _ body: [UInt8],
        of call: Call,
        region: Region,
        account: AccountID? = nil
    ) throws(WireError) -> Answer {
        let arns = BackupARN(region: region, account: account)
        let body = body.isEmpty ? Array("{}".utf8) : body
        switch call {
        case .createCluster, .modifyCluster, .deleteCluster:
            let answer: WireOne<WireNames.Cluster, WireCluster> = try read(body)
            return .cluster(try under("Cluster", answer.item()) { $0.asCluster })
        case .describeClusters:
            let page: WirePage<WireNames.Clusters, WireCluster> = try read(body)
            return .clusters(try page.items { $0.asCluster }, nextToken: page.nextToken)
        case .initializeCluster:
            let answer: WireInitialization = try read(body)
            let state = try answer.state.required("State")
            return .initialization(state: state, message: answer.message)
        case .createHSM:
            let answer: WireOne<WireNames.HSM, WireHSM> = try read(body)
            return .hsm(try under("Hsm", answer.item()) { $0.asHSM })
        case .deleteHSM:
            let answer: WireRemoval = try read(body)
            return .hsmID(try answer.id.required("HsmId"))
        case .describeBackups:
            let page: WirePage<WireNames.Backups, WireBackup> = try read(body)
            return .backups(try page.items { $0.asListed(arns) }, nextToken: page.nextToken)
        case .modifyBackupAttributes, .deleteBackup, .restoreBackup:
            let answer: WireOne<WireNames.Backup, WireBackup> = try read(body)
            return .backup(try under("Backup", answer.item()) { $0.asListed(arns) })
        case .copyBackup:
            let answer: WireOne<WireNames.DestinationBackup, WireDestination> = try read(body)
            let copy = try under("DestinationBackup", answer.item()) { $0.asBackup }
            return .destinationBackup(copy)
        case .tagResource, .untagResource:
            let _: WireNothing = try read(body)
            return .empty
        case .listTags:
            let page: WireTagPage = try read(body)
            return .tags(try page.tags.required("TagList"), nextToken: page.nextToken)
        case .putResourcePolicy, .getResourcePolicy, .deleteResourcePolicy:
            let answer: WirePolicy = try read(body)
            return .resourcePolicy(answer.policy, of: answer.resource)
        }
    }

    private static func read<Object: WireObject>(
        _ body: [UInt8]
    ) throws(WireError) -> Object {
        try JSONReader.read(body) { reader in
            Result { () throws(WireError) in try reader.object() }
        }
    }

    private static func under<Item, Value>(
        _ name: String,
        _ item: Item,
        _ make: (Item) -> Result<Value, WireError>
    ) throws(WireError) -> Value {
        switch make(item) {
        case .success(let value): return value
        case .failure(let error): throw error.under(name)
        }
    }
}

extension WireCluster {
    fileprivate var asCluster: Result<Cluster, WireError> {
        Result { () throws(WireError) in try cluster() }
    }
}

extension WireHSM {
    fileprivate var asHSM: Result<HSM, WireError> {
        Result { () throws(WireError) in try hsm() }
    }
}

extension WireBackup {
    fileprivate func asListed(_ arns: BackupARN) -> Result<ListedBackup, WireError> {
        Result { () throws(WireError) in try listed(arns) }
    }
}

extension WireDestination {
    fileprivate var asBackup: Result<DestinationBackup, WireError> {
        Result { () throws(WireError) in try backup() }
    }
}

public import CloudHSM
internal import Foundation

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
        switch call {
        case .createCluster, .modifyCluster, .deleteCluster:
            return .cluster(try read(WireOne<WireCluster>.self, body).item.cluster)
        case .describeClusters:
            let page = try read(WirePage<WireCluster>.self, body)
            return .clusters(page.items.map(\.cluster), nextToken: page.nextToken)
        case .initializeCluster:
            let answer = try read(WireInitialization.self, body)
            return .initialization(state: answer.state, message: answer.message)
        case .createHSM: return .hsm(try read(WireOne<WireHSM>.self, body).item.hsm)
        case .deleteHSM: return .hsmID(try read(WireRemoval.self, body).id)
        case .describeBackups:
            let page = try read(WirePage<WireBackup>.self, body)
            return .backups(page.items.map { $0.listed(arns) }, nextToken: page.nextToken)
        case .modifyBackupAttributes, .deleteBackup, .restoreBackup:
            return .backup(try read(WireOne<WireBackup>.self, body).item.listed(arns))
        case .copyBackup:
            return .destinationBackup(try read(WireOne<WireDestination>.self, body).item.backup)
        case .tagResource, .untagResource:
            _ = try read(WireNothing.self, body)
            return .empty
        case .listTags:
            let page = try read(WireTagPage.self, body)
            return .tags(page.tags.tags, nextToken: page.nextToken)
        case .putResourcePolicy, .getResourcePolicy, .deleteResourcePolicy:
            let answer = try read(WirePolicy.self, body)
            return .resourcePolicy(answer.policy, of: answer.resource)
        }
    }

    private static func read<Value: Decodable>(
        _ type: Value.Type,
        _ body: [UInt8]
    ) throws(WireError) -> Value {
        do {
            let text = body.isEmpty ? Data("{}".utf8) : Data(body)
            return try JSONDecoder().decode(type, from: text)
        } catch {
            throw WireError(error)
        }
    }
}

extension WireError {
    /// Says where a decoder found what.
    fileprivate init(_ error: any Error) {
        switch error {
        case DecodingError.typeMismatch(_, let context),
            DecodingError.dataCorrupted(let context):
            self.init(Self.text(of: context.codingPath), "is wrong: \(context.debugDescription)")
        case DecodingError.keyNotFound(let key, let context):
            self.init(Self.text(of: context.codingPath + [key]), "is missing")
        case DecodingError.valueNotFound(_, let context):
            self.init(Self.text(of: context.codingPath), "is null")
        default: self.init("", "cannot be read: \(error)")
        }
    }

    private static func text(of path: [any CodingKey]) -> String {
        path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }
}

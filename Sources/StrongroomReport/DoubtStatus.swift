public import CloudHSM
public import StrongroomModel

/// A call without an outcome: what it was, and what to look at.
public struct DoubtStatus: Hashable, Sendable, Codable {
    /// The intent's id.
    public let intent: String

    /// The operation's name in the API.
    public let operation: String

    /// The resource it names; the zone where an HSM was to be added.
    public let target: String

    /// The manifest's name for the cluster, or its id.
    public let cluster: String?

    /// The account the call went to.
    public let account: AccountID

    /// The Region the call went to.
    public let region: Region

    /// When it was about to be sent.
    public let sentAt: Timestamp

    /// From when on the world shows for certain whether it was done.
    public let decidedBy: Timestamp

    /// What a person has to look at, where the world was not read whole by then.
    public let lookAt: String

    /// Describes an open intent.
    ///
    /// - Parameter intent: The intent.
    public init(of intent: Intent) {
        self.intent = intent.id
        operation = intent.operation
        target = intent.target
        cluster = intent.name ?? intent.group?.cluster.description
        account = intent.place.account
        region = intent.place.region
        sentAt = intent.writtenAt
        decidedBy = intent.writtenAt + ReadDelay.untilDecided
        lookAt = intent.whatToLookAt
    }

    /// The call in words.
    public var words: String {
        let owner = cluster.map { " of \($0)" } ?? ""
        return SafeText.terminal("\(operation) \(target)\(owner) in \(region)")
    }
}

extension Intent {
    /// The call in words.
    public var words: String { DoubtStatus(of: self).words }

    /// Where its trace would be (`execution.md`, section 2.5).
    fileprivate var whatToLookAt: String {
        switch operation {
        case "CreateCluster":
            "a cluster in \(place.region) with the tag \(OwnershipTag.intent)=\(id)"
        case "CreateHsm":
            "an HSM in \(target) on another interface than "
                + (hsmsBefore.isEmpty ? "none before" : hsmsBefore.joined(separator: ", "))
        case "CopyBackupToRegion":
            "a copy of \(target) in \(destination?.description ?? "the other Region") with the "
                + "tag \(OwnershipTag.intent)=\(id)"
        case "DeleteHsm", "DeleteBackup", "RestoreBackup", "DeleteCluster", "InitializeCluster":
            "the state of \(target)"
        default: "what \(target) is set to"
        }
    }
}

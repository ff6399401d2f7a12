/// What few backups have, or many have alike; never changed once made, so it is shared.
public final class BackupDetails: Sendable {
    /// The backup's tags.
    public let tags: [String: String]

    /// The type of the backed-up cluster's HSMs, if the service says.
    public let hsmType: HSMType?

    /// The ARN, only where it is not the one that follows from account, Region and id.
    public let unusualARN: String?

    /// Whether a copy carried a ClusterId as well, which sources dispute (fact sheet, section 10).
    public let copyNamesCluster: Bool

    /// Fields this version does not know, kept as they came.
    public let unknownFields: [String: JSONValue]

    /// A state this version does not know, kept as it came.
    public let unrecognisedState: BackupState?

    /// Collects what is rare.
    ///
    /// - Parameters:
    ///   - tags: The backup's tags.
    ///   - hsmType: The type of the backed-up cluster's HSMs.
    ///   - unusualARN: The ARN where it does not follow from the rest.
    ///   - copyNamesCluster: Whether a copy carried a ClusterId.
    ///   - unknownFields: Fields this version does not know.
    ///   - unrecognisedState: A state this version does not know.
    public init(
        tags: [String: String] = [:],
        hsmType: HSMType? = nil,
        unusualARN: String? = nil,
        copyNamesCluster: Bool = false,
        unknownFields: [String: JSONValue] = [:],
        unrecognisedState: BackupState? = nil
    ) {
        self.tags = tags
        self.hsmType = hsmType
        self.unusualARN = unusualARN
        self.copyNamesCluster = copyNamesCluster
        self.unknownFields = unknownFields
        self.unrecognisedState = unrecognisedState
    }

    /// The same with other tags.
    ///
    /// - Parameter tags: The tags that stand instead.
    /// - Returns: A new object.
    public func with(tags: [String: String]) -> BackupDetails {
        with(tags: tags, unrecognisedState: unrecognisedState)
    }

    func with(unrecognisedState: BackupState) -> BackupDetails {
        with(tags: tags, unrecognisedState: unrecognisedState)
    }

    private func with(
        tags: [String: String],
        unrecognisedState: BackupState?
    ) -> BackupDetails {
        BackupDetails(
            tags: tags,
            hsmType: hsmType,
            unusualARN: unusualARN,
            copyNamesCluster: copyNamesCluster,
            unknownFields: unknownFields,
            unrecognisedState: unrecognisedState
        )
    }
}

extension BackupDetails: Hashable {
    /// Whether both say the same.
    public static func == (left: BackupDetails, right: BackupDetails) -> Bool {
        left.tags == right.tags && left.hsmType == right.hsmType
            && left.unusualARN == right.unusualARN
            && left.copyNamesCluster == right.copyNamesCluster
            && left.unknownFields == right.unknownFields
            && left.unrecognisedState == right.unrecognisedState
    }

    /// Feeds what is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(tags)
        hasher.combine(hsmType)
        hasher.combine(unusualARN)
        hasher.combine(copyNamesCluster)
        hasher.combine(unknownFields)
        hasher.combine(unrecognisedState)
    }
}

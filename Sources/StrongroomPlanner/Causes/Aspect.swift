internal import CloudHSM
internal import StrongroomModel

/// One thing that a manifest asks of a cluster, in a short text that is compared from run to run.
struct Aspect {
    /// The codes of the rules that bring it about.
    let rules: [String]

    /// What it is called in the record of a run, such as `copy eu-west-1`.
    let key: String

    /// What the manifest wants, in short; any edit that matters changes it.
    let wanted: String

    /// The manifest lines that ask for it.
    let locations: [SourceLocation]

    /// The Region it is about, where there is one for each.
    let region: Region?

    init(
        _ rules: [String],
        _ key: String,
        wanted: String,
        at locations: [SourceLocation?],
        region: Region? = nil
    ) {
        self.rules = rules
        self.key = key
        self.wanted = wanted
        self.locations = locations.compactMap(\.self)
        self.region = region
    }
}

extension [Aspect] {
    /// What a line of a plan is about; `nil` where it is the cluster as a whole.
    ///
    /// - Parameters:
    ///   - reason: The line's reason.
    ///   - action: The change, if the line is a step.
    /// - Returns: The aspect.
    func of(_ reason: Reason, _ action: Action?) -> Aspect? {
        let ofRule = filter { $0.rules.contains(reason.rule) }
        guard ofRule.count != 1 else { return ofRule.first }
        let among = ofRule.isEmpty ? self : ofRule
        if let region = action?.copyRegion, let one = ofRule.first(where: { $0.region == region }) {
            return one
        }
        return among.first { aspect in
            reason.location.map { aspect.locations.contains($0) } ?? false
        } ?? ofRule.first
    }
}

extension Action {
    /// The Region whose copies are changed, where they are.
    fileprivate var copyRegion: Region? {
        switch self {
        case .copyBackup(_, let region), .deleteBackup(_, let region, _),
            .restoreBackup(_, let region, _):
            region
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention, .pinBackup,
            .unpinBackup, .tagBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            nil
        }
    }
}

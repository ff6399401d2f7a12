import CloudHSM

/// A cluster lives in an account the fleet knows.
@Sendable func accountIsKnown(_ subject: Subject) -> [PlacedMistake] {
    guard let fleet = subject.fleet else { return [] }
    guard let account = subject.cluster.account else {
        let names = fleet.accountNames
        guard names.count > 1 else { return [] }
        return [PlacedMistake(PlaceMistake.accountNeeded(names), at: subject.cluster.specSpan)]
    }
    guard !fleet.mayMean(account: account.value) else { return [] }
    let mistake = PlaceMistake.unknownAccount(account.value, known: fleet.accountNames)
    return [PlacedMistake(mistake, at: account.span)]
}

/// A cluster lives in a Region that the fleet observes and that its account can reach.
@Sendable func regionIsObserved(_ subject: Subject) -> [PlacedMistake] {
    guard let fleet = subject.fleet, let region = subject.cluster.region else { return [] }
    if let mistake = fleet.mistake(observing: region.value) {
        return [PlacedMistake(mistake, at: region.span)]
    }
    guard let partition = fleet.account(of: subject.cluster)?.partition,
        partition != region.value.partition
    else { return [] }
    let mistake = PlaceMistake.accountInOtherPartition("\(region.value)", partition)
    return [PlacedMistake(mistake, at: region.span)]
}

extension WrittenFleet {
    /// The names clusters can refer to; empty if the accounts could not be read.
    var accountNames: [String] {
        guard let accounts else { return ["default"] }
        return accounts.compactMap { $0.name?.value }
    }

    /// Whether a cluster can live in an account of that name; in any if none could be read.
    func mayMean(account name: String) -> Bool {
        guard accounts != nil else { return name == "default" }
        return accountNumbers.isEmpty || accountNumbers[name] != nil
    }

    /// The account a cluster lives in: the one it names, or the only one.
    func account(of cluster: WrittenCluster) -> WrittenAccount? {
        guard let name = cluster.account?.value else {
            return accounts?.count == 1 ? accounts?.first : nil
        }
        return accountNumbers[name].flatMap { accounts?[$0] }
    }

    /// What is wrong with looking at a Region; nil if the fleet does, or its list could not be read.
    func mistake(observing region: Region) -> PlaceMistake? {
        guard !regions.isEmpty, !regions.contains(where: { $0.value == region }) else { return nil }
        return .unobservedRegion("\(region)", fleet: "\(findings.source.location(of: span.start))")
    }
}

/// An account or Region that the fleet does not know.
enum PlaceMistake: Mistake, Equatable {
    case accountNeeded([String])
    case unknownAccount(String, known: [String])
    case unobservedRegion(String, fleet: String)
    case accountInOtherPartition(String, Partition)

    var rule: String {
        switch self {
        case .accountNeeded: "account-needed"
        case .unknownAccount: "unknown-account"
        case .unobservedRegion: "region-not-in-fleet"
        case .accountInOtherPartition: "account-in-other-partition"
        }
    }

    var message: String {
        switch self {
        case .accountNeeded: "spec lacks the key \"account\", and the fleet has several accounts"
        case .unknownAccount(let name, _): "the fleet has no account \(quoted(name))"
        case .unobservedRegion(let region, let fleet):
            "\(region) is not among the fleet's regions (\(fleet))"
        case .accountInOtherPartition(let region, let partition):
            "the account's role lies in the partition \(partition.rawValue), but \(region) does not"
        }
    }

    var help: String {
        switch self {
        case .accountNeeded(let names): "add account: and one of \(names.joined(separator: ", "))"
        case .unknownAccount(let name, let known):
            nearestWord(to: name, among: known).map { "did you mean \"\($0)\"?" }
                ?? "write one of \(known.joined(separator: ", ")), or add it to the fleet's accounts"
        case .unobservedRegion: "add the Region to the fleet's regions, so that it is looked at"
        case .accountInOtherPartition: "choose an account and a Region of one partition"
        }
    }
}

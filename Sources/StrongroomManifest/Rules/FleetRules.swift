import CloudHSM
import StrongroomModel

/// One rule about the fleet's own manifest.
typealias FleetRule = @Sendable (_ fleet: WrittenFleet) -> [PlacedMistake]

extension WrittenFleet {
    /// Every rule about fleets.
    static let rules: [FleetRule] = [budgetsFit, accountsAreDistinct, rolesLieInTheirAccount]

    /// Notes what the rules find.
    func check() {
        for placed in Self.rules.flatMap({ $0(self) }) {
            findings.report(placed.mistake, at: placed.span)
        }
    }
}

/// One run may not delete more than a day may.
@Sendable func budgetsFit(_ fleet: WrittenFleet) -> [PlacedMistake] {
    let perRun = fleet.safety.perRun
    let perDay = fleet.safety.perDay
    let run = perRun?.value ?? Safety.standard.deletionsPerRun
    let day = perDay?.value ?? Safety.standard.deletionsPerDay
    guard run > day, let span = perRun?.span ?? perDay?.span else { return [] }
    return [PlacedMistake(FleetMistake.budgets(perRun: run, perDay: day), at: span)]
}

/// No two accounts have one name or one id.
@Sendable func accountsAreDistinct(_ fleet: WrittenFleet) -> [PlacedMistake] {
    var names: Set<String> = []
    var ids: Set<AccountID> = []
    var mistakes: [PlacedMistake] = []
    for account in fleet.accounts ?? [] {
        if let name = account.name, !names.insert(name.value).inserted {
            mistakes.append(PlacedMistake(FleetMistake.accountTwice(name.value), at: name.span))
        }
        if let id = account.id, !ids.insert(id.value).inserted {
            mistakes.append(PlacedMistake(FleetMistake.accountTwice("\(id.value)"), at: id.span))
        }
    }
    return mistakes
}

/// The role of an account is a role of that account.
@Sendable func rolesLieInTheirAccount(_ fleet: WrittenFleet) -> [PlacedMistake] {
    (fleet.accounts ?? []).compactMap { account in
        guard let role = account.roleARN, let id = account.id,
            let arn = RoleARN(role.value), arn.account != id.value
        else { return nil }
        let mistake = FleetMistake.roleElsewhere(role: "\(arn.account)", account: "\(id.value)")
        return PlacedMistake(mistake, at: role.span)
    }
}

/// What does not fit together in a fleet.
enum FleetMistake: Mistake, Equatable {
    case budgets(perRun: Int, perDay: Int)
    case accountTwice(String)
    case roleElsewhere(role: String, account: String)
    case second(first: SourceLocation)
    case stateHoldsManifests(String)

    var rule: String {
        switch self {
        case .budgets: "budgets-do-not-fit"
        case .accountTwice: "duplicate-account"
        case .roleElsewhere: "role-of-other-account"
        case .second: "second-fleet"
        case .stateHoldsManifests: "state-holds-manifests"
        }
    }

    var message: String {
        switch self {
        case .budgets(let perRun, let perDay):
            "deletions.perRun is \(perRun), more than deletions.perDay, which is \(perDay)"
        case .accountTwice(let name): "the account \(quoted(name)) is listed twice"
        case .roleElsewhere(let role, let account):
            "the role belongs to the account \(role), not to \(account)"
        case .second(let first): "a Fleet is described already at \(first)"
        case .stateHoldsManifests(let state):
            "the state directory \(quoted(state)) would hold this manifest"
        }
    }

    var help: String {
        switch self {
        case .budgets: "lower perRun or raise perDay; what is not written is 10 a run and 20 a day"
        case .accountTwice: "remove one of the two"
        case .roleElsewhere: "correct the id or the role's ARN"
        case .second: "keep one Fleet per tree; run the command once for each tree"
        case .stateHoldsManifests: "give the state a directory of its own, such as ./state"
        }
    }
}

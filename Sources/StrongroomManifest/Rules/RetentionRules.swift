import CloudHSM

/// A cluster that is to be created has a retention period, of its own or from the fleet's defaults.
@Sendable func retentionIsGiven(_ subject: Subject) -> [PlacedMistake] {
    let cluster = subject.cluster
    // A period that could not be read has been noted; without a fleet the defaults are unknown.
    guard subject.fleet != nil, !cluster.isAdopted, !cluster.ensure.isAbsent,
        subject.backups.retention == nil, !cluster.backups.hasUnreadRetention,
        subject.fleet?.defaults.hasUnreadRetention != true
    else { return [] }
    return [PlacedMistake(RetentionMistake.missing, at: cluster.specSpan)]
}

/// A backup or copy lives at least as long as it may be the newest.
@Sendable func retentionOutlastsMaxAge(_ subject: Subject) -> [PlacedMistake] {
    var mistakes: [PlacedMistake] = []
    let backups = subject.backups
    if let retention = backups.retention, let maxAge = backups.maxAge,
        maxAge.value > .days(retention.value.days),
        let span = EffectiveBackups.span(maxAge, retention)
    {
        let mistake = RetentionMistake.maxAge("backups", days: retention.value.days)
        mistakes.append(PlacedMistake(mistake, at: span))
    }
    for copies in subject.cluster.copies {
        guard let days = copies.retentionDays, let maxAge = copies.maxAge,
            maxAge.value > .days(days.value)
        else { continue }
        let mistake = RetentionMistake.maxAge("copies", days: days.value)
        mistakes.append(PlacedMistake(mistake, at: maxAge.span))
    }
    return mistakes
}

/// As many backups or copies as the floor asks for can be alive at once.
///
/// The service makes one backup a day (fact sheet, section 7), so a period of n days holds n of them;
/// a forced one every `maxAge` may be more. Copies come one every `maxAge`, or a day.
@Sendable func retentionCanHoldTheFloor(_ subject: Subject) -> [PlacedMistake] {
    var mistakes: [PlacedMistake] = []
    let backups = subject.backups
    if let retention = backups.retention, let floor = backups.keepAtLeast,
        let span = EffectiveBackups.span(floor, retention)
    {
        let rhythm = min(backups.maxAge?.value ?? .days(1), .days(1))
        if !canHold(floor.value, every: rhythm, for: retention.value.days) {
            let mistake = RetentionMistake.floor(
                "backups",
                floor: floor.value,
                days: retention.value.days
            )
            mistakes.append(PlacedMistake(mistake, at: span))
        }
    }
    for copies in subject.cluster.copies {
        guard let days = copies.retentionDays, let floor = copies.keepAtLeast,
            !canHold(floor.value, every: copies.maxAge?.value ?? .days(1), for: days.value)
        else { continue }
        let mistake = RetentionMistake.floor("copies", floor: floor.value, days: days.value)
        mistakes.append(PlacedMistake(mistake, at: floor.span))
    }
    return mistakes
}

private func canHold(_ count: Int, every rhythm: Duration, for days: Int) -> Bool {
    rhythm * count <= .days(days) || count <= 1
}

/// A retention period that is missing or too short for what is asked of it.
enum RetentionMistake: Mistake, Equatable {
    case missing
    case maxAge(String, days: Int)
    case floor(String, floor: Int, days: Int)

    var rule: String {
        switch self {
        case .missing: "missing-retention"
        case .maxAge: "max-age-beyond-retention"
        case .floor: "floor-beyond-retention"
        }
    }

    var message: String {
        switch self {
        case .missing:
            "a new cluster needs backups.retentionDays, and the fleet's defaults have none"
        case .maxAge(let list, let days):
            "maxAge of \(list) is longer than their retention of \(days) days"
        case .floor(let list, let floor, let days):
            "keepAtLeast of \(list) is \(floor), but a retention of \(days) days cannot hold so many"
        }
    }

    var help: String {
        switch self {
        case .missing: "add backups: { retentionDays: 90 } here or to the fleet's defaults"
        case .maxAge: "shorten maxAge or lengthen retentionDays; else none is left before the next"
        case .floor: "lower keepAtLeast, lengthen retentionDays, or shorten maxAge"
        }
    }
}

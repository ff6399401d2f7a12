/// What must hold after every event of a simulation, whatever happened before.
enum Invariant: String, CaseIterable, Hashable, Sendable {
    /// Every call that leaves a run stands in the journal first, open, and by that run.
    case noCallWithoutIntent
    /// An intent is begun once, and a call without a natural repeat is sent once for it.
    case noIntentTwice
    /// An answer is recorded only after it came.
    case outcomesTellAnswers
    /// What was found not to be done is never done.
    case notDoneIsNeverDone
    /// Only the run that has the lock begins to write to the journal.
    case oneWriterAtATime
    /// Nothing is sent by a run that has lost its lock.
    case nothingSentAfterTheLock
    /// No resource is made twice for one wish: clusters of one name, copies of one backup.
    case nothingMadeTwice
    /// Never more HSMs by our hand than are asked for and one.
    case atMostOneHSMMore
    /// No second HSM before a cluster's activation.
    case oneHSMBeforeActivation
    /// Healthy HSMs never fall by our hand below the smaller of what is there and what is asked.
    case enoughHealthyHSMs
    /// READY backups never fall below the floor by our hand.
    case floorOfBackups
    /// A group's last READY backup never goes, by whatever hand of ours.
    case lastBackupStays
    /// Recovery points are neither deleted nor given up to retention.
    case recoveryPointsStay
    /// A pin that a person set stays.
    case pinsOfPeopleStay
    /// A deleted cluster leaves a pinned backup.
    case finalBackupStays
    /// No backup and no HSM is deleted twice in one life.
    case nothingDeletedTwice
    /// A run loses no more backups than it may.
    case budgetOfARun
    /// All runs of a day together lose no more backups than they may.
    case budgetOfADay
    /// A run loses no larger part of a group's backups than it may.
    case ratioOfAGroup
    /// A run that could not read everything loses nothing.
    case nothingLostUnseen
    /// What no manifest names is never touched.
    case foreignThingsUntouched
    /// What a run does is proved, and the journal and the executor never contradict each other.
    case everyPlanIsProved
    /// Every intent comes to an outcome.
    case everyIntentEnds
    /// An HSM that was added for a backup only does not stay.
    case temporaryHSMsGo
    /// After the last fault, two runs and the wait for what is in doubt bring what is asked.
    case comesToTheManifest
    /// Nothing is planned then.
    case nothingLeftToPlan
    /// Every run comes to an end.
    case noRunHangs
}

/// An invariant that does not hold, and how that shows.
struct Breach: Hashable, Sendable, CustomStringConvertible {
    let invariant: Invariant
    let text: String

    init(_ invariant: Invariant, _ text: String) {
        self.invariant = invariant
        self.text = text
    }

    var description: String { "\(invariant.rawValue): \(text)" }
}

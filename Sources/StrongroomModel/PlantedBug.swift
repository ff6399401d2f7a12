#if PLANTED_BUGS
    internal import Foundation

    /// A mistake made on purpose, to see that the simulation finds it; no build that is used has any.
    public enum PlantedBug: String, CaseIterable, Sendable {
        /// A call is sent without its intent in the journal.
        case journalSkipped = "journal-skipped"
        /// What the first look does not show counts as not done.
        case firstLookBelieved = "first-look-believed"
        /// The wait for what is in doubt is as long as reads lag, and no longer.
        case waitsForReadsOnly = "waits-for-reads-only"
        /// The lock is not looked at after signing.
        case lockUncheckedAfterSigning = "lock-unchecked-after-signing"
        /// Outcomes are written by runs that lost the lock.
        case outcomeUnfenced = "outcome-unfenced"
        /// A call is recorded as accepted before it was answered.
        case outcomeBeforeAnswer = "outcome-before-answer"
        /// No answer counts as a refusal.
        case timeoutTakenForRefusal = "timeout-taken-for-refusal"
        /// What would make a second thing is sent again after a failure.
        case creationRepeated = "creation-repeated"
        /// Deletions are counted within a run only.
        case dayBudgetForgotten = "day-budget-forgotten"
        /// Nobody remembers which HSM was added for a backup only.
        case temporaryHSMForgotten = "temporary-hsm-forgotten"
        /// An inventory with gaps counts as whole.
        case gapsOverlooked = "gaps-overlooked"
        /// One backup less than the floor may be left.
        case floorOneTooLow = "floor-one-too-low"

        private static let planted = ProcessInfo.processInfo.environment["STRONGROOM_BUG"]
            .flatMap(PlantedBug.init)

        /// Whether this one was chosen for the run.
        public var isPlanted: Bool { Self.planted == self }
    }
#endif

public import CloudHSM

/// What an independent reading of a whole plan found: whether every promise holds over every order
/// the plan allows, every stopping point and every outcome of each call.
public struct Proof: Hashable, Sendable {
    /// The fleet's name.
    public let fleet: String

    /// The moment the plan was made for, by the service's clock.
    public let now: Timestamp

    /// How many steps were looked at.
    public let stepCount: Int

    /// Per promise, in their order, the worst case there is.
    public let worstCases: [WorstCase]

    /// What breaks a promise, by promise, then by group; empty if the plan may be carried out.
    public let findings: [Finding]

    /// What the proof started from, for every group with steps, in plan order.
    public let facts: [GroupFacts]

    /// Joins what was found.
    ///
    /// - Parameters:
    ///   - fleet: The fleet's name.
    ///   - now: The moment the plan was made for.
    ///   - stepCount: How many steps were looked at.
    ///   - worstCases: Per promise the worst case.
    ///   - findings: What breaks a promise, in any order.
    ///   - facts: What the proof started from, in any order.
    public init(
        fleet: String,
        now: Timestamp,
        stepCount: Int,
        worstCases: [WorstCase],
        findings: [Finding],
        facts: [GroupFacts]
    ) {
        self.fleet = fleet
        self.now = now
        self.stepCount = stepCount
        self.worstCases = worstCases.sorted { $0.promise.rawValue < $1.promise.rawValue }
        self.findings = findings.sorted()
        self.facts = facts.sorted { $0.subject < $1.subject }
    }

    /// Whether no promise can be broken.
    public var holds: Bool { findings.isEmpty }

    /// How close the plan comes to a floor; `nil` if no step comes near one.
    public var smallestMargin: Margin? { worstCases.compactMap(\.margin).min() }
}

extension Proof {
    /// What is left above a floor.
    public struct Margin: Hashable, Sendable {
        /// How many above; negative where the floor is broken.
        public let number: Int

        /// What is counted.
        public let unit: Unit

        /// Where.
        public let region: Region

        /// Of what.
        public let subject: PlanSubject

        /// What margins count.
        public enum Unit: String, Hashable, Sendable, Codable {
            /// READY backups of the right lineage.
            case readyBackup
            /// HSMs that are ACTIVE.
            case healthyHSM
        }

        /// Describes a margin.
        ///
        /// - Parameters:
        ///   - number: How many above the floor.
        ///   - unit: What is counted.
        ///   - region: Where.
        ///   - subject: Of what.
        public init(_ number: Int, _ unit: Unit, in region: Region, of subject: PlanSubject) {
            self.number = number
            self.unit = unit
            self.region = region
            self.subject = subject
        }
    }

    /// The worst that can become of a promise.
    public struct WorstCase: Hashable, Sendable {
        /// Which promise.
        public let promise: Promise

        /// Where; `nil` where it is about the whole plan, or nothing can happen at all.
        public let subject: PlanSubject?

        /// The case in words.
        public let text: String

        /// The steps that reach it, in the order they are done.
        public let steps: [StepID]

        /// What is left above the floor then, where there is one.
        public let margin: Margin?

        /// Describes a worst case.
        ///
        /// - Parameters:
        ///   - promise: Which promise.
        ///   - subject: Where.
        ///   - text: The case in words.
        ///   - steps: The steps that reach it.
        ///   - margin: What is left above the floor then.
        public init(
            _ promise: Promise,
            of subject: PlanSubject? = nil,
            _ text: String,
            steps: [StepID] = [],
            margin: Margin? = nil
        ) {
            self.promise = promise
            self.subject = subject
            self.text = text
            self.steps = steps
            self.margin = margin
        }
    }

    /// A way in which the plan can break a promise.
    public struct Finding: Hashable, Sendable {
        /// Which promise.
        public let promise: Promise

        /// Where.
        public let subject: PlanSubject

        /// What can happen, in words, numbers included.
        public let text: String

        /// The steps that reach it; the last one breaks the promise.
        public let steps: [StepID]

        /// Describes a finding.
        ///
        /// - Parameters:
        ///   - promise: Which promise.
        ///   - subject: Where.
        ///   - text: What can happen.
        ///   - steps: The steps that reach it.
        public init(_ promise: Promise, of subject: PlanSubject, _ text: String, steps: [StepID]) {
            self.promise = promise
            self.subject = subject
            self.text = text
            self.steps = steps
        }
    }

    /// What a group's part of the proof started from.
    public struct GroupFacts: Hashable, Sendable {
        /// Which group.
        public let subject: PlanSubject

        /// READY backups of the right lineage, and how many must be left, per Region.
        public let backups: [Region: Count]

        /// ACTIVE HSMs, and how many must be left.
        public let hsms: Count

        /// What is there, and what must be left of it.
        public struct Count: Hashable, Sendable, Codable {
            /// What is there.
            public let there: Int

            /// What must be left.
            public let floor: Int

            /// Joins both.
            ///
            /// - Parameters:
            ///   - there: What is there.
            ///   - floor: What must be left.
            public init(there: Int, floor: Int) {
                self.there = there
                self.floor = floor
            }
        }

        /// Describes a start.
        ///
        /// - Parameters:
        ///   - subject: Which group.
        ///   - backups: READY backups per Region.
        ///   - hsms: ACTIVE HSMs.
        public init(subject: PlanSubject, backups: [Region: Count], hsms: Count) {
            self.subject = subject
            self.backups = backups
            self.hsms = hsms
        }
    }
}

extension Proof.Margin: Comparable {
    /// Orders by number, then by what is meant, so that the smallest is always the same one.
    public static func < (left: Self, right: Self) -> Bool {
        guard left.number == right.number else { return left.number < right.number }
        guard left.subject == right.subject else { return left.subject < right.subject }
        return (left.unit.rawValue, left.region.description)
            < (right.unit.rawValue, right.region.description)
    }
}

extension Proof.Finding: Comparable {
    /// Orders by promise, then by group, then by the steps.
    public static func < (left: Self, right: Self) -> Bool {
        guard left.promise == right.promise else {
            return left.promise.rawValue < right.promise.rawValue
        }
        guard left.subject == right.subject else { return left.subject < right.subject }
        guard left.steps == right.steps else {
            return left.steps.lexicographicallyPrecedes(right.steps)
        }
        return left.text < right.text
    }
}

public import CloudHSM

/// Who reads a plan before it is carried out.
public enum PlanReader: Hashable, Sendable {
    /// Nobody: it is carried out as soon as it is made.
    case nobody
    /// A person, who sees it as it is made.
    case person
    /// A person, who saw it when it was made then, and saved it.
    case personAt(Timestamp)
}

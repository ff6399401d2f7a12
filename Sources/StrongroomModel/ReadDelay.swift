internal import CloudHSM

/// How long reads may lag, and a sent request may still take effect.
public enum ReadDelay {
    /// After an accepted call, how long a read may still show the world before it
    /// (`execution.md`, section 2.4, V).
    public static let allowance = Duration.minutes(2)

    /// After an intent without an answer, when the world shows for certain whether it was done:
    /// the life of a signature and the lag of reads (`execution.md`, section 2.4, S + V).
    public static let untilDecided = Duration.minutes(17)
}

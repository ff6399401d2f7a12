internal import CloudHSM

/// How long reads may lag, and a sent request may still take effect.
public enum ReadDelay {
    /// After an accepted call, how long a read may still show the world before it
    /// (`execution.md`, section 2.4, V).
    public static let allowance = Duration.minutes(2)

    /// How long the service takes a signature for valid (`execution.md`, section 2.4, S).
    public static let signatureLife = Duration.minutes(15)

    /// How long a call may be under way at most (`execution.md`, section 2.4, T).
    public static let requestTime = Duration.seconds(30)

    /// After a look at the world, how long a call that relies on it may be sent at most.
    public static let sendingWindow = Duration.seconds(60)

    /// After an intent without an answer, when the world shows for certain whether it was done:
    /// the time to send it, the life of its signature and the lag of reads (`execution.md`,
    /// section 2.4, step 9).
    public static let untilDecided = sendingWindow + signatureLife + allowance
}

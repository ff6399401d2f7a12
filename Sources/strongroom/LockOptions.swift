import ArgumentParser

/// What every command takes that changes the state directory.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Wait at most so many seconds for somebody else's lock.",
            valueName: "seconds"
        )
    )
    var lockTimeout = 0

    func validate() throws {
        guard (0...31_536_000).contains(lockTimeout) else {
            throw ValidationError("--lock-timeout takes 0 to 31536000 seconds, which are a year")
        }
    }

    /// What a command that changes the state opens it for.
    ///
    /// - Parameter operation: The command, as others who meet its lock are told.
    /// - Returns: The purpose.
    func writing(for operation: String) -> House.Purpose {
        .writing(operation, waitingAtMost: .seconds(lockTimeout))
    }
}

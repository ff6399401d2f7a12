import ArgumentParser

/// Failures that are put in on purpose.
struct FaultOptions: ParsableArguments {
    @Option(help: "Throttle this part of all calls, 0 to 1: nothing is done then.")
    var throttle = 0.0

    @Option(
        help: "Answer this part of the others with a server error, 0 to 1: half of them are done."
    )
    var fail = 0.0

    func validate() throws {
        guard (0...1).contains(throttle), (0...1).contains(fail) else {
            throw ValidationError("--throttle and --fail take 0 to 1")
        }
    }
}

import ArgumentParser
import CloudHSM

/// How AWS is reached, for fleets with `service: aws`.
///
/// An address comes from here or from the environment, never from a manifest: whoever may edit
/// manifests must not be able to send signed requests elsewhere.
struct AWSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take credentials from this profile of the AWS configuration files.",
            discussion: "Without it they are looked for where AWS's own tools look (README).",
            valueName: "name"
        )
    )
    var profile: String?

    @Option(
        name: .customLong("endpoint-url"),
        help: ArgumentHelp(
            "Talk to this address instead of the service's own; also AWS_ENDPOINT_URL_CLOUDHSM_V2.",
            discussion: "Plain http is for this machine only.",
            valueName: "url"
        )
    )
    var endpointURL: String?

    @Flag(help: "Change things at an address that is not the service's own, too.")
    var allowEndpoint = false

    @Flag(help: "Live by the clock that strongroom-emulator tells, which may run fast.")
    var emulatorClock = false
}

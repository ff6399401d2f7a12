import ArgumentParser
import Foundation
import StrongroomState

/// What every command takes that opens a state directory.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the number of the last run in this file too, outside the state directory.",
            discussion: """
                A state directory that is put back from an older copy is noticed by it. Also \
                STRONGROOM_ANCHOR.
                """,
            valueName: "file"
        ),
        completion: .file()
    )
    var anchor: String?

    @Flag(
        help: ArgumentHelp(
            "Write to a state directory that may not last: on tmpfs, or in a container's layer.",
            discussion: "Also STRONGROOM_ALLOW_VOLATILE_STATE=1."
        )
    )
    var allowVolatileState = false

    /// The anchor's file, if there is to be one.
    var anchorPath: String? { anchor ?? Self.variable("STRONGROOM_ANCHOR") }

    /// Whether a state directory may lie where nothing lasts.
    var storage: StorageDemand {
        allowVolatileState || Self.variable("STRONGROOM_ALLOW_VOLATILE_STATE") == "1"
            ? .any : .lasting
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

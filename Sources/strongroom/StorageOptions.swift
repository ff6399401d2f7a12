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

    @OptionGroup var volatile: VolatileOptions

    /// The anchor's file, if there is to be one.
    var anchorPath: String? { anchor ?? Self.variable("STRONGROOM_ANCHOR") }

    /// The anchor's file, once its name is known to be text.
    ///
    /// - Returns: The path, if there is to be one.
    /// - Throws: ``Trouble``.
    func readableAnchorPath() throws -> String? {
        if anchor == nil { try GivenVariables.requireText(of: ["STRONGROOM_ANCHOR"]) }
        return anchorPath
    }

    /// Whether a state directory may lie where nothing lasts.
    var storage: StorageDemand { volatile.storage }
}

/// Whether a state may lie where nothing lasts.
struct VolatileOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Write to a state directory that may not last: on tmpfs, or in a container's layer.",
            discussion: "Also STRONGROOM_ALLOW_VOLATILE_STATE=1."
        )
    )
    var allowVolatileState = false

    /// Whether a state directory may lie where nothing lasts.
    var storage: StorageDemand {
        allowVolatileState || StorageOptions.variable("STRONGROOM_ALLOW_VOLATILE_STATE") == "1"
            ? .any : .lasting
    }
}

extension StorageOptions {
    fileprivate static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

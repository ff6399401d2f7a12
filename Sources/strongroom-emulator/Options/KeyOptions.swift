import ArgumentParser
import CloudHSM

/// Whose signatures are good.
struct KeyOptions: ParsableArguments {
    @Option(
        name: .customLong("access-key"),
        help: ArgumentHelp(
            "A key that requests may be signed with; may be repeated.",
            discussion: """
                An account has twelve digits; without one the key belongs to \
                \(AccountID.simulated), the simulated service's own. Every user of this machine \
                can read a command line: give keys that matter in --access-key-file.
                """,
            valueName: "ID:SECRET[:ACCOUNT]"
        ),
        transform: { text in
            guard let key = AccessKey(text) else {
                throw ValidationError("write a key as ID:SECRET or ID:SECRET:ACCOUNT")
            }
            return key
        }
    )
    var accessKeys: [AccessKey] = []

    @Option(
        help: ArgumentHelp(
            "A file with such keys, one a line, that only its owner can read (chmod 600).",
            valueName: "file"
        ),
        completion: .file()
    )
    var accessKeyFile: String?

    @Flag(help: "Check no signature: who signed is believed, and who did not is let in.")
    var noSignatures = false

    /// What the options come to.
    ///
    /// - Returns: How callers are found out, and whether the development key is good because no
    ///   other was given.
    /// - Throws: ``KeyFile/Problem``.
    func authentication() throws -> (Authentication, isDevelopment: Bool) {
        let keys = try accessKeys + (accessKeyFile.map(KeyFile.keys(at:)) ?? [])
        let ring = KeyRing(keys.isEmpty ? [.development] : keys)
        return (
            Authentication(demand: noSignatures ? .nothing : .signature, keys: ring), keys.isEmpty
        )
    }
}

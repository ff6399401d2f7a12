internal import CloudHSM

/// A program of the user's that prints credentials.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
struct ProcessSource: CredentialSource {
    let name: String

    private let profile: Profile
    private let environment: CredentialEnvironment
    private let timeLimit: Duration

    /// A profile's program.
    init(_ profile: Profile, in environment: CredentialEnvironment, timeLimit: Duration) {
        self.profile = profile
        self.environment = environment
        self.timeLimit = timeLimit
        name = "credential_process of \(profile.place(of: Self.key))"
    }

    private static let key = "credential_process"

    /// What a program may need to find its own settings, and no credential.
    private static let passedOn = [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR",
        "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ]

    func credentials() async throws -> Credentials {
        guard let command = profile.located(Self.key) else {
            throw CredentialFault(name, .emptyProfile(profile.name))
        }
        try checkFile(of: command.origin)
        let arguments: [String]
        do {
            arguments = try CommandLineText(command.text).arguments
        } catch {
            throw CredentialFault(name, .malformedValue(name: Self.key, reason: "\(error)"))
        }
        let result = try await run(arguments)
        guard result.status == 0 else {
            let end = result.status.map { "ended with exit code \($0)" } ?? "was killed by a signal"
            throw helperFault("\(end)\(HelperComplaint(result.complaint))", arguments)
        }
        return try KeyDocument.credentials(in: result.output, from: .helper, source: name)
    }

    private func run(_ arguments: [String]) async throws -> HelperProcess.Result {
        guard let path = path(of: arguments[0]) else {
            throw helperFault("was not found", arguments)
        }
        var variables = environment.variables.filter { Self.passedOn.contains($0.key) }
        if let home = environment.homeDirectory { variables["HOME"] = home }
        let helper = HelperProcess(
            path: path,
            arguments: arguments,
            environment: variables,
            timeLimit: timeLimit
        )
        do {
            return try await helper.run()
        } catch let fault as HelperProcess.Fault {
            throw helperFault("\(fault)", arguments)
        }
    }

    private func helperFault(_ reason: String, _ arguments: [String]) -> CredentialFault {
        // Its arguments may hold a secret.
        CredentialFault(name, .helper("\(escaped(arguments[0])) \(reason)"))
    }

    /// Whoever can write to the file can have us run anything.
    private func checkFile(of origin: Profile.Origin) throws {
        guard let path = profile.paths[origin], let file = profile.keepers[origin] else { return }
        guard file.owner == environment.userID || file.owner == 0 else {
            throw CredentialFault(
                name,
                .unsafeFile(path: path, reason: "it belongs to user \(file.owner)")
            )
        }
        guard !file.isWritableByOthers else {
            throw CredentialFault(
                name,
                .unsafeFile(path: path, reason: "others can write to it")
            )
        }
    }

    /// The program's path: as written if there is a slash in it, or from an absolute entry of PATH.
    private func path(of program: String) -> String? {
        let program = environment.expanding(program)
        if program.contains("/") { return program }
        let folders = (environment.text("PATH") ?? "/usr/bin:/bin").split(separator: ":")
        return folders.lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }
            .first(where: isExecutable)
    }
}

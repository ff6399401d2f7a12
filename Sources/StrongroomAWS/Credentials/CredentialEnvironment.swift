public import CloudHSM

/// All that the search for credentials may see of the machine: made once by the command line.
///
/// Nothing below reads the process's environment, home, clock or files by itself.
public struct CredentialEnvironment: Sendable {
    /// The environment; an empty variable counts as absent, as AWS's own tools take it.
    public let variables: [String: String]

    /// The home directory, below which `.aws` lies; `nil` if there is none.
    public let homeDirectory: String?

    /// The profile that a flag names; it goes before the variables' own credentials.
    public let profileFlag: String?

    /// The Region for STS where neither a variable nor the profile names one.
    public let fallbackRegion: Region?

    /// The clock.
    public let now: @Sendable () -> Timestamp

    /// Reads a whole file.
    public let readFile: @Sendable (_ path: String) throws(FileFault) -> CredentialFile

    /// Who this process runs as.
    public let userID: UInt32

    /// The secrets that were found there, or came from there.
    let secrets = SecretBook()

    /// Puts the surroundings together.
    ///
    /// - Parameters:
    ///   - variables: The environment.
    ///   - homeDirectory: The home directory.
    ///   - profileFlag: The profile that a flag names.
    ///   - fallbackRegion: The Region for STS where nothing else names one, such as the fleet's
    ///     first.
    ///   - userID: Who this process runs as.
    ///   - now: The clock.
    ///   - readFile: Reads a whole file; the file system's by default.
    public init(
        variables: [String: String],
        homeDirectory: String?,
        profileFlag: String? = nil,
        fallbackRegion: Region? = nil,
        userID: UInt32,
        now: @escaping @Sendable () -> Timestamp,
        readFile: @escaping @Sendable (_ path: String) throws(FileFault) -> CredentialFile = {
            path throws(FileFault) in try CredentialFile(at: path)
        }
    ) {
        self.variables = variables
        self.homeDirectory = homeDirectory
        self.profileFlag = profileFlag
        self.fallbackRegion = fallbackRegion
        self.userID = userID
        self.now = now
        self.readFile = readFile
        // Also those that are not used: whoever else has them may repeat them.
        for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            if let text = variables.text(name) { secrets.note(text) }
        }
    }

    /// What a variable says; `nil` if it is absent or empty.
    func text(_ name: String) -> String? { variables.text(name) }
}

extension CredentialEnvironment: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// No value of any variable.
    public var description: String { "CredentialEnvironment(\(variables.count) variables)" }

    /// No value of any variable.
    public var debugDescription: String { description }

    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

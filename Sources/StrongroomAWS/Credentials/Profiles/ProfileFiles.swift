/// The shared files `config` and `credentials`, read together.
struct ProfileFiles: Sendable {
    /// Where a profile without a name is written.
    static let defaultName = "default"

    private var sections: [Profile.Origin: [String: [String: INIFile.Value]]] = [:]
    private var paths: [Profile.Origin: String] = [:]
    private var keepers: [Profile.Origin: FileKeeper] = [:]
    private var strayTitles: [String] = []

    /// Reads both files.
    ///
    /// A file that a variable names must be there; the ones below the home directory need not.
    /// Source: AWS SDKs and Tools Reference Guide, "Location of the shared config and credentials
    /// files".
    ///
    /// - Parameter environment: The surroundings.
    /// - Throws: ``CredentialFault`` with path and line.
    init(_ environment: CredentialEnvironment) throws {
        for (origin, variable, usual) in [
            (Profile.Origin.config, "AWS_CONFIG_FILE", "config"),
            (.credentials, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        ] {
            let named = environment.text(variable).map { environment.expanding($0) }
            guard let path = named ?? environment.homeDirectory.map({ "\($0)/.aws/\(usual)" })
            else { continue }
            paths[origin] = path
            let file: CredentialFile
            do throws(FileFault) {
                file = try environment.readFile(path)
            } catch {
                if error == .missing && named == nil { continue }
                let source = named == nil ? "the shared files" : variable
                throw CredentialFault(source, .unreadable(path: path, error))
            }
            keepers[origin] = FileKeeper(
                owner: file.owner,
                isWritableByOthers: file.isWritableByOthers
            )
            sections[origin] = try read(file, of: origin, at: path)
        }
    }

    /// Whether a profile is written anywhere.
    func contains(_ name: String) -> Bool {
        sections.values.contains { $0[name] != nil }
    }

    /// A profile.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The profile.
    /// - Throws: ``CredentialFault`` if nobody wrote it.
    func profile(_ name: String) throws(CredentialFault) -> Profile {
        guard contains(name) else {
            let hint =
                strayTitles.contains(name)
                ? "\(paths[.config] ?? "config") has [\(escaped(name))]; "
                    + "there it must be [profile \(escaped(name))]"
                : "write it into \(paths[.config] ?? "the config file")"
            throw CredentialFault(
                "profile \(escaped(name))",
                .unknownProfile(name, hint: hint)
            )
        }
        return Profile(
            name: name,
            values: sections.compactMapValues { $0[name] },
            paths: paths,
            keepers: keepers
        )
    }

    /// What was looked at, for people.
    var description: String {
        let files = [Profile.Origin.config, .credentials].compactMap { paths[$0] }
        return files.isEmpty
            ? "no home directory, so no shared files" : files.joined(separator: ", ")
    }
}

extension ProfileFiles {
    /// The profiles of one file, by name.
    private mutating func read(
        _ file: CredentialFile,
        of origin: Profile.Origin,
        at path: String
    ) throws(CredentialFault) -> [String: [String: INIFile.Value]] {
        func fault(_ line: Int, _ reason: String) -> CredentialFault {
            CredentialFault(
                "the shared files",
                .malformedFile(path: path, line: line, reason: reason)
            )
        }
        let text: INIFile
        do throws(INIFile.Fault) {
            text = try INIFile(file.bytes)
        } catch {
            throw fault(error.line, error.reason)
        }
        var profiles: [String: [String: INIFile.Value]] = [:]
        for section in text.sections {
            guard let name = Self.profileName(in: section.title, of: origin) else {
                strayTitles.append(section.title)
                continue
            }
            guard profiles[name] == nil else {
                throw fault(section.line, "the profile \(escaped(name)) is written twice")
            }
            profiles[name] = section.values
        }
        return profiles
    }

    /// The profile a section is about; `nil` for other sections, such as `sso-session`.
    private static func profileName(in title: String, of origin: Profile.Origin) -> String? {
        switch origin {
        case .credentials: return title
        case .config:
            guard title != defaultName else { return title }
            let words = title.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            guard words.count == 2, words[0] == "profile" else { return nil }
            let name = words[1].drop(while: \.isWhitespace)
            let isQuoted = name.count > 2 && name.hasPrefix("\"") && name.hasSuffix("\"")
            return String(isQuoted ? name.dropFirst().dropLast() : name)
        }
    }
}

extension CredentialEnvironment {
    /// A path with the home directory in place of its `~`.
    ///
    /// - Parameter path: The path.
    /// - Returns: The path, as it is if there is no home directory.
    func expanding(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let homeDirectory else { return path }
        return homeDirectory + path.dropFirst()
    }
}

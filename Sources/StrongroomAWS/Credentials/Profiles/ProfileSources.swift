internal import CloudHSM

/// What a profile means: keys, a role on top of another source, or a program.
struct ProfileSources {
    let chain: CredentialChain
    let files: ProfileFiles

    /// The source that a profile names; a profile that was asked for and has none is a mistake.
    ///
    /// - Parameter name: The profile's name.
    /// - Returns: The source.
    /// - Throws: ``CredentialFault``.
    func source(named name: String) throws -> any CredentialSource {
        try source(of: files.profile(name), behind: [])
    }

    private func source(of profile: Profile, behind names: [String]) throws -> any CredentialSource
    {
        try refuseUnusable(profile)
        // Where another profile leads here its keys are meant, even if it has a role as well: that is
        // how a profile can take on a role with keys of its own.
        let isRole = profile.text("role_arn") != nil && (names.isEmpty || !profile.hasStaticKeys)
        if isRole { return try role(of: profile, behind: names) }
        if profile.hasStaticKeys { return ProfileKeysSource(profile) }
        if profile.text("credential_process") != nil { return chain.process(profile) }
        throw CredentialFault(
            profile.place(of: "region"),
            .emptyProfile(profile.name)
        )
    }

    private func role(of profile: Profile, behind names: [String]) throws -> any CredentialSource {
        let place = profile.place(of: "role_arn")
        let request = try RoleRequest(
            chain.role(profile.text("role_arn") ?? "", of: "role_arn", for: place),
            sessionName: profile.text("role_session_name") ?? chain.defaultSessionName,
            externalID: profile.text("external_id"),
            durationInSeconds: try duration(of: profile)
        )
        let service = try chain.tokenService(for: place, profile: profile)
        let keys = ["source_profile", "credential_source", "web_identity_token_file"].filter {
            profile.text($0) != nil
        }
        guard keys.count == 1, let text = profile.text(keys[0]) else {
            let reason =
                "has role_arn, and \(keys.isEmpty ? "none" : keys.joined(separator: " and ")) of "
                + "source_profile, credential_source and web_identity_token_file; write exactly one"
            throw CredentialFault(place, .unusableKeys(profile: profile.name, reason: reason))
        }
        switch keys[0] {
        case "web_identity_token_file":
            return WebIdentitySource(
                request,
                tokenPath: text,
                of: keys[0],
                in: chain.surroundings,
                service
            )
        case "credential_source":
            let base = try chain.namedSource(text, for: place)
            return RoleSource(request, with: chain.cache(base), base.name, service)
        default:
            let base = try base(named: text, of: profile, behind: names)
            return RoleSource(request, with: chain.cache(base), base.name, service)
        }
    }

    /// The profile whose credentials a role is taken on with.
    private func base(
        named name: String,
        of profile: Profile,
        behind names: [String]
    ) throws -> any CredentialSource {
        let path = names + [profile.name]
        let base = try files.profile(name)
        let isItself = name == profile.name && names.isEmpty && base.hasStaticKeys
        guard isItself || !path.contains(name) else {
            throw CredentialFault(profile.place(of: "source_profile"), .profileLoop(path + [name]))
        }
        return try source(of: base, behind: path)
    }

    private func duration(of profile: Profile) throws -> Int? {
        guard let text = profile.text("duration_seconds") else { return nil }
        guard let seconds = Int(text) else {
            throw CredentialFault(
                profile.place(of: "duration_seconds"),
                .malformedValue(name: "duration_seconds", reason: "is not a whole number")
            )
        }
        return seconds
    }

    /// Refuses what AWS's own tools would do and we cannot, rather than do something else in silence.
    private func refuseUnusable(_ profile: Profile) throws {
        func refuse(_ key: String, _ reason: String) -> CredentialFault {
            CredentialFault(
                profile.place(of: key),
                .unusableKeys(profile: profile.name, reason: reason)
            )
        }
        let isRole = profile.text("role_arn") != nil
        // Next to credential_process the keys are there for the program that it calls.
        if let key = profile.ssoKeys.first, profile.text("credential_process") == nil, !isRole {
            throw refuse(
                key,
                "signs in through IAM Identity Center (\(key)), which is left to the AWS CLI; write "
                    + "a profile of its own with credential_process = aws configure "
                    + "export-credentials --profile \(escaped(profile.name)) --format process"
            )
        }
        if profile.text("mfa_serial") != nil, isRole {
            throw refuse(
                "mfa_serial",
                "asks for a code at every renewal (mfa_serial), and nobody may be there to type it; "
                    + "write a profile with credential_process instead"
            )
        }
        for key in ["endpoint_url", "services"] where profile.text(key) != nil {
            guard try !chain.ignoresConfiguredEndpoints() else { continue }
            throw refuse(
                key,
                "names an endpoint (\(key)), which only flags and variables may; set "
                    + "AWS_ENDPOINT_URL, or AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true to go on "
                    + "without it"
            )
        }
    }
}

extension CredentialChain {
    fileprivate func ignoresConfiguredEndpoints() throws -> Bool {
        try surroundings.variables.isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
    }
}

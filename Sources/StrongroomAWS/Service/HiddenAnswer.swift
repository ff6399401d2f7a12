internal import CloudHSM

extension Answer {
    /// An answer without secrets: whoever stands between may write one into it, and people write
    /// into tags what they should not.
    ///
    /// Ids, moments, Regions and types have patterns that leave no room for one.
    ///
    /// - Parameter secrets: What must not be shown.
    /// - Returns: The same answer if nothing in it shows one.
    func hiding(_ secrets: KnownSecrets) -> Answer {
        var texts = HiddenTexts(secrets: secrets)
        return switch self {
        case .cluster(let cluster): .cluster(texts.shown(cluster))
        case .clusters(let clusters, let token):
            .clusters(clusters.map { texts.shown($0) }, nextToken: token)
        case .initialization(let state, let message):
            .initialization(state: texts.shown(state), message: message.map(secrets.said))
        case .hsm(let hsm): .hsm(texts.shown(hsm))
        case .backup(let backup): .backup(texts.shown(backup))
        case .backups(let backups, let token):
            .backups(backups.map { texts.shown($0) }, nextToken: token)
        case .tags(let tags, let token): .tags(texts.shown(tags), nextToken: token)
        case .resourcePolicy(let policy, let resource):
            .resourcePolicy(policy.map { texts.shown($0) }, of: resource)
        case .hsmID, .destinationBackup, .empty: self
        }
    }
}

/// Shows the texts of one answer without secrets, each different one looked at once: the tags of a
/// page's backups are mostly alike.
private struct HiddenTexts {
    let secrets: KnownSecrets
    private var known: [String: String] = [:]

    init(secrets: KnownSecrets) { self.secrets = secrets }

    /// What somebody chose: any text at all.
    mutating func shown(_ text: String) -> String {
        if let shown = known[text] { return shown }
        let shown = secrets.scrubbed(text)
        known[text] = shown
        return shown
    }

    mutating func shown(_ texts: [String: String]) -> [String: String] {
        var all: [String: String] = [:]
        for (name, text) in texts { all[shown(name)] = shown(text) }
        return all
    }

    mutating func shown(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        var all: [String: JSONValue] = [:]
        for (name, value) in fields { all[shown(name)] = shown(value) }
        return all
    }

    private mutating func shown(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let text): return .string(shown(text))
        case .array(let values):
            var all: [JSONValue] = []
            for value in values { all.append(shown(value)) }
            return .array(all)
        case .object(let members): return .object(shown(members))
        }
    }

    /// The service's own word; one that is known is shown as it is.
    func shown<State: ServiceState>(_ state: State) -> State {
        State.known.contains(state) ? state : .unrecognised(secrets.said(state.description))
    }

    mutating func shown(_ cluster: Cluster) -> Cluster {
        var cluster = cluster
        cluster.state = shown(cluster.state)
        cluster.stateMessage = cluster.stateMessage.map(secrets.said)
        cluster.vpc = shown(cluster.vpc)
        cluster.securityGroup = shown(cluster.securityGroup)
        cluster.certificates = shown(cluster.certificates)
        cluster.tags = shown(cluster.tags)
        cluster.unknownFields = shown(cluster.unknownFields)
        cluster.hsms = shown(cluster.hsms)
        return cluster
    }

    private mutating func shown(_ hsms: [HSM]) -> [HSM] {
        var all = hsms
        for index in all.indices { all[index] = shown(all[index]) }
        return all
    }

    mutating func shown(_ hsm: HSM) -> HSM {
        var hsm = hsm
        hsm.state = shown(hsm.state)
        hsm.stateMessage = hsm.stateMessage.map(secrets.said)
        hsm.address = shown(hsm.address)
        hsm.address6 = shown(hsm.address6)
        hsm.unknownFields = shown(hsm.unknownFields)
        return hsm
    }

    mutating func shown(_ listed: ListedBackup) -> ListedBackup {
        guard let details = listed.backup.details, details.hasTexts else { return listed }
        let clean = BackupDetails(
            tags: shown(details.tags),
            hsmType: details.hsmType,
            unusualARN: shown(details.unusualARN),
            copyNamesCluster: details.copyNamesCluster,
            unknownFields: shown(details.unknownFields),
            unrecognisedState: details.unrecognisedState.map { shown($0) }
        )
        // What backups have alike stays one object.
        guard clean != details else { return listed }
        var backup = listed.backup
        backup.details = clean
        return ListedBackup(cluster: listed.cluster, backup: backup)
    }

    private mutating func shown(_ text: String?) -> String? {
        guard let text else { return nil }
        return shown(text)
    }
}

extension BackupDetails {
    /// Whether there is any text in it that somebody chose; most backups have none.
    fileprivate var hasTexts: Bool {
        !tags.isEmpty || unusualARN != nil || !unknownFields.isEmpty || unrecognisedState != nil
    }
}

internal import CloudHSM
internal import StrongroomModel

/// An action in the operator's words: what is done, and to what.
///
/// The words may hold foreign text (tags, file names) and are not yet safe to show.
struct ActionWords {
    /// What is done, such as `add HSM`.
    let verb: String

    /// To what, such as `us-east-1b`.
    let object: String

    /// Both, as one phrase.
    var phrase: String { "\(verb) \(object)" }

    /// Finds an action's words.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - now: The moment that ages are given for.
    init(_ action: Action, at now: Timestamp) {
        switch action {
        case .createCluster(let request):
            verb = "create cluster"
            object = Self.words(request)
        case .initializeCluster(let files):
            verb = "initialise"
            object = "with \(files.certificate.path), signed by \(files.trustAnchor.path)"
        case .addHSM(let zone, _):
            verb = "add HSM"
            object = "\(zone)"
        case .removeHSM(let reference, let zone, _):
            verb = "remove HSM"
            object = reference.words + (zone.map { " in \($0)" } ?? "")
        case .setRetention(let old, let new, _):
            verb = "retention"
            object = "\(old) → \(new.days) days"
        case .copyBackup(let reference, let region):
            verb = "copy"
            object = "\(reference.words) → \(region)"
        case .deleteBackup(let id, let region, let createdAt):
            verb = "delete"
            let age = Ages.age(of: createdAt, at: now)
            object = "\(id) in \(region) (taken \(Ages.day(of: createdAt)), \(age))"
        case .tagCluster(let tags, let replaced):
            verb = "tag"
            object = Self.words(tags, replacing: replaced)
        case .restoreBackup(let id, let region, let deadline):
            verb = "restore"
            object = "\(id) in \(region) (possible until \(deadline))"
        case .pinBackup(let reference):
            verb = "pin"
            object = reference.words
        case .unpinBackup(let id, let expiresAt, let losing):
            verb = "unpin"
            object = "\(id) (\(Self.expiry(expiresAt, isLost: losing.contains(id))))"
        case .tagBackup(let reference, let tags):
            verb = "tag"
            object = "\(reference.words): \(Self.words(tags, replacing: [:]))"
        case .untagBackup(let id, let keys):
            verb = "untag"
            object = "\(id): \(keys.joined(separator: ", "))"
        case .changeType(let old, let new, _):
            verb = "HSM type"
            object = "\(old) → \(new)"
        case .deleteCluster(let id):
            verb = "delete cluster"
            object = "\(id)"
        }
    }

    /// When a backup goes once nothing exempts it any more.
    private static func expiry(_ expiresAt: Timestamp?, isLost: Bool) -> String {
        if isLost { return "expires at once" }
        return expiresAt.map { "expires \(Ages.day(of: $0))" } ?? "does not expire"
    }

    private static func words(_ request: CreateCluster) -> String {
        let zones = request.subnets.keys.sorted().map(\.description).joined(separator: ", ")
        let make = "\(request.hsmType) \(request.mode.rawValue)"
        let source = request.sourceBackup.map { " from \($0)" } ?? ""
        return "\(make)\(source) in \(zones), retention \(request.retention.days) days"
    }

    private static func words(
        _ tags: [String: String],
        replacing replaced: [String: String]
    ) -> String {
        tags.sorted { $0.key < $1.key }.map { key, value in
            let old = replaced[key].map { " (was \($0))" } ?? ""
            return "\(key)=\(value)\(old)"
        }.joined(separator: ", ")
    }
}

extension HSMReference {
    /// The HSM as a person tells it from others: no step numbers, which plans do not show.
    fileprivate var words: String {
        switch self {
        case .known(let id): id.description
        case .added: "the added one"
        }
    }
}

extension BackupReference {
    /// The backup as a person tells it from others.
    fileprivate var words: String {
        switch self {
        case .known(let id): id.description
        case .caused: "the new backup"
        }
    }
}

extension Note.Kind {
    /// The symbol that stands before such a line.
    var symbol: Character {
        switch self {
        case .waiting: "."
        case .held: "!"
        case .unread: "?"
        case .unchanged: "="
        case .noticed: "i"
        }
    }

    /// The word that stands before such a line's subject.
    var word: String {
        switch self {
        case .waiting: "waiting"
        case .held: "held"
        case .unread: "not read"
        case .unchanged: "unchanged"
        case .noticed: "noticed"
        }
    }
}

extension PlanSubject {
    /// What people call it: its name, or its id where it has none.
    var title: String { name ?? cluster?.description ?? "cluster to be made" }
}

import CloudHSM
import StrongroomModel

/// A manifest of kind Cluster as it was written.
///
/// What is missing or wrong has been noted.
final class WrittenCluster {
    /// Where its mistakes go, and its text.
    let findings: Findings

    /// Where `spec` is written, for what is missing there.
    private(set) var specSpan: Span

    private(set) var name: Spanned<String>?
    private(set) var labels: [String: String] = [:]
    private(set) var region: Spanned<Region>?
    private(set) var account: Spanned<String>?
    private(set) var clusterID: Spanned<ClusterID>?
    private(set) var hardware = WrittenHardware()
    private(set) var tags: Spanned<[String: String]>?
    private(set) var hsms: WrittenHSMs?
    private(set) var backups = WrittenBackups()
    private(set) var copies: [WrittenCopies] = []
    private(set) var recoveryPoints: [WrittenRecoveryPoint] = []
    private(set) var purge: Spanned<DesiredPurge>?
    private(set) var restoreFrom: WrittenSource?
    private(set) var resumeFrom: Spanned<BackupID>?
    private(set) var initialization: WrittenInitialization?
    private(set) var freeze: WrittenFreeze?
    private(set) var ensure: WrittenPresence

    /// The keys of a cluster's `spec`.
    enum Key: String, ManifestKey {
        case region, account, clusterId, hsmType, mode, networkType, subnets, tags, hsms, backups
        case copies, recoveryPoints, purge, restoreFrom, resumeFrom, initialization
        case freeze, ensure, reason, finalBackup
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - document: The document's fields.
    ///   - span: Where it begins.
    ///   - findings: Where mistakes go.
    init(of document: Fields<DocumentHead.Key>, at span: Span, findings: Findings) {
        self.findings = findings
        specSpan = span
        ensure = WrittenPresence(at: span)
        if let field = document.required(.metadata, example: "{ name: payments }") {
            let metadata = WrittenMetadata(of: field)
            name = metadata.name
            labels = metadata.labels
        }
        guard let spec = document.required(.spec, example: "{ region: us-east-1, … }") else {
            return
        }
        specSpan = spec.keySpan
        guard let fields = Fields<Key>(of: spec) else { return }
        readIdentity(fields)
        readBackups(fields)
        readOrigin(fields)
        freeze = fields[.freeze].flatMap { WrittenFreeze(of: $0) }
        ensure = WrittenPresence(of: fields, default: name?.span ?? span)
        if !isAdopted, !ensure.isAbsent { hardware.requireForCreation(fields) }
    }

    /// Whether the cluster exists already and is only taken over.
    ///
    /// An id that is written wrongly counts: its owner meant to adopt.
    private(set) var isAdopted = false

    private func readIdentity(_ fields: Fields<Key>) {
        region = fields.required(.region, example: "us-east-1")?.value(.region)
        account = fields[.account]?.value(.name)
        clusterID = fields[.clusterId]?.value(.clusterID)
        isAdopted = fields[.clusterId] != nil
        hardware = WrittenHardware(of: fields)
        tags = fields[.tags].flatMap { $0.tags() }
        hsms = fields[.hsms].flatMap { WrittenHSMs(of: $0) }
    }

    /// Where its users and keys come from: a clone has them already and is never claimed again.
    ///
    /// Source: fact sheet, section 11 (`UG:create-cluster-from-backup`).
    private func readOrigin(_ fields: Fields<Key>) {
        restoreFrom = fields[.restoreFrom].flatMap { WrittenSource(of: $0) }
        initialization = fields[.initialization].flatMap { WrittenInitialization(of: $0) }
        if fields[.restoreFrom] != nil, let field = fields[.initialization] {
            findings.report(InitializedClone(), at: field.keySpan)
        }
        resumeFrom = fields[.resumeFrom]?.value(.backupID)
        if let field = fields[.resumeFrom], fields[.hsms] == nil || hsms?.asksForNone == true {
            findings.report(ResumeWithoutHSMs(isParked: hsms != nil), at: field.keySpan)
        }
    }

    private func readBackups(_ fields: Fields<Key>) {
        if let field = fields[.backups] { backups = WrittenBackups(of: field) }
        copies = fields[.copies]?.entries()?.map { WrittenCopies(of: $0) } ?? []
        recoveryPoints =
            fields[.recoveryPoints]?.entries()?.map { WrittenRecoveryPoint(of: $0) } ?? []
        purge = fields[.purge].flatMap { $0.purge() }
    }
}

/// A clone with certificates to claim it with.
struct InitializedClone: Mistake {
    let rule = "clone-is-initialized"
    let message =
        "initialization and restoreFrom cannot both be given: "
        + "a clone has the users and the certificate of its source and is never initialised"
    let help = "remove initialization, or restoreFrom to make an empty cluster"
}

/// A backup to resume from in a cluster that is not to have any HSM.
struct ResumeWithoutHSMs: Mistake {
    /// Whether `hsms` asks for none; else it is not written.
    let isParked: Bool

    let rule = "resume-without-hsms"
    var message: String {
        isParked
            ? "resumeFrom is given, but hsms asks for none, so nothing is resumed"
            : "resumeFrom is given, but the number of hsms is not, so nothing is resumed"
    }
    let help = "write hsms: 1 or more, or remove resumeFrom until the cluster is to be resumed"
}

import CloudHSM
import StrongroomModel

/// A manifest of kind Fleet as it was written.
///
/// What is missing or wrong has been noted.
struct WrittenFleet {
    /// Where its mistakes go, and its text.
    let findings: Findings

    /// Where the document begins.
    let span: Span

    /// Its name.
    private(set) var name: Spanned<String>?

    /// Which service carries plans out.
    private(set) var service: Spanned<ServiceKind>?

    /// The state directory's path as written.
    private(set) var state: Spanned<String>?

    /// The accounts; nil if the fleet names none.
    private(set) var accounts: [WrittenAccount]?

    /// The first account of each name: every cluster asks for one.
    private(set) var accountNumbers: [String: Int] = [:]

    /// The Regions.
    private(set) var regions: [Spanned<Region>] = []

    /// What clusters get that say nothing themselves.
    private(set) var defaults = WrittenBackups()

    /// Budgets and freeze.
    private(set) var safety: WrittenSafety

    /// What each account may have in each Region.
    private(set) var quotas: Quotas = .serviceDefault

    private enum Key: String, ManifestKey {
        case service, state, accounts, regions, defaults, safety, quotas
    }

    private enum DefaultsKey: String, ManifestKey {
        case backups
    }

    private enum QuotasKey: String, ManifestKey {
        case clusters, hsms
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - document: The document's fields.
    ///   - span: Where it begins.
    ///   - findings: Where mistakes go.
    init(of document: Fields<DocumentHead.Key>, at span: Span, findings: Findings) {
        self.findings = findings
        self.span = span
        safety = WrittenSafety()
        if let field = document.required(.metadata, example: "{ name: acme }") {
            name = WrittenMetadata(of: field).name
        }
        guard let spec = document.required(.spec, example: "{ service: simulator, … }"),
            let fields = Fields<Key>(of: spec)
        else { return }
        service = fields.required(.service, example: "simulator")?.choice(ServiceKind.self)
        state = fields.required(.state, example: "./state")?.value(.path)
        regions = fields.required(.regions, example: "[us-east-1]")?.regions() ?? []
        if let field = fields[.accounts] {
            let accounts = WrittenAccount.list(of: field)
            self.accounts = accounts
            for (number, account) in accounts.enumerated() {
                guard let name = account.name?.value, accountNumbers[name] == nil else { continue }
                accountNumbers[name] = number
            }
        } else if service?.value == .aws {
            fields.reportMissing(.accounts, example: "[{ name: prod, id: \"111122223333\" }]")
        }
        if let field = fields[.defaults], let defaults = Fields<DefaultsKey>(of: field) {
            self.defaults = defaults[.backups].map { WrittenBackups(of: $0) } ?? WrittenBackups()
        }
        if let field = fields[.safety] { safety = WrittenSafety(of: field) }
        if let field = fields[.quotas] { quotas = Self.quotas(of: field) }
    }

    private static func quotas(of field: Field) -> Quotas {
        let standard = Quotas.serviceDefault
        guard let fields = Fields<QuotasKey>(of: field) else { return standard }
        return Quotas(
            clusters: fields[.clusters]?.integer(in: 0...10_000)?.value ?? standard.clusters,
            hsms: fields[.hsms]?.integer(in: 0...100_000)?.value ?? standard.hsms
        )
    }
}

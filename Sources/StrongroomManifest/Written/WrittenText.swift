import StrongroomModel

/// The manifests of one text, as they were written.
struct WrittenText {
    /// The mistakes found so far, and the text.
    let findings: Findings

    /// The manifests of kind Fleet.
    private(set) var fleets: [WrittenFleet] = []

    /// The manifests of kind Cluster.
    private(set) var clusters: [WrittenCluster] = []

    /// Whether there is any document at all.
    let hasDocuments: Bool

    /// Whether every document is of a kind this version knows.
    private(set) var areKindsKnown: Bool

    /// Where the text really lies; nil for standard input.
    let path: RealPath?

    /// Reads a text.
    init(_ input: ManifestInput) {
        findings = Findings(in: input.source)
        path = input.path
        let documents = LocatedTree.documents(notingIn: findings)
        hasDocuments = !documents.isEmpty
        areKindsKnown = findings.diagnostics.isEmpty
        for document in documents {
            let root = Field(document: document, findings: findings)
            guard let fields = Fields<DocumentHead.Key>(of: root),
                let head = DocumentHead(of: fields)
            else {
                areKindsKnown = false
                continue
            }
            let span = root.keySpan
            switch head.kind {
            case .fleet: fleets.append(WrittenFleet(of: fields, at: span, findings: findings))
            case .cluster: clusters.append(WrittenCluster(of: fields, at: span, findings: findings))
            }
        }
    }
}

/// The two kinds of manifest.
enum ManifestKind: String, CaseIterable, Sendable {
    case fleet = "Fleet"
    case cluster = "Cluster"
}

/// The first lines of a manifest: which format, and which kind.
struct DocumentHead {
    /// The format this version reads.
    static let apiVersion = "strongroom/v1"

    /// What the document describes.
    let kind: ManifestKind

    /// The keys of a document.
    enum Key: String, ManifestKey {
        case apiVersion, kind, metadata, spec
    }

    /// Reads the head of a document; nil, and noted, if this version does not know the format or kind.
    ///
    /// Nothing else in the document can then be judged.
    ///
    /// - Parameter fields: The document's fields.
    init?(of fields: Fields<Key>) {
        let version = fields.required(.apiVersion, example: Self.apiVersion)
        let kind = fields.required(.kind, example: "Fleet or Cluster")
        let isKnown = version.map(Self.isKnownVersion) ?? false
        guard let kind = kind.flatMap(Self.kind), isKnown else { return nil }
        self.kind = kind
    }

    private static func isKnownVersion(_ field: Field) -> Bool {
        guard let scalar = field.scalar() else { return false }
        guard scalar.text != apiVersion else { return true }
        field.report(HeadMistake.version(scalar.text))
        return false
    }

    private static func kind(_ field: Field) -> ManifestKind? {
        guard let scalar = field.scalar() else { return nil }
        if let kind = ManifestKind(rawValue: scalar.text) { return kind }
        field.report(HeadMistake.kind(scalar.text))
        return nil
    }
}

/// A document of a format or kind that this version does not know.
enum HeadMistake: Mistake, Equatable {
    case version(String)
    case kind(String)

    var rule: String {
        switch self {
        case .version: "unknown-api-version"
        case .kind: "unknown-kind"
        }
    }

    var message: String {
        switch self {
        case .version(let text):
            "apiVersion is \(quoted(text)), but this version reads \(DocumentHead.apiVersion)"
        case .kind(let text): "kind is \(quoted(text)), but must be Fleet or Cluster"
        }
    }

    var help: String {
        switch self {
        case .version: "write apiVersion: \(DocumentHead.apiVersion), or use the version it is for"
        case .kind(let text):
            nearestWord(to: text, among: ManifestKind.allCases.map(\.rawValue))
                .map { "did you mean \"\($0)\"?" }
                ?? "write Fleet or Cluster; keep other documents out of the manifest directory"
        }
    }
}

/// The `metadata` of a manifest: a name for people and labels for selection.
struct WrittenMetadata {
    /// The name.
    private(set) var name: Spanned<String>?

    /// The labels; empty if there are none.
    private(set) var labels: [String: String] = [:]

    private enum Key: String, ManifestKey {
        case name, labels, annotations
    }

    /// Reads the metadata.
    ///
    /// Annotations are accepted and not read: tools of the Kubernetes family add them to everything.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        name = fields.required(.name, example: "payments")?.value(.name)
        for (key, value) in fields[.labels]?.pairs(keyName: "a label's key") ?? [] {
            if let key = key.value(.labelKey), let value = value.value(.labelValue) {
                labels[key.value] = value.value
            }
        }
        for (key, value) in fields[.annotations]?.pairs(keyName: "an annotation's key") ?? [] {
            _ = key.value(.text)
            _ = value.value(.text)
        }
    }
}

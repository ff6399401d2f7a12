import CloudHSM
import StrongroomModel

/// A `freeze`, of a fleet or of one cluster: until when nothing is changed, and why.
struct WrittenFreeze {
    private let reason: String
    private let until: Timestamp
    private let span: Span

    private enum Key: String, ManifestKey {
        case reason, until
    }

    /// Reads a freeze; `nil` if it is not whole, which has been noted.
    init?(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return nil }
        let reason = fields.required(.reason, example: "\"year end\"")?.value(.reason)
        let until = fields.required(.until, example: "2027-01-04T00:00:00Z")?.timestamp()
        guard let reason, let until else { return nil }
        self.reason = reason.value
        self.until = until.value
        span = field.keySpan
    }

    /// The freeze as the other rooms know it.
    ///
    /// - Parameter source: The text it was written in.
    /// - Returns: The freeze.
    func desired(in source: SourceText) -> Freeze {
        Freeze(reason: reason, until: until, at: source.location(of: span.start))
    }
}

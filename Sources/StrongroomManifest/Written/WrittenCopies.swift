import CloudHSM

/// One entry of `copies`: what is wanted in one other Region.
struct WrittenCopies {
    /// The Region.
    private(set) var region: Spanned<Region>?

    /// How old the newest copy's content may become.
    private(set) var maxAge: Spanned<Duration>?

    /// After how many days a copy is removed.
    private(set) var retentionDays: Spanned<Int>?

    /// How many copies there must always be.
    private(set) var keepAtLeast: Spanned<Int>?

    /// The service keeps copies for ever, so only good sense bounds our own removal of them.
    static let acceptedDays = 1...3_650

    private enum Key: String, ManifestKey {
        case region, maxAge, retentionDays, keepAtLeast
    }

    /// Reads one entry.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        region = fields.required(.region, example: "eu-west-1")?.value(.region)
        maxAge = fields[.maxAge]?.value(.duration)
        retentionDays = fields[.retentionDays]?.integer(in: Self.acceptedDays)
        keepAtLeast = fields[.keepAtLeast]?.integer(in: WrittenBackups.floors)
    }
}

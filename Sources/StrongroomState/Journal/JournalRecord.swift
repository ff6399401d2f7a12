internal import CloudHSM
internal import StrongroomModel

/// One line of the journal.
struct JournalRecord: Hashable {
    /// Which place in which chain: a record's number and digest.
    struct Link: Hashable {
        let sequence: Int
        let digest: JournalDigest

        /// Before the first record of all.
        static let none = Link(sequence: 0, digest: .none)
    }

    /// What a line records.
    enum Content: Hashable {
        case intent(Intent)
        case outcome(Outcome, of: String)
        case use(ApprovalUse)
        case begin(ChainStart)
    }

    /// Its own place.
    let link: Link

    /// The place of the record before it.
    let previous: Link

    let content: Content
}

/// Why a chain does not begin with the first record of all.
struct ChainStart: Hashable {
    /// What was done to the file.
    enum Cause: String, CaseIterable {
        /// Records that nothing asks for any more were left out.
        case compaction
        /// The records come from a journal of an older format.
        case migration
        /// The file that was here was damaged, and was set aside.
        case repair
    }

    let cause: Cause

    /// When, by the service's clock, as far as the journal knew.
    let at: Timestamp

    /// The last place of the file before that ``JournalHeads`` knew, if it knew one.
    let head: JournalRecord.Link?

    /// When records were lost in a repair, if some were: nobody knows what they said.
    let lostAt: Timestamp?
}

extension Intent {
    /// Whether a text is 128 bits in lower-case hexadecimal.
    static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy(isLowerHexDigit)
    }
}

internal import CloudHSM
internal import StrongroomModel

/// Whether most backups that the last run saw are not listed any more.
///
/// The service lists a deleted backup as PENDING_DELETION for seven days (fact sheet, section 8), so
/// one that was READY since can only be missing because the answer is not whole.
struct Shrinkage {
    /// How many of those remembered are not listed.
    let missing: Int

    /// How many are remembered.
    let remembered: Int

    /// When they were seen.
    let seenAt: Timestamp

    /// Compares; `nil` if nothing is missing, or so much time went by that it may be gone.
    init?(in group: ProtectionGroup, since seen: SeenGroup?, now: Timestamp) {
        guard let seen, !seen.backups.isEmpty, now < seen.at + DeletionWindow.length else {
            return nil
        }
        let listed = Set(group.backups.map(\.id))
        missing = seen.backups.count { !listed.contains($0) }
        remembered = seen.backups.count
        seenAt = seen.at
        guard missing * 2 > remembered else { return nil }
    }

    var text: String {
        "\(missing) of \(remembered) backups that were READY at \(seenAt) are not listed any more, "
            + "not even as deleted: what the service says is not whole; look at the console, then "
            + "run again or override the rule shrunk"
    }
}

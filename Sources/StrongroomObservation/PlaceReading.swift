internal import CloudHSM
internal import StrongroomModel

/// What was read of one place.
struct PlaceReading: Sendable {
    let place: Place
    var clusters = Listing<Cluster>()
    var backups = Listing<ListedBackup>()

    /// How many pages it took, as far as it came.
    var pageCount: Int { clusters.pageCount + backups.pageCount }

    /// Why the place was not read whole; `nil` if it was.
    var reason: UnreadReason? {
        guard let first = clusters.fault, let second = backups.fault else {
            return (clusters.fault ?? backups.fault)?.unreadReason
        }
        // What strikes both before anything is listed, such as refused credentials, is of no page.
        if first.kind == second.kind, first.page.number == 1, second.page.number == 1 {
            return first.kind.unreadReason
        }
        return first.unreadReason.joined(with: second.unreadReason)
    }
}

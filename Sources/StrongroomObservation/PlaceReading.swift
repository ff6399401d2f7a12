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
        let reasons = [clusters.fault, backups.fault].compactMap { $0?.unreadReason }
        guard let first = reasons.first else { return nil }
        return reasons.dropFirst().reduce(first) { $0.joined(with: $1) }
    }
}

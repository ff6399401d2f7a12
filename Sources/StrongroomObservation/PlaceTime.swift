internal import StrongroomModel
internal import Synchronization

/// One reading of a place: where, and how long it may still take.
struct PlaceVisit: Sendable {
    let place: Place
    let time: PlaceTime
}

/// The time that one reading of a place takes: from the first of its listings that is under way to
/// the last, without the spans in which all of them wait for other places.
final class PlaceTime: Sendable {
    private struct State {
        var used = Duration.zero
        var underWay = 0
        var since = Duration.zero
    }

    /// How long there is in all.
    let limit: Duration

    private let uptime: @Sendable () -> Duration
    private let state = Mutex(State())

    init(_ limit: Duration, uptime: @escaping @Sendable () -> Duration) {
        self.limit = limit
        self.uptime = uptime
    }

    /// How long is left; negative if it took longer.
    var left: Duration {
        state.withLock { state in
            limit - state.used - (state.underWay > 0 ? uptime() - state.since : .zero)
        }
    }

    /// A listing begins.
    func begin() {
        state.withLock { state in
            if state.underWay == 0 { state.since = uptime() }
            state.underWay += 1
        }
    }

    /// A listing ends.
    func end() {
        state.withLock { state in
            state.underWay -= 1
            if state.underWay == 0 { state.used += uptime() - state.since }
        }
    }
}

import StrongroomModel

/// Says which calls were answered, one line each on standard error, where somebody asked for it.
struct CallLog: Sendable {
    /// A call, as far as it was understood.
    struct Entry: Sendable {
        /// The operation; `nil` if there is none like it.
        var operation: String?

        /// Where it went; `nil` if nobody was found to have sent it.
        var place: Place?
    }

    /// Whether anybody asked for it.
    let isAskedFor: Bool

    /// Writes a line: operation, account, Region, status, and the exception if it was refused.
    ///
    /// - Parameters:
    ///   - entry: The call.
    ///   - answer: Its answer.
    func write(_ entry: Entry, _ answer: Reply) {
        guard isAskedFor else { return }
        let place = entry.place.map { "\($0.account) \($0.region)" } ?? "- -"
        Talk.say(
            "call \(entry.operation ?? "-") \(place) \(answer.status) \(answer.errorName ?? "-")"
        )
    }
}

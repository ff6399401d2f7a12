public import CloudHSM
internal import Synchronization

/// The service's clock, as far as its answers tell it.
///
/// An answer's `Date` has whole seconds, and lies between sending and receiving. Where this machine's
/// clock fits into that, it is believed; otherwise it is put right by what the answer says.
public final class ServiceClock: Sendable {
    private let local: @Sendable () -> Timestamp
    private let measured = Mutex(Duration.zero)

    /// Believes this machine's clock until an answer says otherwise.
    ///
    /// - Parameter local: This machine's clock.
    public init(local: @escaping @Sendable () -> Timestamp) {
        self.local = local
    }

    /// The service's present moment.
    public var now: Timestamp { local() - skew }

    /// How far this machine's clock runs ahead of the service's; negative if it is behind.
    public var skew: Duration { measured.withLock { $0 } }

    /// This machine's present moment.
    var localNow: Timestamp { local() }

    /// Learns from an answer.
    ///
    /// - Parameters:
    ///   - date: The answer's `Date`.
    ///   - sentAt: When the request was sent, by this machine's clock.
    ///   - receivedAt: When the answer was there, by this machine's clock.
    func learn(from date: String?, sentAt: Timestamp, receivedAt: Timestamp) {
        guard let date, let moment = HTTPDate.read(date), sentAt <= receivedAt else { return }
        let least = sentAt - moment - .seconds(1)
        let most = receivedAt - moment
        let skew = least <= .zero && most >= .zero ? Duration.zero : (least + most) / 2
        measured.withLock { $0 = skew }
    }
}

/// Dates as HTTP writes them: `Tue, 15 Nov 1994 08:12:31 GMT`.
///
/// Source: RFC 9110, section 5.6.7; the two obsolete forms are not read.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment; `nil` if it is written in another way.
    static func read(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard
            parts.count == 6, parts[5] == "GMT", parts[1].utf8.count == 2,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}

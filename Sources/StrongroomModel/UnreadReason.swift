/// Why a place or a group could not be read: what went wrong, where in the listing, and what to do.
///
/// The cause never names the place, the page or the number of tries, so that one cause that struck
/// many places alike is told once.
public struct UnreadReason: Hashable, Sendable {
    /// Whose the trouble is.
    public enum Origin: Hashable, Sendable {
        /// The service did not let it be read: credentials, network, Region, page.
        case service
        /// Our own state directory cannot be read.
        case ownState
    }

    /// What went wrong.
    public let cause: String

    /// The page at which reading stopped, such as `page 3 of DescribeBackups`; `nil` where no page
    /// can be named.
    public let page: String?

    /// What to type or to mend next; `nil` where the cause says it.
    public let next: String?

    /// Whose the trouble is.
    public let origin: Origin

    /// States a reason.
    ///
    /// - Parameters:
    ///   - cause: What went wrong, without the place and the page.
    ///   - page: The page at which reading stopped.
    ///   - next: What to type or to mend next.
    ///   - origin: Whose the trouble is.
    public init(
        _ cause: String,
        onPage page: String? = nil,
        next: String? = nil,
        from origin: Origin = .service
    ) {
        self.cause = cause
        self.page = page
        self.next = next
        self.origin = origin
    }
}

extension UnreadReason {
    /// What is next where the service, or the way to it, is in trouble.
    package static let retrial =
        "run it again; if it stays so, look at https://health.aws.amazon.com/health/status"
}

extension UnreadReason: ExpressibleByStringInterpolation {
    /// A cause in words, of the service.
    ///
    /// - Parameter text: The words.
    public init(stringLiteral text: String) { self.init(text) }
}

extension UnreadReason: CustomStringConvertible {
    /// The page, if one can be named, and the cause.
    public var description: String { page.map { "\($0): \(cause)" } ?? cause }
}

/// An error that knows why something could not be read.
public protocol ReadingFailure: Error {
    /// Why.
    var unreadReason: UnreadReason { get }
}

extension UnreadReason {
    /// What an error says of something that was to be read.
    ///
    /// - Parameter error: The error; one that is no ``ReadingFailure`` is the service's, in its own
    ///   words.
    public init(of error: any Error) {
        self = (error as? any ReadingFailure)?.unreadReason ?? UnreadReason("\(error)")
    }
}

internal import StrongroomModel

/// Why a listing is not whole, naming the page.
struct PageFault: Error, Hashable, Sendable {
    /// What can be wrong with a page.
    enum Kind: Error, Hashable, Sendable {
        /// The call failed.
        case failed(UnreadReason)
        /// The service says that it does not know what was asked for.
        case notFound(UnreadReason)
        /// The listing was begun anew as often as it may, and the token was refused again.
        case tokenRefused(UnreadReason)
        /// The page leads back to one that was read already.
        case leadsBack
        /// There are more pages than any place can have.
        case oneTooMany(Int)
        /// So many pages in a row had nothing on them, and led on.
        case allEmpty(Int)
        /// The place took longer than it may.
        case outOfTime(Duration)
        /// The answer is one to another call.
        case wrongAnswer
        /// Something of another Region is listed.
        case foreign(String)
    }

    let page: PageName
    let kind: Kind
}

extension PageFault: ReadingFailure {
    var unreadReason: UnreadReason { kind.unreadReason.on(page: "\(page)") }
}

extension PageFault.Kind: ReadingFailure {
    /// The same for every place and page that it strikes.
    var unreadReason: UnreadReason {
        switch self {
        case .failed(let reason), .notFound(let reason): reason
        case .tokenRefused(let reason):
            UnreadReason(
                "the token of a page is refused, also of a listing begun anew: \(reason.cause)",
                next: reason.next,
                from: reason.origin
            )
        case .leadsBack: ofTheService("the listing leads back to a page that was read already")
        case .oneTooMany(let pages):
            ofTheService("the listing leads on after \(pages) pages, though no place has so many")
        case .allEmpty(let pages):
            ofTheService("\(pages) pages in a row had nothing on them, and led on")
        case .outOfTime(let limit):
            ofTheService(
                "it took longer than the \(limit.components.seconds) s there are for a place"
            )
        case .wrongAnswer: ofTheService("the answer is one to another call")
        case .foreign(let item): ofTheService("something of another Region is listed: \(item)")
        }
    }
}

extension PageFault.Kind {
    private func ofTheService(_ cause: String) -> UnreadReason {
        UnreadReason(cause, next: UnreadReason.retrial)
    }
}

extension UnreadReason {
    /// The same reason, found on a page.
    ///
    /// - Parameter page: Which page, or what of a listing.
    /// - Returns: The reason.
    func on(page: String) -> UnreadReason {
        UnreadReason(cause, onPage: page, next: next, from: origin)
    }

    /// Two reasons why the same place was not read; one cause is told once.
    ///
    /// - Parameter other: The other.
    /// - Returns: Both together.
    func joined(with other: UnreadReason) -> UnreadReason {
        UnreadReason(
            cause.with(other.cause, by: "; ") ?? cause,
            onPage: page.with(other.page, by: ", "),
            next: next.with(other.next, by: "; "),
            from: origin
        )
    }
}

extension String? {
    fileprivate func with(_ other: String?, by joint: String) -> String? {
        guard let self, let other, !self.contains(other) else { return self ?? other }
        return self + joint + other
    }
}

extension String {
    fileprivate func with(_ other: String, by joint: String) -> String? {
        Optional(self).with(other, by: joint)
    }
}

/// Why a listing is not whole, naming the page.
struct PageFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What can be wrong with a page.
    enum Kind: Hashable, Sendable {
        /// The call failed.
        case failed(String)
        /// The service says that it does not know what was asked for.
        case notFound(String)
        /// The listing was begun anew as often as it may, and the token was refused again.
        case tokenRefused(String)
        /// The page leads back to one that was read already.
        case leadsBack(to: Int)
        /// There are more pages than any place can have.
        case oneTooMany
        /// The answer is one to another call.
        case wrongAnswer
        /// Something of another Region is listed.
        case foreign(String)
    }

    let page: PageName
    let kind: Kind

    var description: String {
        switch kind {
        case .failed(let reason), .notFound(let reason): "\(page): \(reason)"
        case .tokenRefused(let reason): "\(page): its token is refused again: \(reason)"
        case .leadsBack(let earlier): "\(page) leads back to page \(earlier)"
        case .oneTooMany: "\(page) leads on, though no place has so many"
        case .wrongAnswer: "\(page): the answer is one to another call"
        case .foreign(let item): "\(page) lists \(item)"
        }
    }
}

import CloudHSM
import StrongroomModel
import StrongroomReport

/// What could not be read, once for each account and cause, with what to do next.
struct UnreadLines {
    /// The lines, safe to show, in order of account and Region.
    let lines: [String]

    /// What was read for.
    enum Purpose {
        /// To plan from it.
        case planning
        /// To keep it in the state directory.
        case observing
        /// To write manifests of it.
        case adopting
    }

    /// Joins the places that one cause struck.
    ///
    /// - Parameters:
    ///   - unread: The places, and why.
    ///   - fleet: What the manifests say.
    ///   - purpose: What was read for.
    init(
        _ unread: [Place: UnreadReason],
        in fleet: DesiredFleet,
        for purpose: Purpose = .planning
    ) {
        var struck: [Key: [Place]] = [:]
        for (place, reason) in unread {
            let key = Key(account: place.account, cause: reason.cause, next: reason.next)
            struck[key, default: []].append(place)
        }
        let sorted = struck.mapValues { $0.sorted() }
            .sorted { ($0.value[0], $0.key.cause) < ($1.value[0], $1.key.cause) }
        lines = sorted.map { key, places in
            let all = fleet.places.filter { $0.account == key.account }
            let pages = places.compactMap { unread[$0]?.page.map { page in "\(page)" } }
            let page =
                Set(pages).count == 1 ? pages.first.map { " (reading stopped at \($0))" } : nil
            let isWhole = Set(all).subtracting(places).isEmpty
            let regions = places.map { "\($0.region)" }.joined(separator: ", ")
            let account = Self.name(of: key.account, in: fleet)
            let what = account.map { isWhole ? $0 : "\(regions) of \($0)" } ?? regions
            let effect = purpose.effect(isWhole: isWhole)
            let next = key.next.map { " Next: \($0)" } ?? ""
            return SafeText.terminal(
                "\(what): \(key.cause)\(page ?? ""). \(effect)\(next)"
            )
        }
    }

    /// Places that one cause struck in one account.
    private struct Key: Hashable {
        let account: AccountID
        let cause: String
        let next: String?
    }

    /// What people call an account; `nil` for the only one of a fleet that names none.
    private static func name(of account: AccountID, in fleet: DesiredFleet) -> String? {
        if fleet.accounts == [.standard] { return nil }
        guard let name = fleet.accounts.first(where: { $0.id == account })?.name else {
            return "account \(account)"
        }
        return name == "\(account)" ? "account \(account)" : "account \(name) (\(account))"
    }
}

extension UnreadLines.Purpose {
    /// What it means for who reads.
    ///
    /// - Parameter isWhole: Whether the whole account was not read.
    /// - Returns: A sentence.
    fileprivate func effect(isWhole: Bool) -> String {
        switch self {
        case .planning:
            isWhole
                ? "Nothing was read, so nothing is planned."
                : "Nothing is planned there, and nothing is deleted in the account."
        case .observing: "The state directory keeps what was known before."
        case .adopting:
            isWhole
                ? "Nothing was read, so nothing is adopted."
                : "Nothing of the account is adopted: copies of its clusters may lie there."
        }
    }
}

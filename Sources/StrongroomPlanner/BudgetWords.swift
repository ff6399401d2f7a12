internal import CloudHSM
internal import StrongroomModel

/// What is said of a step that a budget holds: what may be, what is wanted, and the way out.
struct BudgetWords {
    /// The group that the step is of; `nil` where there is no cluster yet, for which nobody can give
    /// leave.
    let group: GroupID?

    /// More deletions than a run may make.
    ///
    /// - Parameters:
    ///   - limit: What a run may delete.
    ///   - wanted: What all steps of the plan delete.
    ///   - losing: What this step deletes.
    /// - Returns: The reason.
    func run(_ limit: Int, wanted: Int, losing: Int) -> String {
        "one run may delete \(backups(limit)), and this plan wants \(wanted) deleted; "
            + wayOut("safety.deletions.perRun", inTime: losing <= limit ? "a later run" : nil)
    }

    /// More deletions than a day may see.
    ///
    /// - Parameters:
    ///   - limit: What a day may delete.
    ///   - before: What went in the 24 hours before.
    ///   - wanted: What all steps of the plan delete.
    ///   - losing: What this step deletes.
    /// - Returns: The reason.
    func day(_ limit: Int, before: Int, wanted: Int, losing: Int) -> String {
        "a day may delete \(backups(limit)); \(before) went in the 24 hours before, and this plan "
            + "wants \(wanted) deleted; "
            + wayOut("safety.deletions.perDay", inTime: losing <= limit ? "a later day" : nil)
    }

    /// Too large a part of the backups in a Region.
    ///
    /// - Parameters:
    ///   - limit: The part of them that may go within a day.
    ///   - gone: How many would go within a day.
    ///   - there: Of how many.
    ///   - region: Where.
    ///   - losing: What this step deletes.
    /// - Returns: The reason.
    func ratio(
        _ limit: Double,
        gone: Int,
        of there: Int,
        in region: Region,
        losing: Int
    ) -> String {
        let fitsAlone = Double(losing) / Double(max(there, 1)) <= limit
        return "it would make \(gone) of \(there) READY backups in \(region) go within a day; "
            + "the limit is \(limit) of them; "
            + wayOut("safety.deletions.ratio", inTime: fitsAlone ? "a later run" : nil)
    }

    /// More HSMs than an hour may make in a cluster.
    ///
    /// - Parameters:
    ///   - limit: What an hour may make.
    ///   - before: What was made in the hour before.
    ///   - wanted: What the steps of the cluster make.
    /// - Returns: The reason.
    func creations(_ limit: Int, before: Int, wanted: Int) -> String {
        "an hour may make \(limit == 1 ? "1 HSM" : "\(limit) HSMs") in a cluster; \(before) went "
            + "before, and this plan wants \(wanted) made; "
            + wayOut("safety.creations.perHour", inTime: limit > 0 ? "a later hour" : nil)
    }

    private func wayOut(_ key: String, inTime: String?) -> String {
        let leave = group == nil ? "" : ", or give leave with apply --override"
        let wait = inTime.map { "\($0) goes on; to have it now, " } ?? ""
        return wait + "raise \(key) in the fleet's manifest" + leave
    }

    private func backups(_ count: Int) -> String { count == 1 ? "1 backup" : "\(count) backups" }
}

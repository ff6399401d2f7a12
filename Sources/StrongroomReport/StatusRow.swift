internal import CloudHSM
internal import StrongroomModel

/// One line about a cluster: what it is about, how that stands, and whether to look at it.
struct StatusRow {
    /// What it is about, such as `HSMs`.
    let label: String

    /// How that stands; safe to show.
    let words: String

    /// The ink for what needs a look or is good to see.
    let ink: Ink?

    /// Every line about a cluster, in reading order.
    ///
    /// - Parameters:
    ///   - cluster: The cluster.
    ///   - now: The moment reported on.
    /// - Returns: The lines.
    static func all(of cluster: ClusterStatus, at now: Timestamp) -> [StatusRow] {
        let message = cluster.stateMessage.map {
            StatusRow(label: "state", words: SafeText.terminal($0), ink: .held)
        }
        let whole =
            [message, cluster.state.map { _ in StatusRow(cluster.hsms) }]
            + cluster.regions.filter { cluster.state != nil || $0.hasBackups || !$0.isRead }
            .map { StatusRow($0, at: now) }
            + cluster.recoveryPoints.map { StatusRow($0, at: now) }
            + [cluster.purge.map { StatusRow($0, at: now) }, cluster.signing.map { StatusRow($0) }]
        return whole.compactMap { $0 } + pending(of: cluster) + noticed(of: cluster)
    }

    private static func noticed(of cluster: ClusterStatus) -> [StatusRow] {
        guard !cluster.noticed.isEmpty else { return [] }
        let moment = cluster.lastRun.map { " (\($0))" } ?? ""
        let changes = cluster.noticed.map(\.words).joined(separator: "; ")
        return [
            StatusRow(
                label: Note.Kind.noticed.word,
                words: "since the last run\(moment): \(changes)",
                ink: cluster.noticed.contains { $0.reason.cause == .drift } ? .held : nil
            )
        ]
    }

    private static func pending(of cluster: ClusterStatus) -> [StatusRow] {
        let notes = (cluster.unread + cluster.waiting + cluster.held).map { note in
            StatusRow(
                label: note.kind.word,
                words: note.words,
                ink: Ink(note.kind)
            )
        }
        guard cluster.planned > 0 else { return notes }
        let steps = "\(counted(cluster.planned, "step")); strongroom plan shows them"
        return [StatusRow(label: "planned", words: steps, ink: nil)] + notes
    }
}

extension PlannedNote {
    /// The line in words, with the mark of its cause; safe to show.
    fileprivate var words: String {
        SafeText.terminal("\(subject): \(reason.text)") + Reason.mark(reason.cause)
    }
}

extension RegionStatus {
    fileprivate var hasBackups: Bool { ready + inProgress + pendingDeletion > 0 }
}

extension RecoveryPointStatus.Held {
    /// Whether it is held, in words that go before the Region.
    fileprivate var words: String {
        guard !isRead else { return isHeld ? "held" : "MISSING" }
        return isHeld ? "last known held, not read" : "not read"
    }
}

extension StatusRow {
    fileprivate init(_ hsms: HSMStatus) {
        let wanted = hsms.wanted.map { " of \($0) wanted" } ?? ""
        let faulty = hsms.healthy == hsms.present ? "" : ", \(hsms.healthy) healthy"
        let zones = hsms.zones.map { zone in
            "\(zone.zone) \(zone.healthy)" + (zone.wanted.map { "/\($0)" } ?? "")
        }
        let list = zones.isEmpty ? "" : " (\(zones.joined(separator: ", ")))"
        let isRight = hsms.healthy == hsms.present && hsms.wanted ?? hsms.present == hsms.present
        label = "HSMs"
        words = "\(hsms.present)\(wanted)\(faulty)\(list)"
        ink = isRight ? nil : .held
    }

    fileprivate init(_ region: RegionStatus, at now: Timestamp) {
        let isBelow = region.isRead && region.floor.map { region.ready < $0 } ?? false
        let seen = region.hasBackups ? ", last known \(region.ready) READY" : ""
        let parts: [String?] = [
            region.isRead ? "\(region.ready) READY" : "not read\(seen)",
            region.newest.map { "newest \(Ages.age(of: $0, at: now))" },
            region.ready > 1 ? region.oldest.map { "oldest \(Ages.age(of: $0, at: now))" } : nil,
            region.maxAgeSeconds.flatMap { seconds in
                guard region.isRead else { return nil }
                let word = region.freshness == .fresh ? "fresh" : "STALE"
                return "\(word) (limit \(Ages.words(.seconds(seconds))))"
            },
            region.isOrphaned ? "not listed: kept, never cleaned" : nil,
            isBelow ? region.floor.map { "FEWER than the \($0) to keep" } : nil,
            region.inProgress > 0 ? "\(region.inProgress) in progress" : nil,
            Self.leaving(region.pendingDeletion, region.firstDeadline, "first", at: now),
        ]
        label = "\(region.isHome ? "backups" : "copies") \(region.region)"
        words = parts.compactMap { $0 }.joined(separator: ", ")
        ink =
            region.freshness == .stale || isBelow || !region.isRead
            ? .bad : region.isOrphaned ? .waiting : nil
    }

    fileprivate init(_ point: RecoveryPointStatus, at now: Timestamp) {
        let isMeant = point.openReason == nil
        let parts: [String?] = [
            SafeText.terminal(point.name),
            isMeant ? point.backup?.description : point.openReason.map(SafeText.terminal),
            isMeant ? SafeText.terminal(point.state?.description ?? "not listed") : nil,
            point.createdAt.map { Ages.age(of: $0, at: now) },
            point.isPinned ? "pinned" : nil,
            isMeant && !point.isRecorded ? "not recorded yet" : nil,
        ]
        let regions = point.regions.map { "\($0.words) in \($0.region)" }
        label = "recovery point"
        words = (parts.compactMap { $0 } + regions).joined(separator: ", ")
        ink = point.isSafe ? nil : .held
    }

    fileprivate init(_ purge: PurgeStatus, at now: Timestamp) {
        let leaving = Self.leaving(purge.pendingDeletion, purge.lastDeadline, "last", at: now)
        let regions = purge.unprovenRegions.map(\.description).joined(separator: ", ")
        let parts: [String?] = [
            Self.words(purge, at: now),
            leaving,
            regions.isEmpty ? nil : "NOT PROVEN in \(regions), not read whole",
        ]
        let state = parts.compactMap { $0 }.joined(separator: ", ")
        label = "purge"
        words = "material removed \(purge.materialRemovedAt): \(state)"
        ink = purge.progress == .complete ? .good : .held
    }

    private static func words(_ purge: PurgeStatus, at now: Timestamp) -> String? {
        switch purge.progress {
        case .deleting where now < purge.cut:
            "begins \(Ages.distance(to: purge.cut, from: now)) (\(purge.cut))"
        case .deleting: "\(purge.left) to delete"
        case .pending: "pending"
        case .unproven: "nothing is left where it was looked"
        case .complete: "complete, no listed backup holds it"
        }
    }

    fileprivate init(_ signing: SigningStatus) {
        let place = signing.certificate.map {
            "sign it and put the certificate at \(SafeText.terminal($0))"
        }
        let advice = place ?? "name its certificates under initialization in the manifest"
        label = "signing"
        words =
            "the signing request waits (status --format json, under signing.request): \(advice)"
        ink = .waiting
    }

    private static func leaving(
        _ count: Int,
        _ deadline: Timestamp?,
        _ which: String,
        at now: Timestamp
    ) -> String? {
        guard count > 0 else { return nil }
        guard let deadline else { return "\(count) pending deletion" }
        let distance = Ages.distance(to: deadline, from: now)
        return "\(count) pending deletion, the \(which) gone \(distance) (\(deadline))"
    }
}

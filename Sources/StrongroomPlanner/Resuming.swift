internal import CloudHSM
internal import StrongroomModel

/// How an ACTIVE cluster without HSMs is given its first one.
///
/// It gets the newest backup, and no call can choose another; which one it gets while the newest is
/// not READY is unknown (fact sheet, section 13).
struct Resuming {
    let situation: Situation
    let cluster: Cluster
    let desired: Located<DesiredHSMs>

    /// What may be done.
    enum Way {
        /// No HSM is added now.
        case closed(Findings)
        /// One is added where these facts hold, after a step, because of a text.
        case open([Fact], after: DraftStep?, text: String)
    }

    /// What may be done.
    var way: Way {
        // Said with everything else that is under way.
        guard !cluster.hsms.contains(where: \.state.isBusy) else { return .closed(.nothing) }
        let group = situation.group
        guard let newest = group?.newestOwnBackup else {
            guard let source = cluster.sourceBackup else {
                return closed(.held, "there is no backup that a new HSM could be given")
            }
            return .open([], after: nil, text: "the first HSM is given \(source)")
        }
        switch newest.state {
        case .ready: return fromReady(newest)
        case .createInProgress: return whileMaking(newest)
        case .pendingDeletion: return fromDeleted(newest)
        case .deleted, .unrecognised:
            return closed(
                .held,
                "a new HSM is given the newest backup, and \(newest.id) is \(newest.state)"
            )
        }
    }

    private func fromReady(_ newest: Backup) -> Way {
        if let other = situation.desired.resumeFrom, other.value != newest.id {
            return closed(
                .held,
                "resumeFrom names \(other.value), but a new HSM is given the newest backup, "
                    + "\(newest.id), and no call can choose: remove the line, or have a cluster "
                    + "made from \(other.value) with restoreFrom"
            )
        }
        let isAccepted = situation.desired.resumeFrom?.value == newest.id
        if let loss = loss(beside: newest), !isAccepted { return loss }
        return .open(
            [.newestBackup(newest.id)],
            after: nil,
            text: "the first HSM is given \(newest.id) of \(newest.createdAt)"
        )
    }

    /// What is missing that was younger than the newest backup left: gone, or still to come.
    private func loss(beside newest: Backup) -> Way? {
        let younger = (situation.group?.backups ?? [])
            .filter { !$0.isCopy && $0.state == .deleted && $0.createdAt > newest.createdAt }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        if let younger {
            return refused(
                "its newest backup, \(younger.id) of \(younger.createdAt), is gone",
                newest
            )
        }
        guard let removal = situation.lastRemoval, !removal.isIn(newest) else { return nil }
        let text = "the backup that the removal of \(removal.hsm) at \(removal.at) makes"
        guard situation.now - removal.at > Patience.inProgress else {
            return closed(.waiting, "\(text) is not READY yet")
        }
        return refused("\(text) never came", newest)
    }

    private func refused(_ text: String, _ newest: Backup) -> Way {
        closed(
            .held,
            "\(text); the newest left is \(newest.id) of \(newest.createdAt); "
                + "to accept that, write resumeFrom: \(newest.id)"
        )
    }

    private func whileMaking(_ newest: Backup) -> Way {
        let text = "a new HSM is given the newest backup, and \(newest.id) is being made"
        guard situation.now - newest.createdAt > Patience.inProgress else {
            return closed(.waiting, text)
        }
        return closed(.held, "\(text) since \(newest.createdAt), longer than any backup takes")
    }

    /// Restores the newest first: what was made since the next older one is in no other.
    private func fromDeleted(_ newest: Backup) -> Way {
        let text = "a new HSM is given the newest backup, and \(newest.id) is pending deletion"
        if let other = situation.desired.resumeFrom, other.value != newest.id {
            let end = newest.deletesAt?.description ?? "its end"
            return closed(
                .held,
                "\(text) until \(end); which one an HSM is given meanwhile is not known: wait until "
                    + "it is gone, or remove resumeFrom to have it restored"
            )
        }
        if let purge = situation.desired.purge, newest.createdAt <= purge.value.materialRemovedAt {
            return closed(
                .held,
                "\(text); it still holds what was removed at \(purge.value.materialRemovedAt), "
                    + "so it is not restored while a purge is asked for"
            )
        }
        guard let end = newest.deletesAt, end > situation.now else {
            return closed(.held, "\(text), and cannot be restored any more")
        }
        let restore = DraftStep(
            id: Phase.restore.draft(500),
            phase: .restore,
            action: .restoreBackup(newest.id, in: newest.region, until: end),
            reason: Reason(
                rule: Rule.resume,
                "it is the newest, of \(newest.createdAt), and a new HSM is given the newest; "
                    + "it can be restored until \(end)",
                at: desired.location
            ),
            preconditions: [.clusterState(.active), .backupPendingDeletion(newest.id)],
            postcondition: .backupReady(.known(newest.id))
        )
        return .open(
            [.newestBackup(newest.id)],
            after: restore,
            text: "the first HSM is given \(newest.id) of \(newest.createdAt)"
        )
    }

    private func closed(_ kind: Note.Kind, _ text: String) -> Way {
        let reason = Reason(rule: Rule.resume, text, at: desired.location)
        return .closed(Findings(notes: [Note(kind, "HSMs", reason)]))
    }
}

extension Rule {
    /// The code of what takes a cluster without HSMs back into service.
    static let resume = "resume"
}

import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import StrongroomState

/// Takes a person's word that backups are gone which the service lists no more, though it lists a
/// deleted one for seven days.
struct GoneBackups {
    let backups: [BackupID]

    /// How the person knows.
    let reason: String

    /// Reads ids as they are typed.
    ///
    /// - Parameters:
    ///   - text: One id, or several with commas between.
    ///   - reason: How the person knows.
    init?(text: String, reason: String) {
        let ids = text.split(separator: ",", omittingEmptySubsequences: false).map {
            BackupID(String($0))
        }
        backups = ids.compactMap(\.self)
        self.reason = reason
        guard backups.count == ids.count else { return nil }
    }

    /// Records the word, unless the service shows the backups.
    ///
    /// - Parameters:
    ///   - house: Whose memory holds them.
    ///   - terminal: Where it is said what was recorded.
    /// - Returns: How the command ends.
    /// - Throws: ``Trouble`` if nothing waits for this word.
    func record(in house: House, _ terminal: Terminal) async throws -> ExitStatus {
        guard house.fleet.service == .aws else {
            throw Trouble(
                "the simulated service keeps its backups in the state directory itself: none can be "
                    + "missing from its listing",
                .failure
            )
        }
        let remembered = try backups.map { try memory(of: $0, in: house.state) }
        let groups = Set(remembered.map(\.group)).sorted()
        let unlisted = try await Trouble.explaining { try await missing(from: groups, in: house) }
        var gone: [Remembered] = []
        for one in remembered {
            guard unlisted.contains(one.backup) else {
                terminal.say(
                    "\(one.backup): nothing is recorded, because \(one.place) lists it, or could be "
                        + "read whole without it"
                )
                continue
            }
            gone.append(one)
        }
        guard !gone.isEmpty else { return .done }
        let words = "\(NSUserName()): \(reason)"
        let ids = gone.map(\.backup)
        try await house.record(WordOnBackups(ids, at: house.service.present, words).use)
        try await Trouble.explaining { try forget(gone, in: house) }
        for one in gone { terminal.say("recorded: \(one.backup) in \(one.place.region) is gone") }
        return .done
    }

    /// A backup that the state directory has as READY.
    private struct Remembered {
        let backup: BackupID
        let group: GroupID
        let place: Place
    }

    private func memory(of id: BackupID, in state: StateDirectory) throws -> Remembered {
        for group in state.groupIDs() {
            let backups = (try? state.record(of: group).group.backups) ?? []
            guard let backup = backups.first(where: { $0.id == id && $0.isReady }) else { continue }
            let place = Place(account: group.home.account, region: backup.region)
            return Remembered(backup: id, group: group, place: place)
        }
        throw Trouble(
            "no group's file in the state directory has \(id) as READY: nothing waits for word of it",
            .failure
        )
    }

    /// The backups that are on no page now, of places that count as not read whole.
    private func missing(from groups: [GroupID], in house: House) async throws -> Set<BackupID> {
        let view = try await house.service.viewForPlanning()
        let unread = Set(try await view.inventory().unreadPlaces.keys)
        var missing: Set<BackupID> = []
        for id in groups {
            let listed = Set(((try? await view.observe(id))?.backups ?? []).map(\.id))
            for backup in try house.state.record(of: id).group.backups
            where backup.isReady && !listed.contains(backup.id)
                && unread.contains(Place(account: id.home.account, region: backup.region))
            {
                missing.insert(backup.id)
            }
        }
        return missing
    }

    private func forget(_ gone: [Remembered], in house: House) throws {
        let ids = Set(gone.map(\.backup))
        let groups = Set(gone.map(\.group))
        try house.state.save(
            groups.sorted().map { id in
                var record = try house.state.record(of: id)
                record.group.backups.removeAll { ids.contains($0.id) }
                return record
            }
        )
        guard var seen = house.lastRun.seen else { return }
        for id in groups { seen[id]?.backups.removeAll(where: ids.contains) }
        try house.state.save(seen)
    }
}

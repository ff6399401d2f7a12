internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Copies in Regions that the manifest does not list: shown with age and count, never touched.
    static let orphanedCopies = Rule(code: "copy") { situation, _ in
        // A purge says itself what becomes of them.
        guard let group = situation.group, situation.desired.purge == nil else { return .nothing }
        let desired = situation.desired
        let listed = Set(desired.copies.map(\.region.value))
            .union(desired.recoveryPoints.flatMap { $0.regions.map(\.value) })
            .union([situation.home])
        let copies = group.backups.filter { $0.isReady && $0.isCopy && !listed.contains($0.region) }
        guard !copies.isEmpty else { return .nothing }
        return Set(copies.map(\.region)).sorted().reduce(.nothing) { findings, region in
            let there = copies.filter { $0.region == region }
            let newest = there.map(\.createdAt).max() ?? situation.now
            let text =
                "\(there.count), the newest \(inWords(situation.now - newest)) old; "
                + "not listed, so they are kept and never cleaned"
            return findings
                + Findings(notes: [
                    Note(
                        .noticed,
                        "copies in \(region)",
                        Reason(rule: "copy", text, at: desired.name.location)
                    )
                ])
        }
    }
}

internal import CloudHSM
internal import StrongroomModel

/// A cluster to be made from a backup: copied first if needed, never initialised.
///
/// Source: fact sheet, section 11. A clone is independent from its first moment: nothing keeps it in
/// step with its source, so once it is there it is never made again or refreshed.
struct Clone {
    let wanted: Located<DesiredSource>
    let situation: Situation

    init(of wanted: Located<DesiredSource>, in situation: Situation) {
        self.wanted = wanted
        self.situation = situation
    }

    private var name: String { wanted.value.cluster }

    var findings: Findings {
        var findings = choice
        findings.isFinal = true
        return findings
    }

    private var choice: Findings {
        let origin = situation.fleet.clusters.first { $0.name.value == name }
        guard let group = situation.source, let origin else {
            return held("no backup of \(name) can be seen" + (lostHome(of: origin) ?? ""))
        }
        let search = CloneSearch(
            source: wanted.value,
            group: group,
            origin: origin,
            region: situation.home,
            lostHome: lostHome(of: origin)
        )
        switch search.result {
        case .found(let backup, let words, let loss):
            return creation(from: backup, words, loss: loss)
        case .notHere(let backup): return copyFirst(backup)
        case .underway(let text): return waiting(text)
        case .none(let text): return held(text)
        }
    }

    /// Why the source's home cannot be read, as the end of a sentence; `nil` if it can.
    private func lostHome(of origin: DesiredCluster?) -> String? {
        guard let home = origin?.home, let reason = situation.context.unreadPlaces[home] else {
            return nil
        }
        return "; \(home.region), its home, was not read whole: \(reason)"
    }

    private func creation(from backup: Backup, _ words: String, loss: String) -> Findings {
        guard let request = Rule.request(for: situation, from: backup.id) else {
            return held("hsmType, mode, subnets and backups.retentionDays are all needed for it")
        }
        if let refusal = request.refusal(cloning: backup) {
            return held("the service would refuse: \(refusal.message)")
        }
        let age = inWords(situation.now - backup.createdAt)
        let text = "from \(words), content of \(backup.createdAt), \(age) old" + loss
        let create = DraftStep(
            id: Phase.create.draft(0),
            phase: .create,
            action: .createCluster(request),
            reason: Reason(rule: "clone", text, at: wanted.location),
            preconditions: [],
            postcondition: .clusterState(.active)
        )
        var findings = Findings(steps: [create] + hsms(after: create))
        findings.reliesOn = [backup.id]
        return findings
    }

    /// The first HSM is given the backup, and only then there is one to back up for the others.
    private func hsms(after create: DraftStep) -> [DraftStep] {
        guard let desired = situation.desired.hsms else { return [] }
        var choice = ZoneChoice(subnets: situation.desired.subnets?.value ?? [:], hsms: [])
        var steps: [DraftStep] = []
        while let zone = choice.nextAddition(towards: desired.value) {
            let present = choice.total
            let phase: Phase = present == 0 ? .firstHSM : .addHSM
            let text = present == 0 ? "the first is given the backup" : "\(present) present"
            steps.append(
                DraftStep(
                    id: phase.draft(present),
                    phase: phase,
                    action: .addHSM(zone: zone, causesBackup: present > 0),
                    reason: Reason(
                        rule: "clone",
                        "\(text); \(desired.value.count) asked for",
                        at: desired.location
                    ),
                    preconditions: [.clusterState(.active), .hsmsSettled, .presentHSMs(present)],
                    postcondition: .healthyHSMs(
                        in: zone,
                        atLeast: (choice.present[zone] ?? 0) + 1
                    ),
                    after: [steps.last?.id ?? create.id]
                )
            )
            choice.add(in: zone)
        }
        return steps
    }

    private func copyFirst(_ backup: Backup) -> Findings {
        let copy = CopyBackup(backup: backup.id, to: situation.home)
        if let refusal = copy.refusal(on: backup) {
            return held("the service would refuse to copy it: \(refusal.message)")
        }
        var findings = waiting(
            "\(backup.id) of \(name) has to be copied to \(situation.home) first; "
                + "the next run makes the cluster from the copy"
        )
        findings.reliesOn = [backup.id]
        findings.neededCopy = NeededCopy(
            of: backup.id,
            cluster: name,
            to: situation.home,
            for: situation.desired.name.value,
            at: wanted.location
        )
        return findings
    }

    private func held(_ text: String) -> Findings {
        .held("create cluster", Reason(rule: "clone", text, at: wanted.location))
    }

    private func waiting(_ text: String) -> Findings {
        .waiting("create cluster", Reason(rule: "clone", text, at: wanted.location))
    }
}

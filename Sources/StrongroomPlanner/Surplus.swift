internal import CloudHSM
internal import StrongroomModel

/// Why an HSM is one too many, in words.
struct Surplus {
    let hsm: HSMID
    let present: Int
    let desired: DesiredHSMs
    let situation: Situation

    init(hsm: HSMID, present: Int, desired: DesiredHSMs, _ situation: Situation) {
        self.hsm = hsm
        self.present = present
        self.desired = desired
        self.situation = situation
    }

    /// The numbers, who added it as far as is known, and what its removal means for clients.
    var text: String { "\(present) present, \(desired.count) asked for\(origin)\(outage)" }

    /// An HSM that no call of ours made is one that someone added, unless it is older than what the
    /// journal keeps.
    private var origin: String {
        let calls = situation.entries.filter { $0.intent.operation == "CreateHsm" && $0.wasDone }
        let isOurs = calls.contains { $0.outcome?.made == hsm.description }
        // One that only makes room for another to stand elsewhere is not too many.
        let there = situation.cluster?.presentHSMs.count ?? 0
        guard there > desired.count, !isOurs else { return "" }
        return "; none of our own calls of the last 30 days made it"
    }

    private var outage: String {
        present == 2 ? "; with one HSM left, clients by default refuse new token keys" : ""
    }
}

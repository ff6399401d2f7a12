import ArgumentParser
import StrongroomModel

/// Chooses clusters by the labels of their manifests.
struct LabelSelector: Sendable {
    /// The labels as they were typed.
    let text: String

    private let labels: [String: String]

    /// Reads labels as they are typed.
    ///
    /// - Parameter text: `key=value`, several of them joined by commas; all must hold.
    /// - Throws: `ValidationError` if the text is anything else.
    init(text: String) throws {
        var labels: [String: String] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[0].isEmpty else {
                throw ValidationError("'\(text)' chooses nothing; write it like env=prod,team=core")
            }
            labels[String(sides[0])] = String(sides[1])
        }
        self.text = text
        self.labels = labels
    }

    /// The part of a plan that is about the chosen clusters.
    ///
    /// - Parameters:
    ///   - plan: The plan of the whole fleet, so that budgets and quotas count everything.
    ///   - fleet: What is desired.
    /// - Returns: The plan with the other groups left out.
    func part(of plan: Plan, in fleet: DesiredFleet) -> Plan {
        let chosen = Set(clusters(of: fleet).map(\.name.value))
        let groups = plan.groups.filter { group in
            group.standing == .managed && group.subject.name.map(chosen.contains) ?? false
        }
        // What lies in another account plays no part in what is chosen.
        let accounts = Set(groups.map(\.subject.home.account))
        return Plan(
            fleet: plan.fleet,
            now: plan.now,
            groups: groups,
            unreadPlaces: plan.unreadPlaces.filter { accounts.contains($0.key.account) },
            observedAt: plan.observedAt
        )
    }

    /// The chosen clusters.
    ///
    /// - Parameter fleet: What is desired.
    /// - Returns: The clusters with every label, in order of name.
    func clusters(of fleet: DesiredFleet) -> [DesiredCluster] {
        fleet.clusters.filter { cluster in
            labels.allSatisfy { cluster.labels[$0.key] == $0.value }
        }
    }
}

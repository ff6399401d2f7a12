public import StrongroomModel

/// What a proof found, in a line for whoever reads the plan; more only where a promise is broken.
public enum ProofText {
    /// The proof in one line, or what breaks which promise.
    ///
    /// - Parameter proof: The proof.
    /// - Returns: Such as `proved: 8 promises over 41 steps; smallest margin: 1 READY backup above
    ///   the floor in eu-west-1 of payments`; for a plan that breaks a promise, a line that says so
    ///   and one for each finding.
    public static func text(_ proof: Proof) -> [String] {
        guard proof.holds else { return broken(proof) }
        let promises = counted(proof.worstCases.count, "promise")
        let line = "proved: \(promises) over \(counted(proof.stepCount, "step"))"
        guard let margin = proof.smallestMargin else { return [line] }
        return ["\(line); smallest margin: \(words(margin))"]
    }

    private static func broken(_ proof: Proof) -> [String] {
        let count = counted(proof.findings.count, "finding")
        return ["not proved: \(count), so the plan cannot be applied"]
            + proof.findings.map { finding in
                let steps = finding.steps.map(\.description).joined(separator: ", ")
                let place = steps.isEmpty ? "" : " (steps \(steps))"
                let text =
                    "promise \(finding.promise.rawValue), \(finding.promise): "
                    + "\(finding.subject.title): \(finding.text)\(place)"
                return "  " + SafeText.terminal(text)
            }
    }

    private static func words(_ margin: Proof.Margin) -> String {
        let unit =
            switch margin.unit {
            case .readyBackup: counted(margin.number, "READY backup")
            case .healthyHSM: counted(margin.number, "healthy HSM")
            }
        let title = SafeText.terminal(margin.subject.title)
        return "\(unit) above the floor in \(margin.region) of \(title)"
    }
}
